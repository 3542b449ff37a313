import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from './log.fixture.js';
import { TOMBSTONE } from './revision.js';
import { StreamIndex } from './stream-index.js';

let folder: ReturnType<typeof scratchFolder>;
let index: StreamIndex;
const open = () => new StreamIndex(folder.path, { durable: true });
const reopen = async () => {
  await index.close();
  index = open();
};

beforeEach(() => {
  folder = scratchFolder();
  index = open();
});
afterEach(async () => {
  await index.close();
  folder.remove();
});

/** What the index should know: each stream's positions in order, a tombstone last. */
class Model {
  readonly streams = new Map<string, { positions: number[]; tombstone?: number }>();
  end = 0;

  add(streamName: string, isTombstone = false): void {
    const stream = this.streams.get(streamName) ?? { positions: [] };
    this.streams.set(streamName, stream);
    if (stream.tombstone !== undefined) return;
    const position = this.end++;
    index.add(streamName, isTombstone ? TOMBSTONE : stream.positions.length, position, this.end);
    if (isTombstone) stream.tombstone = position;
    else stream.positions.push(position);
  }

  positions(streamName: string, from: number, limit: number, backwards: boolean): number[] {
    const { positions = [], tombstone } = this.streams.get(streamName) ?? {};
    const numbered = positions.map((position, revision) => ({ revision, position }));
    if (tombstone !== undefined) numbered.push({ revision: TOMBSTONE, position: tombstone });
    const wanted = backwards
      ? numbered.filter(({ revision }) => revision <= from).reverse()
      : numbered.filter(({ revision }) => revision >= from);
    return wanted.slice(0, limit).map(({ position }) => position);
  }

  check(): void {
    for (const [name, { positions, tombstone }] of [...this.streams, ['never', { positions: [], tombstone: undefined }] as const]) {
      expect(index.last(name)).toBe(tombstone === undefined ? positions.length - 1 : TOMBSTONE);
      for (const revision of [0, 1, positions.length - 1, positions.length, TOMBSTONE]) {
        const expected = revision === TOMBSTONE ? tombstone : positions[revision];
        expect(index.position(name, revision)).toBe(expected);
      }
      for (const from of [0, 1, Math.floor(positions.length / 2), positions.length, TOMBSTONE]) {
        for (const limit of [1, 3, 1_000]) {
          for (const backwards of [false, true]) {
            expect(index.positions(name, { from, limit, backwards })).toEqual(this.positions(name, from, limit, backwards));
          }
        }
      }
    }
  }
}

it('knows every event, wherever it is kept: in memory, on its way to LMDB, and there', async () => {
  const model = new Model();
  const names = ['a', 'b', 'ab', '$$a', 'ä'.repeat(300), `${'ä'.repeat(300)}b`, 'c\0d'];
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const some = (count: number) => {
    for (let n = 0; n < count; n++) model.add(names[random(names.length)] as string, random(400) === 0);
  };
  for (let round = 0; round < 4; round++) {
    some(150);
    model.check();
    const flushing = index.flush();
    some(100);
    model.check();
    await flushing;
    model.check();
    await index.flush();
    model.check();
    await reopen();
    model.check();
    expect(index.checkpoint).toBe(model.end);
  }
  expect(index.eventCount).toBe(model.end);
});

describe('the checkpoint', () => {
  it('says how far LMDB is; what is behind it can be taken in again', async () => {
    for (let n = 0; n < 5; n++) index.add('s', n, n, n + 1);
    await index.flush();
    index.add('s', 5, 5, 6);
    await reopen();
    expect([index.checkpoint, index.last('s')]).toEqual([5, 4]);
    // after a crash a part may have come further than the checkpoint: the same events again change nothing
    for (let n = 3; n < 7; n++) index.add('s', n, n, n + 1);
    await index.flush();
    expect(index.positions('s', { from: 0, limit: 10 })).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(index.eventCount).toBe(7);
  });

  it('is nothing in an index that is made again', async () => {
    index.add('s', 0, 0, 1);
    await index.flush();
    await index.reset(99);
    expect([index.checkpoint, index.salt, index.last('s'), index.eventCount]).toEqual([0, 99, -1, 0]);
  });
});
