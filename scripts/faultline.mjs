#!/usr/bin/env node
/** `npx faultline COMMAND`: sets the checkout up where needed, then runs the command. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setUp } from './setup.mjs';

setUp();
await import(pathToFileURL(join(root, 'dist/apps/cli/src/main.js')).href);
