import type { Event, Recorded, RecordedOf } from './event.js';

/** An index as MongoDB names it: fields in order, 1 ascending or -1 descending. Portable core only. */
export type IndexSpec = Readonly<{
  fields: Readonly<Record<string, 1 | -1>>;
  unique?: boolean;
  /** Only documents that match are in the index; queries that imply it may use it. */
  where?: Readonly<Record<string, unknown>>;
}>;

/**
 * A document by its id, whole: writing it again changes nothing. It belongs to one folded document: what several keys wrote to would, after
 * a crash, depend on which of them had been stored (`projectionSpec` fails such a view).
 */
export type DocumentOutput = Readonly<{ kind: 'document'; collection: string; id: string; document: Readonly<Record<string, unknown>> }>;

/**
 * A document that one event writes, once and for ever: its id is of no other event. It need not be looked for before it is written, and
 * stays as it is where it is there already.
 */
export type LineOutput = Readonly<{ kind: 'line'; collection: string; id: string; document: Readonly<Record<string, unknown>> }>;

/**
 * Adds to the counters of one document. `key` is what the document is about; it is written when it is new. `by` names every counter that
 * moves; amounts are whole numbers, so that adding up in any grouping gives the same sum.
 */
export type IncrementOutput = Readonly<{
  kind: 'increment';
  collection: string;
  id: string;
  key: Readonly<Record<string, unknown>>;
  by: Readonly<Record<string, number>>;
}>;

export type Output = DocumentOutput | LineOutput | IncrementOutput;

/** One step of a fold. It gets the document as it was (`undefined`: there is none yet) and gives it as it is now; the same one where nothing changes. */
export type Step<E extends Event, Type extends E['type'], Doc> = (document: Doc | undefined, event: RecordedOf<E, Type>) => Doc | undefined;

/**
 * A view: one document a key, folded from events by a table of steps, and what follows from each change.
 *
 * - `on` has a step for every event type: the compiler counts them, and a view says `unchanged` where it does not care.
 * - `outputs`, where there are any, are derived from the document before and after one event: lines of an audit trail, counters of figures.
 * - Steps are pure and total: every recorded event passes, legal or not, and the same events give the same bytes.
 * - A change of any document's shape is a new `version`, built beside the old one.
 */
export type Projection<E extends Event = Event, Doc extends object = Record<string, unknown>> = Readonly<{
  /** kebab-case; the collections are named by themselves. */
  name: string;
  version: number;
  /** The streams it is made of, by prefix. */
  streamPrefixes: readonly string[];
  /** Of which document an event speaks. All events of one key stand in one stream. */
  key: (event: Recorded<E>) => string;
  on: { readonly [Type in E['type']]: Step<E, Type, Doc> };
  outputs?: (before: Doc | undefined, after: Doc | undefined, event: Recorded<E>) => readonly Output[];
  /** The collection that holds the folded documents. */
  documents: string;
  /** Every collection of this view with its indexes, by logical name: `agent_queue` is stored as `agent_queue_v1`. */
  collections: Readonly<Record<string, readonly IndexSpec[]>>;
  /**
   * Every counter of a collection whose increments name now these, now those. All of them are written whenever one is, so that they stand
   * in one order whichever moved first: the same history gives the same bytes.
   */
  counters?: Readonly<Record<string, readonly string[]>>;
}>;

/** Checks a projection's table when it is declared, and lets its types be inferred. */
export const projection = <E extends Event, Doc extends object>(definition: Projection<E, Doc>): Projection<E, Doc> => {
  if (!(definition.documents in definition.collections)) {
    throw new Error(`${definition.name}: its documents go to ${definition.documents}, which is not among its collections`);
  }
  return definition;
};

/** The step of an event that a view does not care about. */
export const unchanged = <Doc>(document: Doc | undefined): Doc | undefined => document;

/** What a document carries beside its own fields: the last event that changed it. */
export type Stamp = Readonly<{ revision: bigint; position: bigint }>;

/** A folded document with its stamp. `undefined` content: nothing folded yet. */
export type Folded<Doc> = Readonly<{ document: Doc | undefined; stamp: Stamp | undefined }>;

/** A document to store, with the stamp it is guarded by. */
export type FoldedWrite<Doc> = Readonly<{ id: string; document: Doc; stamp: Stamp }>;

