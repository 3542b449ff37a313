import { jsonEvent, type EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backup, DataDamaged, FolderInUse, restore, startEventStoreNode, verify } from '../index.js';
import { indexFolder, logFolder } from '../log/event-log.js';
import { scratchFolder } from '../log/log.fixture.js';
import { collect, NodeFixture } from '../node.fixture.js';

let fixture: NodeFixture;
let client: EventStoreDBClient;
let scratch: ReturnType<typeof scratchFolder>;
/** A folder that is not there yet. */
const folder = (name: string) => join(scratch.path, name);

beforeEach(async () => {
  scratch = scratchFolder();
  fixture = new NodeFixture();
  await fixture.start();
  client = fixture.client();
  for (let n = 0; n < 5; n++) await append(`s-${n}`, 3);
  await client.tombstoneStream('s-4');
  await client.tombstoneStream('ended-at-once');
});
afterEach(async () => {
  await fixture.remove();
  scratch.remove();
});

const append = (stream: string, count: number) =>
  client.appendToStream(
    stream,
    Array.from({ length: count }, (_, n) => jsonEvent({ type: 'Counted', data: { n } })),
  );
const segmentOf = (dataDir: string) =>
  join(logFolder(dataDir), readdirSync(logFolder(dataDir)).find((name) => name.endsWith('.segment')) as string);
const damage = (path: string, at: number) => {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(path, bytes);
};

it('a running node is checked, by itself and from outside', async () => {
  const found = { events: 17, end: expect.any(Number) };
  expect(await fixture.node.verify()).toEqual(found);
  expect(await verify(fixture.folder)).toEqual(found);
  await fixture.stop();
  expect(await verify(fixture.folder)).toEqual(found);
});

it('a damaged record, a log that is cut short, and an index that is not of it are found', async () => {
  await fixture.stop();
  const { end } = await verify(fixture.folder);
  const segment = segmentOf(fixture.folder);
  damage(segment, 500);
  await expect(verify(fixture.folder)).rejects.toThrow(/^The record at position \d+ is not as it was written$/);
  damage(segment, 500);
  expect(await verify(fixture.folder)).toMatchObject({ end });

  // the index of the same log as it was before
  const earlier = folder('earlier');
  await backup(fixture.folder, earlier);
  rmSync(indexFolder(fixture.folder), { recursive: true });
  expect(await verify(fixture.folder)).toMatchObject({ end });

  truncateSync(segment, readFileSync(segment).length - 1);
  await expect(verify(fixture.folder)).rejects.toThrow(DataDamaged);
  await expect(verify(fixture.folder)).rejects.toThrow(/was cut short/);
  await expect(startEventStoreNode({ dataDir: fixture.folder, security: 'insecure', thread: 'same' })).rejects.toThrow(
    /was acknowledged through/,
  );
  await expect(verify(folder('nothing'))).rejects.toThrow(/^There is no event log in /);
});

it('a backup of a node that is being written is a moment of it, and is restored as that', async () => {
  const written: Promise<unknown>[] = [];
  let isOver = false;
  const writing = (async () => {
    while (!isOver) {
      written.push(append('busy', 2));
      await written.at(-1);
    }
  })();
  const [inside, outside] = [await fixture.node.backup(folder('inside')), await backup(fixture.folder, folder('outside'))];
  isOver = true;
  await writing;
  expect(outside.events).toBeGreaterThanOrEqual(inside.events);
  expect(await verify(folder('inside'))).toEqual({ ...inside, folder: undefined });
  expect(readdirSync(folder('inside')).sort()).toEqual(['index', 'log']);
  const before = (await collect(client.readAll({ maxCount: outside.events }))).map(({ event }) => event?.id);

  const report = await restore(folder('outside'), folder('restored'));
  expect(report).toEqual({ ...outside, folder: undefined });
  await fixture.stop();
  const restored = await startEventStoreNode({ dataDir: folder('restored'), security: 'insecure', thread: 'same' });
  const { EventStoreDBClient: Client } = await import('@eventstore/db-client');
  const other = Client.connectionString(restored.connectionString);
  expect((await collect(other.readAll())).map(({ event }) => event?.id)).toEqual(before);
  expect((await other.appendToStream('s-0', jsonEvent({ type: 'Counted', data: {} }))).nextExpectedRevision).toBe(3n);
  await other.dispose();
  await restored.stop();
});

it('nothing that is there is written over, and nothing is left half-made', async () => {
  await fixture.node.backup(folder('backup'));
  await expect(fixture.node.backup(folder('backup'))).rejects.toThrow(
    /^There is something in .*: a backup is made in a folder of its own$/,
  );
  await expect(restore(folder('backup'), fixture.folder)).rejects.toThrow(FolderInUse);
  await fixture.stop();
  await expect(restore(folder('backup'), fixture.folder)).rejects.toThrow(/^There are events in /);
  await expect(restore(folder('nothing'), folder('restored'))).rejects.toThrow(/^There is no event log in /);

  damage(segmentOf(folder('backup')), 500);
  await expect(restore(folder('backup'), folder('restored'))).rejects.toThrow(DataDamaged);
  await expect(backup(folder('backup'), folder('second'))).rejects.toThrow(DataDamaged);
  expect([existsSync(folder('restored')), existsSync(folder('second')), existsSync(`${folder('second')}.unfinished`)]).toEqual([
    false,
    false,
    false,
  ]);
});
