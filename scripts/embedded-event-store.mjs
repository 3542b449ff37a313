#!/usr/bin/env node
/** `npx embedded-event-store`: sets the checkout up where needed, then runs the embedded event store by itself. */
import { setUp } from './setup.mjs';

setUp();
await import('../dist/libs/embedded-event-store/src/bin/embedded-event-store.js');