/** An output document over a whole batch; guarded by the position of the last event that set it. */
export type DocumentWrite = DocumentOutput & Readonly<{ position: bigint }>;

/** A line, with the position of its event. */
export type LineWrite = LineOutput & Readonly<{ position: bigint }>;

/** Counters of one document over a whole batch; guarded by the position of the last event that moved them. */
export type IncrementWrite = Omit<IncrementOutput, 'kind'> & Readonly<{ position: bigint }>;

/** Everything that a batch of events writes. Outputs go first, folded documents after them: see `foldBatch`. */
export type BatchWrites<Doc> = Readonly<{
  lines: readonly LineWrite[];
  outputs: readonly DocumentWrite[];
  increments: readonly IncrementWrite[];
  documents: readonly FoldedWrite<Doc>[];
}>;

/** Whether an increment moves anything. */
const moves = (by: Readonly<Record<string, number>>): boolean => {
  for (const counter in by) if (by[counter] !== 0) return true;
  return false;
};

const addUp = (sum: Record<string, number>, by: Readonly<Record<string, number>>) => {
  for (const counter in by) sum[counter] = (sum[counter] ?? 0) + (by[counter] as number);
};

/** By collection, every counter that its documents have, at nothing. */
const atNothing = (counters: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, Readonly<Record<string, number>>> =>
  new Map(Object.entries(counters).map(([collection, names]) => [collection, Object.fromEntries(names.map((name) => [name, 0]))]));

const placeOf = ({ collection, id }: Output): string => `${collection}\n${id}`;

/**
 * What a batch of events does to a view: pure, and the heart of promise 4 (exactly-once in effect).
 *
 * A batch is a range of the log, (after, through], written down before its first write, so that whoever comes after a crash does the very
 * same batch again. Then, whatever was already written:
 * 1. Output documents are set by id: setting them again changes nothing. They carry the position of the last event that set them, so that a
 *    second process, still at this batch when the first one is at the next, sets nothing back. Lines are never set again.
 * 2. Increments carry the position of the last event that moved them, and are applied only to a document that has not reached it.
 * 3. Folded documents are written after all outputs, each guarded by its revision. A document that was already written skips its events here,
 *    so its outputs are not made again: they need not be, for they were written before it. What is made again meets guards 1 and 2.
 *
 * Stamps and counters are moved event by event, never by a batch's net effect, so that they do not depend on where batches are cut: a
 * rebuild gives the same bytes. An increment of nothing is no increment.
 *
 * Costs one step an event; memory grows with the documents that the batch touches.
 */
export const foldBatch = <E extends Event, Doc extends object>(
  { key, on, outputs, counters = {} }: Projection<E, Doc>,
  stored: ReadonlyMap<string, Folded<Doc>>,
  events: readonly Recorded<E>[],
): BatchWrites<Doc> => {
  const current = new Map<string, Folded<Doc>>();
  const changed = new Map<string, FoldedWrite<Doc>>();
  const lines: LineWrite[] = [];
  const documents = new Map<string, DocumentWrite>();
  const increments = new Map<string, IncrementWrite & { by: Record<string, number> }>();
  const none = atNothing(counters);

  for (const event of events) {
    const id = key(event);
    const was = current.get(id) ?? stored.get(id) ?? { document: undefined, stamp: undefined };
    if (was.stamp && was.stamp.revision >= event.revision) continue;

    const before = was.document;
    const after = on[event.type as E['type']](before, event as never);

    const { position } = event;
    for (const output of outputs?.(before, after, event) ?? []) {
      switch (output.kind) {
        case 'line':
          lines.push({ ...output, position });
          break;
        case 'document':
          documents.set(placeOf(output), { ...output, position });
          break;
        case 'increment': {
          if (!moves(output.by)) break;
          const { collection, id: counterId, key: about, by } = output;
          const place = placeOf(output);
          const sum = increments.get(place)?.by ?? { ...none.get(collection) };
          addUp(sum, by);
          increments.set(place, { collection, id: counterId, key: about, by: sum, position });
          break;
        }
        default:
          output satisfies never;
      }
    }

    if (after === undefined || after === before) continue;
    const stamp = { revision: event.revision, position };
    current.set(id, { document: after, stamp });
    changed.set(id, { id, document: after, stamp });
  }

  return { lines, outputs: [...documents.values()], increments: [...increments.values()], documents: [...changed.values()] };
};
