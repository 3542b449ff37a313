import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { EventLog, indexFolder, logFolder } from './event-log.js';
import { proposed, scratchFolder } from './log.fixture.js';
import { TOMBSTONE } from './revision.js';
import { Writing, type WriteResult } from './writing.js';

let folder: ReturnType<typeof scratchFolder>;
let log: EventLog;
let writing: Writing;

const open = async () => {
  log = await EventLog.open(folder.path);
  writing = new Writing(log);
};
beforeEach(async () => {
  folder = scratchFolder();
  await open();
});
afterEach(async () => {
  await log.close();
  folder.remove();
});

const append = (streamName: string, ...types: string[]) =>
  writing.append(
    streamName,
    'any',
    types.map((type) => proposed(type)),
  );
const typesOf = (streamName: string) => log.positionsOf(streamName, { from: 0, limit: 1_000 }).map((position) => log.at(position).type);
const all = () => log.forwards(0).map(({ streamName, type }) => `${streamName} ${type}`);

it('writes what is asked for at once together, each decided after those before it', async () => {
  const results = await Promise.all([
    append('a', '1', '2'),
    writing.append('a', 1, [proposed('3')]),
    writing.append('a', 1, [proposed('lost')]),
    writing.append('b', 'no_stream', [proposed('1')]),
    writing.delete('a', 2),
    writing.append('a', 'stream_exists', [proposed('refused')]),
    append('a', '4'),
    writing.tombstone('b', 0),
    append('b', 'refused'),
  ]);
  expect(results.map(({ kind }) => kind)).toEqual([
    ...['written', 'written', 'wrong-expected-version', 'written', 'deleted', 'stream-deleted', 'written', 'deleted', 'stream-deleted'],
  ]);
  expect(typesOf('a')).toEqual(['1', '2', '3', '4']);
  expect(log.metadataOf('a').truncateBefore).toBe(3);
  expect(log.lastRevision('b')).toBe(TOMBSTONE);
});

it('answers an append that is sent again while the first is on its way as the first', async () => {
  const event = proposed('once');
  const [first, again] = await Promise.all([writing.append('a', 'any', [event]), writing.append('a', 'any', [event])]);
  expect(again).toEqual(first);
  expect(typesOf('a')).toEqual(['once']);
});

it('writes more at once than it keeps memory for', async () => {
  const large = (n: number) => ({ ...proposed(`${n}`), data: Buffer.alloc(1_500_000, n) });
  const results = await Promise.all(Array.from({ length: 8 }, (_, n) => writing.append('a', 'any', [large(n), proposed('small')])));
  expect(results.map(({ kind }) => kind)).toEqual(results.map(() => 'written'));
  const read = log.positionsOf('a', { from: 0, limit: 100 }).map((position) => log.at(position));
  expect(read.map(({ data }) => data.length)).toEqual(results.flatMap(() => [1_500_000, 0]));
  expect(read.filter((_, n) => n % 2 === 0).map(({ data }) => data[1_499_999])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('remembers by id what was written before it was closed', async () => {
  const event = proposed('once');
  const first = await writing.append('a', 'any', [event]);
  await log.close();
  await open();
  expect(await writing.append('a', 'any', [event])).toEqual(first);
});

it('wakes those who wait for any stream, and for the streams that were written', async () => {
  const woken: string[] = [];
  log.commits.listen(undefined, () => woken.push('any'));
  const stop = log.commits.listen('a', () => woken.push('a'));
  log.commits.listen('b', () => woken.push('b'));
  await append('a', '1');
  stop();
  await append('a', '2');
  expect(woken).toEqual(['any', 'a', 'any']);
});

it('makes its index again: without one, behind the log, or with that of another log', async () => {
  for (let n = 0; n < 300; n++) void append(`s-${n % 7}`, `${n}`);
  await append('s-0', 'last');
  const [before, types] = [all(), typesOf('s-0')];
  const check = async () => {
    await open();
    expect([all(), typesOf('s-0')]).toEqual([before, types]);
  };

  await log.close();
  rmSync(indexFolder(folder.path), { recursive: true });
  await check();

  const other = scratchFolder();
  const otherLog = await EventLog.open(other.path);
  await new Writing(otherLog).append('s-0', 'any', [proposed('of another log')]);
  await otherLog.close();
  await log.close();
  rmSync(indexFolder(folder.path), { recursive: true });
  cpSync(indexFolder(other.path), indexFolder(folder.path), { recursive: true });
  other.remove();
  await check();
});

it('does not start where the log is missing, and its index is not', async () => {
  await append('a', '1');
  await log.close();
  renameSync(logFolder(folder.path), `${folder.path}/aside`);
  await expect(open()).rejects.toThrow(/the log is missing, and was acknowledged through \d+/);
  renameSync(`${folder.path}/aside`, logFolder(folder.path));
  await open();
  expect(all()).toEqual(['a 1']);
});

it('is gone when it is closed, where nothing is to be kept', async () => {
  const scratch = await EventLog.open();
  const result: WriteResult = await new Writing(scratch).append('a', 'any', [proposed('1')]);
  expect(result).toMatchObject({ kind: 'written', revision: 0 });
  await scratch.close();
  expect(existsSync(scratch.folder)).toBe(false);
});
