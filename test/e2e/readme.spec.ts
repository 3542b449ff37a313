import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runPage } from '../support/executable-page.js';
import { dataFolder, start, type Server } from '../support/program.js';

const README = join(import.meta.dirname, '../../README.md');
const PATIENCE_MS = 180_000;

let folder: ReturnType<typeof dataFolder>;
let server: Server;
beforeAll(async () => {
  folder = dataFolder();
  server = await start(folder.path, { FAULTLINE_SEED: 'default' });
}, PATIENCE_MS);
afterAll(() => folder.remove());

describe('the README', () => {
  it(
    'shows what its commands do',
    async () => {
      expect(await runPage('README.md', { url: server.url, folder: folder.path })).toBeGreaterThan(8);
    },
    PATIENCE_MS,
  );

  it('shows what the program says when it is ready', async () => {
    const { stdout } = await server.stop();
    const shown = /^\$ npm start\n([\s\S]*?)^```/m.exec(readFileSync(README, 'utf8'))?.[1];
    expect(stdout.replaceAll(server.url, 'http://127.0.0.1:3000').replaceAll(folder.path, './data')).toBe(shown);
  });
});
