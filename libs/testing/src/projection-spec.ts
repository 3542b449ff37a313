import assert from 'node:assert/strict';
import { foldBatch, type BatchWrites, type Event, type Projection, type Recorded } from '#kernel';
import { memoryView, type ViewContents } from './memory-view.js';

/** What the view holds after the events. */
interface Outcome<Doc> {
  /** These are all of its documents, by id. */
  thenDocuments(expected: Readonly<Record<string, Doc>>): Outcome<Doc>;
  /** This is one of its documents. */
  thenDocument(id: string, expected: Doc): Outcome<Doc>;
  /** These are all of its output documents, by `collection/id`. */
  thenOutputs(expected: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Outcome<Doc>;
  /** These are all of its counters, by `collection/id`. */
  thenCounters(expected: Readonly<Record<string, Readonly<Record<string, number>>>>): Outcome<Doc>;
}

const contentsAfter = <E extends Event, Doc extends object>(
  projection: Projection<E, Doc>,
  batches: readonly (readonly Recorded<E>[])[],
): ViewContents<Doc> => {
  const { contents, writesOf } = memoryView<Doc>();
  for (const batch of batches) for (const write of writesOf(foldBatch(projection, contents.documents, batch))) write();
  return contents;
};

/** The same writes, where the database happened to make those of a kind in the opposite order. */
const backwards = <Doc>({ lines, outputs, increments, documents }: BatchWrites<Doc>): BatchWrites<Doc> => ({
  lines: lines.toReversed(),
  outputs: outputs.toReversed(),
  increments: increments.toReversed(),
  documents: documents.toReversed(),
});

/** The view after each crash there can be in this batch: behind so many of its writes, and then the whole batch once more. */
function* contentsAfterCrashes<E extends Event, Doc extends object>(projection: Projection<E, Doc>, batch: readonly Recorded<E>[]) {
  for (const inOrder of [(writes: BatchWrites<Doc>) => writes, backwards]) {
    for (let count = 0, total = 1; count <= total; count++) {
      const { contents, writesOf } = memoryView<Doc>();
      const writes = writesOf(inOrder(foldBatch(projection, contents.documents, batch)));
      total = writes.length;
      for (const write of writes.slice(0, count)) write();
      for (const write of writesOf(foldBatch(projection, contents.documents, batch))) write();
      yield { count, contents };
    }
  }
}

const byId = <Value, Shown>(entries: ReadonlyMap<string, Value>, show: (value: Value) => Shown): Record<string, Shown> =>
  Object.fromEntries([...entries].map(([id, value]) => [id, show(value)]));

/**
 * A view's specification: `given(...recorded([reported, closed])).thenDocuments({ … })`.
 * The events are folded in one batch, and one by one, and again after a crash behind each write: a view for which that makes a difference
 * has failed its specification, whatever it was about.
 */
export const projectionSpec =
  <E extends Event, Doc extends object>(projection: Projection<E, Doc>) =>
  (...events: readonly Recorded<E>[]): Outcome<Doc> => {
    const contents = contentsAfter(projection, [events]);
    const oneByOne = events.map((event) => [event]);
    assert.deepStrictEqual(contentsAfter(projection, oneByOne), contents, 'Folded one by one, the view is another one');
    for (const { count, contents: redone } of contentsAfterCrashes(projection, events)) {
      assert.deepStrictEqual(redone, contents, `Folded again after a crash behind write ${count}, the view is another one`);
    }

    const outcome: Outcome<Doc> = {
      thenDocuments: (expected) => {
        assert.deepStrictEqual(
          byId(contents.documents, ({ document }) => document),
          expected,
        );
        return outcome;
      },
      thenDocument: (id, expected) => {
        assert.deepStrictEqual(contents.documents.get(id)?.document, expected);
        return outcome;
      },
      thenOutputs: (expected) => {
        assert.deepStrictEqual(
          byId(contents.outputs, (document) => document),
          expected,
        );
        return outcome;
      },
      thenCounters: (expected) => {
        assert.deepStrictEqual(
          byId(contents.counters, ({ counts }) => counts),
          expected,
        );
        return outcome;
      },
    };
    return outcome;
  };
