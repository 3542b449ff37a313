#!/usr/bin/env node
/** `npx embedded-mongo`: sets the checkout up where needed, then runs the embedded MongoDB node by itself. */
import { setUp } from './setup.mjs';

setUp();
await import('../dist/libs/embedded-mongo/src/bin/embedded-mongo.js');
