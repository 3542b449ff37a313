import type { RawValue } from '../bson/raw.js';
import type { CollectionInfo } from '../catalogue.js';
import { prefixed, type Documents } from '../documents.js';
import { CommandError } from '../errors.js';
import { unseal } from '../storage/sealed.js';
import type { Store } from '../storage/store.js';
import type { Interval } from './candidate.js';
import type { Access } from './plan.js';

/** Takes a document; answers false to have no more of them for now. */
export type Accept = (document: RawValue) => boolean;

interface Entry {
  key: Buffer;
  value: Buffer;
}

/**
 * Reads what an access names, in pieces: each `run` reads from one snapshot of the store and goes on after the last key of the run before.
 * No snapshot is held between runs, for an open one would keep LMDB from using freed pages again for as long as a client leaves its cursor open.
 * So a cursor gives what MongoDB's default read concern gives: each document as it was committed at the time of its batch; one that is moved within
 * the index between two batches may be seen twice or not at all; one that is not written to meanwhile is seen exactly once.
 */
export class Scan {
  readonly #store: Store;
  readonly #documents: Documents;
  readonly #collection: CollectionInfo;
  readonly #access: Access;
  readonly #idPrefix: number;
  /** Where the last run stopped: the interval, and the last key read. */
  #interval = 0;
  #last: Buffer | undefined;
  /** Of a multikey index: the documents already seen. */
  readonly #seen: Set<string> | undefined;
  /** Keys and documents looked at, for explain. */
  keysExamined = 0;
  documentsExamined = 0;

  constructor(store: Store, documents: Documents, collection: CollectionInfo, access: Access) {
    this.#store = store;
    this.#documents = documents;
    this.#collection = collection;
    this.#access = access;
    this.#idPrefix = access.index?.id ?? collection.id;
    this.#seen = access.index?.multikey ? new Set() : undefined;
  }

  /** Goes on until `accept` answers false or nothing is left; answers whether nothing is left. */
  run(accept: Accept): boolean {
    if (this.#access.points) return this.#runPoints(accept);
    if (this.#access.merge) return this.#runMerged(accept);
    const { intervals, reverse } = this.#access;
    for (; this.#interval < intervals.length; this.#interval++, this.#last = undefined) {
      const interval = intervals[reverse ? intervals.length - 1 - this.#interval : this.#interval] as Interval;
      for (const entry of this.#range(interval, this.#last)) {
        this.#last = entry.key;
        if (!this.#take(entry, accept)) return false;
      }
    }
    return true;
  }

  #runPoints(accept: Accept): boolean {
    const { intervals, reverse } = this.#access;
    while (this.#interval < intervals.length) {
      const at = this.#interval++;
      const { start } = intervals[reverse ? intervals.length - 1 - at : at] as Interval;
      this.keysExamined++;
      const document = this.#documents.get(this.#collection, start);
      if (document) this.documentsExamined++;
      if (document && !accept(document)) return false;
    }
    return true;
  }

  /** Reads all intervals side by side, always taking the entry whose key, after the fixed part, is next. */
  #runMerged(accept: Accept): boolean {
    const { intervals, reverse } = this.#access;
    const readers = intervals.map((interval) => {
      const from = 4 + interval.fixed;
      const after = this.#last && Buffer.concat([prefixed(this.#idPrefix, interval.start.subarray(0, interval.fixed)), this.#last]);
      const source = this.#range(interval, after && this.#within(interval, after) ? after : undefined)[Symbol.iterator]();
      const skipAll = after !== undefined && this.#beyond(interval, after);
      const next = (): Entry | undefined => {
        const result = skipAll ? { done: true as const, value: undefined } : source.next();
        return result.done ? undefined : result.value;
      };
      return { from, source, next, head: next() };
    });
    const order = reverse ? -1 : 1;
    try {
      for (;;) {
        let best: (typeof readers)[number] | undefined;
        for (const reader of readers) {
          if (!reader.head) continue;
          if (
            !best?.head ||
            order * reader.head.key.compare(best.head.key, best.from, best.head.key.length, reader.from, reader.head.key.length) < 0
          )
            best = reader;
        }
        if (!best?.head) return true;
        const entry = best.head;
        this.#last = entry.key.subarray(best.from);
        best.head = best.next();
        if (!this.#take(entry, accept)) return false;
      }
    } finally {
      for (const { source } of readers) source.return?.();
    }
  }

  /** The key lies in the interval (where the reading goes on); `#beyond`: past it, in the direction of reading. */
  #within({ start, end }: Interval, key: Buffer): boolean {
    return key.compare(prefixed(this.#idPrefix, start)) >= 0 && key.compare(prefixed(this.#idPrefix, end)) < 0;
  }

  #beyond({ start, end }: Interval, key: Buffer): boolean {
    return this.#access.reverse ? key.compare(prefixed(this.#idPrefix, start)) < 0 : key.compare(prefixed(this.#idPrefix, end)) >= 0;
  }

  #range({ start, end }: Interval, after: Buffer | undefined): Iterable<Entry> {
    const table = this.#access.index ? this.#store.entries : this.#store.documents;
    const [low, high] = [prefixed(this.#idPrefix, start), prefixed(this.#idPrefix, end)];
    const { reverse } = this.#access;
    return table.getRange(
      reverse
        ? { start: after ?? high, end: low, reverse, inclusiveEnd: true, exclusiveStart: true }
        : { start: after ?? low, end: high, exclusiveStart: after !== undefined },
    );
  }

  #take({ value }: Entry, accept: Accept): boolean {
    this.keysExamined++;
    if (!this.#access.index) {
      this.documentsExamined++;
      return accept(unseal(value));
    }
    if (this.#seen) {
      const id = value.toString('latin1');
      if (this.#seen.has(id)) return true;
      this.#seen.add(id);
    }
    const document = this.#documents.get(this.#collection, value);
    // entry and document are of one snapshot
    if (!document)
      throw new CommandError('InternalError', 'An index names a document that is not there: verify the data folder, and restore a backup');
    this.documentsExamined++;
    return accept(document);
  }
}

/** How many keys the intervals hold, counted without reading a document, no further than `most`. */
export const countKeys = (store: Store, collection: CollectionInfo, { index, intervals }: Access, most = Infinity): number => {
  const table = index ? store.entries : store.documents;
  const id = index?.id ?? collection.id;
  let count = 0;
  for (const { start, end } of intervals) {
    const limit = Number.isFinite(most) ? { limit: most - count } : {};
    if (Number.isFinite(most)) for (const _ of table.getKeys({ start: prefixed(id, start), end: prefixed(id, end), ...limit })) count++;
    else count += table.getKeysCount({ start: prefixed(id, start), end: prefixed(id, end) });
    if (count >= most) return most;
  }
  return count;
};
