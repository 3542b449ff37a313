import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { factTypesOf, OCCASION_NAMES, OCCASIONS } from '#domain/notifications';
import { defaultSite } from '#domain/definitions';
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
  server = await start(folder.path, { FAULTLINE_SEED: 'default' });
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

describe('the page on a new site', () => {
  it(
    'shows what its commands do',
    async () => {
      expect(await runPage('docs/new-site.md', { url: server.url, folder: folder.path })).toBe(3);
    },
    PATIENCE_MS,
  );

  it('lists all that a site begins with', () => {
    const named = defaultSite('UTC').map(({ kind, id }) => `${kind.path}/${id}`);
    expect(named.filter((name) => !pageText('docs/new-site.md').includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the page on notices', () => {
  const NOTICES_PAGE = 'docs/notices.md';

  it(
    'shows what its commands do',
    async () => {
      expect(await runPage(NOTICES_PAGE, { url: server.url, folder: folder.path })).toBeGreaterThan(6);
    },
    PATIENCE_MS,
  );

  it('names every occasion, with each of its facts as a template writes it', () => {
    const rows = pageText(NOTICES_PAGE)
      .split('\n')
      .filter((line) => line.startsWith('| '));
    for (const occasion of OCCASION_NAMES) {
      const [told, facts] = rows.filter((row) => row.startsWith(`| \`${occasion}\``)) as [string, string];
      expect(told).toMatch(new RegExp(`${OCCASIONS[occasion].kind} +\\|$`));
      const common = occasion === 'digest' ? '' : rows.find((row) => row.startsWith('| all but `digest`'));
      for (const [name, type] of Object.entries(factTypesOf(occasion))) {
        const helper = type.startsWith('instant') ? 'date ' : type.startsWith('duration') ? 'duration ' : '';
        expect(`${facts}${common}`).toContain(`\`${helper}${name}${type.endsWith('?') ? '?' : ''}\``);
      }
    }
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
  ['docs/service-levels.md', 6],
])('%s', (page, examples) => {
  it(
    'shows what its commands do',
    async () => {
      const own = dataFolder();
      const fresh = await start(own.path, { FAULTLINE_SEED: 'default' });
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

describe('the reference in a browser', () => {
  it('is all of this server: nothing is loaded from elsewhere, and nobody elsewhere is told of it', async () => {
    const page = await (await fetch(`${server.url}/docs`)).text();
    expect(
      [...page.matchAll(/(?:src|href)="([^"]*)"/g)]
        .map(([, address]) => address)
        .filter((address) => /^(https?:)?\/\//.test(address as string)),
    ).toEqual([]);
    const setup = await (await fetch(`${server.url}/docs/swagger-ui-init.js`)).text();
    expect(setup).toContain('"validatorUrl": "none"');
  });
});
