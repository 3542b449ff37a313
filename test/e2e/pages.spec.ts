import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useCases } from '../../apps/api/src/incidents/use-cases/index.js';
import { runPage } from '../support/executable-page.js';
import { dataFolder, start, type Server } from '../support/program.js';

const API_PAGE = 'docs/api.md';
const pageText = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const PATIENCE_MS = 180_000;

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
    expect(
      useCases.map(({ definition }) => definition.resource).filter((resource) => !pageText(API_PAGE).includes(`\`${resource}\``)),
    ).toEqual([]);
  });
});

describe('the page on the audit trail', () => {
  it('says what each column means', () => {
    const { components } = JSON.parse(pageText('docs/openapi.json')) as { components: { schemas: Record<string, { properties: object }> } };
    const columns = Object.keys(components.schemas.AuditLine?.properties ?? {});
    expect(columns.length).toBeGreaterThan(10);
    expect(columns.filter((column) => !pageText('docs/audit-trail.md').includes(`\`${column}\``))).toEqual([]);
  });

  it(
    'checks the trail as it says',
    async () => {
      expect(await runPage('docs/audit-trail.md', { url: server.url, folder: folder.path })).toBe(1);
    },
    PATIENCE_MS,
  );
});

describe.each([
  ['docs/on-call.md', 14],
  ['docs/people-and-calendars.md', 15],
])('%s', (page, examples) => {
  it(
    'shows what its commands do',
    async () => {
      const own = dataFolder();
      const fresh = await start(own.path);
      try {
        expect(await runPage(page, { url: fresh.url, folder: own.path })).toBeGreaterThanOrEqual(examples);
      } finally {
        await fresh.stop();
        own.remove();
      }
    },
    PATIENCE_MS,
  );
});
