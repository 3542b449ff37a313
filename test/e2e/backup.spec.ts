import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runPage } from '../support/executable-page.js';
import { command, json, start, type Server } from '../support/program.js';

const PATIENCE_MS = 120_000;

/** Holds data folders and backups by their names. */
let scratch: string;
const folder = (name: string) => join(scratch, name);
let server: Server;

const refused = async (data: string, args: readonly string[], extra?: Readonly<Record<string, string>>) => {
  const { code: exit, stderr } = await command(folder(data), [...args, '--json'], extra).finished;
  return { exit, ...(JSON.parse(stderr) as { error: { code: string; message: string } }).error };
};

type Backup = { folder: string; events: number; position: string; documents: number; collections: number };
type Diagnosis = {
  healthy: boolean;
  integrity: { eventStore: { events: number; faults: string[] }; documentStore: { documents: number; faults: string[] } };
};

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'faultline-backup-'));
  server = await start(folder('data'));
  for (const title of ['No mail', 'No phone']) {
    const { status } = await fetch(`${server.url}/api/v1/incidents`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'faultline-actor': 'person:ada' },
      body: JSON.stringify({ title }),
    });
    expect(status).toBe(201);
  }
}, PATIENCE_MS);
afterAll(async () => {
  await server.stop();
  rmSync(scratch, { recursive: true });
});

describe('faultline backup and restore', () => {
  let made: Backup;

  it(
    'copy what a running server has recorded to an empty folder, where it is the same',
    async () => {
      made = await json<Backup>(folder('data'), ['backup', folder('backup')]);
      expect(made).toMatchObject({ folder: folder('backup'), events: expect.any(Number), documents: expect.any(Number) });
      expect(made.events).toBeGreaterThan(2);
      expect(readdirSync(folder('backup')).sort()).toEqual(['backup.json', 'event-store', 'mongo']);
      const history = await json(folder('data'), ['history', 'INC0000002']);

      const restored = await json<Backup>(folder('restored'), ['restore', folder('backup')]);
      expect(restored).toEqual({ ...made, dataFolder: folder('restored') });
      expect(await json(folder('restored'), ['history', 'INC0000002'])).toEqual(history);
      expect(await json(folder('restored'), ['rebuild', 'agent-queue', '--check'])).toMatchObject({ isSame: true });
    },
    PATIENCE_MS,
  );

  it(
    'write over nothing, and take no folder that is in use',
    async () => {
      expect(await refused('data', ['restore', folder('backup')])).toMatchObject({ exit: 1, code: 'DATA_FOLDER_IN_USE' });
      expect(await refused('restored', ['restore', folder('backup')])).toMatchObject({ code: 'DATA_FOLDER_NOT_EMPTY' });
      expect(await refused('data', ['backup', folder('backup')])).toMatchObject({ code: 'BACKUP_FOLDER_NOT_EMPTY' });
      expect(await refused('other', ['restore', folder('data')])).toMatchObject({ code: 'BACKUP_NOT_FOUND' });
      expect(await refused('nowhere', ['backup', folder('second')])).toMatchObject({ code: 'NOTHING_TO_BACK_UP' });
      expect([existsSync(folder('nowhere')), existsSync(folder('second'))]).toEqual([false, false]);
    },
    PATIENCE_MS,
  );

  it(
    'take no copy for whole that holds less than was backed up, and leave nothing of it',
    async () => {
      const manifest = join(folder('backup'), 'backup.json');
      const said = readFileSync(manifest, 'utf8');
      writeFileSync(manifest, said.replace(`"events": ${made.events}`, `"events": ${made.events + 1}`));
      const { code, message } = await refused('incomplete', ['restore', folder('backup')]);
      writeFileSync(manifest, said);
      expect({ code, message }).toEqual({
        code: 'BACKUP_INCOMPLETE',
        message: expect.stringContaining(`events: ${made.events}, not ${made.events + 1}`),
      });
      expect(readdirSync(folder('incomplete'))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.each([
    ['an EventStoreDB', { EVENTSTORE_URI: 'esdb://127.0.0.1:1?tls=false' }, /EVENTSTORE_URI .* as its documentation says/],
    ['a MongoDB', { MONGODB_URI: 'mongodb://127.0.0.1:1' }, /MONGODB_URI .* mongodump/],
  ])(
    'leave %s of the site to its own tools',
    async (_, settings, message) => {
      for (const verb of ['backup', 'restore'])
        expect(await refused('other', [verb, folder('backup')], settings)).toMatchObject({
          exit: 2,
          code: 'ENGINES_NOT_EMBEDDED',
          message: expect.stringMatching(message),
        });
    },
    PATIENCE_MS,
  );
});

describe('the page on backups', () => {
  it(
    'shows what can be done',
    async () => {
      expect(await runPage('docs/backup.md', { url: server.url, folder: folder('data') })).toBe(3);
    },
    PATIENCE_MS,
  );
});

describe('faultline doctor --deep', () => {
  it(
    'finds all well beside a running server, and a byte that is not as it was written',
    async () => {
      const { healthy, integrity } = await json<Diagnosis>(folder('data'), ['doctor', '--deep']);
      expect({ healthy, faults: [integrity.eventStore.faults, integrity.documentStore.faults] }).toEqual({
        healthy: true,
        faults: [[], []],
      });
      expect(integrity.eventStore.events).toBeGreaterThan(2);
      expect(integrity.documentStore.documents).toBeGreaterThan(2);

      const log = join(folder('restored'), 'event-store/log');
      const segment = join(log, readdirSync(log).find((name) => name.endsWith('.segment')) as string);
      const bytes = readFileSync(segment);
      bytes[200] = (bytes[200] as number) ^ 1;
      writeFileSync(segment, bytes);
      const { code, stdout } = await command(folder('restored'), ['doctor', '--deep', '--json']).finished;
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        healthy: false,
        eventStore: { reached: false },
        integrity: { eventStore: { faults: [expect.stringMatching(/^The record at position \d+ is not as it was written$/)] } },
      });
      mkdirSync(folder('of-damaged'));
      expect(await refused('restored', ['backup', folder('of-damaged')])).toMatchObject({ code: 'DATA_FOLDER_DAMAGED' });
      expect(readdirSync(folder('of-damaged'))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
