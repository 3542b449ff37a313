import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useCases } from '../../apps/api/src/incidents/use-cases/index.js';
import { runPage } from '../support/executable-page.js';
import { dataFolder, start, type Server } from '../support/program.js';

const API_PAGE = 'docs/api.md';
const apiPage = readFileSync(join(import.meta.dirname, '../..', API_PAGE), 'utf8');
const PATIENCE_MS = 60_000;

let folder: ReturnType<typeof dataFolder>;
let server: Server;
beforeAll(async () => {
  folder = dataFolder();
  server = await start(folder.path);
}, PATIENCE_MS);
afterAll(async () => {
  await server.stop();
  folder.remove();
});

describe('the page on the API', () => {
  it(
    'shows what its commands do',
    async () => {
      expect(await runPage(API_PAGE, { url: server.url, folder: folder.path })).toBeGreaterThan(15);
    },
    PATIENCE_MS,
  );

  it('names every command', () => {
    expect(useCases.map(({ definition }) => definition.resource).filter((resource) => !apiPage.includes(`\`${resource}\``))).toEqual([]);
  });
});

describe('the page on the audit trail', () => {
  it(
    'checks the trail as it says',
    async () => {
      expect(await runPage('docs/audit-trail.md', { url: server.url, folder: folder.path })).toBe(1);
    },
    PATIENCE_MS,
  );
});
