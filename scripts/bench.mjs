/** `npm run bench`: sets the checkout up, builds the bench beside the program, and runs it with whatever follows `--` (docs/performance.md). */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, setUp } from './setup.mjs';

setUp();
const compiler = [join(root, 'node_modules/typescript/bin/tsc'), '-b', join(root, 'tsconfig.bench.json')];
const { status } = spawnSync(process.execPath, compiler, { cwd: root, stdio: ['ignore', 2, 2] });
if (status !== 0) process.exit(1);
await import(pathToFileURL(join(root, 'dist/test/bench/bench.js')).href);
