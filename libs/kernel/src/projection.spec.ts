import { describe, expect, it } from '@jest/globals';
import { lit, memoryView, projectionSpec, putOut, recorded, type LampEvent } from '#testing';
import { foldBatch, projection, unchanged, type Output, type Projection, type Recorded } from './index.js';

type LampItem = { isLit: boolean; changes: number };

const change = (isLit: boolean) => (item: LampItem | undefined) => ({ isLit, changes: (item?.changes ?? 0) + 1 });

/** Every lamp, a line for each of its events, and how many lamps are lit on each floor. */
const lamps = projection<LampEvent, LampItem>({
  name: 'lamps',
  version: 1,
  streamPrefixes: ['lamp-'],
  key: ({ streamName }) => streamName,
  on: { LampLit: change(true), LampPutOut: change(false) },
  outputs: (before, after, event): Output[] => [
    { kind: 'line', collection: 'lines', id: event.id, document: { type: event.type, lamp: event.streamName } },
    {
      kind: 'increment',
      collection: 'floors',
      id: event.streamName.slice(0, 'lamp-1'.length),
      key: { floor: event.streamName.charAt('lamp-'.length) },
      by: { lit: Number(after?.isLit ?? false) - Number(before?.isLit ?? false) },
    },
  ],
  documents: 'lamps',
  collections: { lamps: [], lines: [], floors: [] },
});

/** Three lamps on two floors, all mixed up, as the log has them. */
const history: Recorded<LampEvent>[] = ['lamp-11', 'lamp-12', 'lamp-21']
  .flatMap((streamName, n) => recorded([lit(40), putOut, lit(60), lit(60), putOut, lit(80)], { streamName, position: 100n + BigInt(n) }))
  .sort((a, b) => Number(a.position - b.position));

const fold = (view: ReturnType<typeof memoryView<LampItem>>, batch: readonly Recorded<LampEvent>[], stopAfter = Infinity) => {
  const writes = view.writesOf(foldBatch(lamps, view.contents.documents, batch));
  writes.slice(0, stopAfter).forEach((write) => write());
  return writes.length;
};

const rebuilt = () => {
  const view = memoryView<LampItem>();
  fold(view, history);
  return view.contents;
};

/** Numbers that look random and are the same in every run (Numerical Recipes' generator). */
const dice = (seed: number) => (sides: number) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed % sides;
};

describe('foldBatch', () => {
  it('folds documents, and derives lines and counters from each change', () => {
    const { documents, outputs, counters } = rebuilt();
    expect(documents.get('lamp-21')).toEqual({ document: { isLit: true, changes: 6 }, stamp: { revision: 5n, position: 602n } });
    expect(outputs.size).toBe(18);
    expect(counters.get('floors/lamp-1')).toEqual({ key: { floor: '1' }, counts: { lit: 2 }, position: 601n });
  });

  it('gives the same bytes wherever batches are cut', () => {
    const roll = dice(1);
    for (let round = 0; round < 200; round++) {
      const view = memoryView<LampItem>();
      for (let from = 0; from < history.length;) {
        const size = 1 + roll(7);
        fold(view, history.slice(from, from + size));
        from += size;
      }
      expect(view.contents).toEqual(rebuilt());
    }
  });

  it('can be done again after a crash behind any of its writes, twice over', () => {
    const half = history.length / 2;
    const writes = fold(memoryView<LampItem>(), history);
    for (let first = 0; first <= writes; first++) {
      for (let second = 0; second <= writes; second++) {
        const view = memoryView<LampItem>();
        fold(view, history.slice(0, half));
        fold(view, history.slice(half), first);
        fold(view, history.slice(half), second);
        fold(view, history.slice(half));
        expect(view.contents).toEqual(rebuilt());
      }
    }
  });

  it('writes nothing for events that the documents have had', () => {
    const view = memoryView<LampItem>();
    fold(view, history);
    expect(fold(view, history)).toBe(0);
  });

  it('leaves a document that nothing changed with the stamp it had', () => {
    const litOnly: Projection<LampEvent, LampItem> = { ...lamps, on: { ...lamps.on, LampPutOut: unchanged }, outputs: undefined };
    const [first, second] = recorded([lit(40), putOut], { streamName: 'lamp-11' });
    const { documents } = foldBatch(litOnly, new Map(), [first, second] as Recorded<LampEvent>[]);
    expect(documents).toEqual([{ id: 'lamp-11', document: { isLit: true, changes: 1 }, stamp: { revision: 0n, position: 100n } }]);
  });

  it('takes an increment of nothing for none', () => {
    const [, , , again] = recorded([lit(40), putOut, lit(60), lit(60)], { streamName: 'lamp-11' });
    const stored = new Map([['lamp-11', { document: { isLit: true, changes: 3 }, stamp: { revision: 2n, position: 300n } }]]);
    const { increments, documents } = foldBatch(lamps, stored, [again] as Recorded<LampEvent>[]);
    expect(increments).toEqual([]);
    expect(documents).toHaveLength(1);
  });
});

describe('projectionSpec', () => {
  const given = projectionSpec(lamps);

  it('reads as the view does', () => {
    given(...recorded([lit(40), putOut], { streamName: 'lamp-11' }))
      .thenDocument('lamp-11', { isLit: false, changes: 2 })
      .thenCounters({ 'floors/lamp-1': { lit: 0 } });
  });

  it('fails a view whose shared output depends on which of its writes came first', () => {
    const lastOnFloor: Projection<LampEvent, LampItem> = {
      ...lamps,
      outputs: (_, __, { streamName }) => [{ kind: 'document', collection: 'lines', id: 'last', document: { streamName } }],
    };
    expect(() => projectionSpec(lastOnFloor)(...history)).toThrow('the view is another one');
  });

  it('fails a view that has two events write one line', () => {
    const lineOfLamp: Projection<LampEvent, LampItem> = {
      ...lamps,
      outputs: (_, __, { id, streamName }) => [{ kind: 'line', collection: 'lines', id: streamName, document: { id } }],
    };
    expect(() => projectionSpec(lineOfLamp)(...history)).toThrow('the view is another one');
  });

  it('fails a view that remembers more than its documents', () => {
    let events = 0;
    const forgetful: Projection<LampEvent, LampItem> = {
      ...lamps,
      on: { ...lamps.on, LampLit: () => ({ isLit: true, changes: ++events }) },
    };
    expect(() => projectionSpec(forgetful)(...history)).toThrow('the view is another one');
  });
});

describe('projection', () => {
  it('keeps its documents in one of its collections', () => {
    expect(() => projection({ ...lamps, documents: 'elsewhere' })).toThrow('elsewhere, which is not among its collections');
  });
});
