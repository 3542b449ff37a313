/** `npm start`: sets the checkout up where needed, then runs `faultline start` with whatever follows `--`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setUp } from './setup.mjs';

setUp();
process.argv.splice(2, 0, 'start');
await import(pathToFileURL(join(root, 'dist/apps/cli/src/main.js')).href);
