import type { AnyBulkWriteOperation, Collection, Document, WithId } from 'mongodb';
import { Double } from 'mongodb';
import type { BatchWrites, DocumentWrite, Folded, FoldedWrite, IncrementWrite, IndexSpec, LineWrite, Projection, Stamp } from '#kernel';
import type { ReadModels } from './connection.js';
import { refusedWrites } from './failures.js';
import { collectionName } from './names.js';

/** A document as it is stored: its own fields behind its id and stamp. */
type Stored = { _id: string; revision?: bigint; position: bigint } & Document;
type Write = AnyBulkWriteOperation<Stored>;

/** Stored documents carry what guards them; a reader gets what they are about. */
export const withoutStamps = <Found extends object>(document: Found): Omit<Found, '_id' | 'revision' | 'position'> => {
  const { _id, revision: _revision, position: _position, ...content } = document as Found & Partial<Stored>;
  return content as Omit<Found, '_id' | 'revision' | 'position'>;
};

/** How many documents one query asks for by id. */
const IDS_PER_READ = 1_000;

/** The database will not take a document, however often it is tried: too large, not unique where it must be, or with fields that are ours. */
export class WriteRefused extends Error {
  constructor(
    readonly collection: string,
    readonly id: string | undefined,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${collection} does not take ${id === undefined ? 'a document' : `the document ${id}`}: ${reason}`, options);
    this.name = 'WriteRefused';
  }
}

/** A batch as writes, by logical collection. Everything in `before` is written before anything in `then`. */
export type PlannedWrites = Readonly<{ before: ReadonlyMap<string, Write[]>; then: ReadonlyMap<string, Write[]> }>;

const OURS = ['_id', 'revision', 'position'];

const refuseOurs = (collection: string, id: string, ...parts: readonly Readonly<Record<string, unknown>>[]) => {
  const taken = OURS.find((field) => parts.some((fields) => field in fields));
  if (taken) throw new WriteRefused(collection, id, `the field ${taken} is the store's own`);
};

/** Writes a line, unless it is there. */
const insertLine = ({ collection, id, document, position }: LineWrite): Write => {
  refuseOurs(collection, id, document);
  return { insertOne: { document: { _id: id, position, ...document } } };
};

/** Sets an output, unless a later event has set it already. */
const setOutput = ({ collection, id, document, position }: DocumentWrite): Write => {
  refuseOurs(collection, id, document);
  return { replaceOne: { filter: { _id: id, position: { $lt: position } }, replacement: { position, ...document }, upsert: true } };
};

/** The names in a counter's dotted name: there are few, and they are asked for with every document. */
const namesIn = new Map<string, readonly string[]>();

const splitName = (counter: string): readonly string[] => {
  const known = namesIn.get(counter);
  if (known) return known;
  const names = counter.split('.');
  namesIn.set(counter, names);
  return names;
};

const NOTHING = new Double(0);

const asDouble = (amount: number): Double => (amount === 0 ? NOTHING : new Double(amount));

/** Puts a counter where its dotted name says: `mttr.n` is `n` in `mttr`. */
const put = (document: Document, counter: string, amount: Double) => {
  const names = splitName(counter);
  const last = names.length - 1;
  let place = document;
  for (let n = 0; n < last; n++) place = (place[names[n] as string] ??= {}) as Document;
  place[names[last] as string] = amount;
};

/** Begins counters that nobody has added to: every one of them, so that they stand in one order whichever moves first. */
const begin = ({ collection, id, key, by, position }: IncrementWrite): Write => {
  refuseOurs(collection, id, key, by);
  const document: Stored = { _id: id, position, ...key };
  for (const counter in by) put(document, counter, asDouble(by[counter] as number));
  return { insertOne: { document } };
};

/**
 * Adds to counters, unless they have been added to by this event or a later one. Amounts are sent as doubles, exact to 2^53: a counter has
 * the same type however large it becomes and wherever batches are cut.
 */
const increment = ({ collection, id, key, by, position }: IncrementWrite): Write => {
  refuseOurs(collection, id, key, by);
  const $inc: Record<string, Double> = {};
  let moved = 0;
  for (const counter in by) {
    const amount = by[counter] as number;
    if (amount === 0) continue;
    $inc[counter] = new Double(amount);
    moved++;
  }
  const update = { $set: { position }, ...(moved > 0 && { $inc }) };
  return { updateOne: { filter: { _id: id, position: { $lt: position } }, update } };
};

/** Stores a folded document, unless a later state of it is there. One that is known to be new is simply inserted. */
const setFolded = (collection: string, { id, document, stamp }: FoldedWrite<Document>, isNew: boolean): Write => {
  refuseOurs(collection, id, document);
  const { revision, position } = stamp;
  if (isNew) return { insertOne: { document: { _id: id, revision, position, ...document } } };
  const filter = { _id: id, revision: { $lt: revision } };
  return { replaceOne: { filter, replacement: { revision, position, ...document }, upsert: true } };
};

const byCollection = <Item>(
  items: readonly Item[],
  collectionOf: (item: Item) => string,
  write: (item: Item) => Write,
  into: Map<string, Write[]>,
) => {
  for (const item of items) {
    const collection = collectionOf(item);
    const writes = into.get(collection);
    if (writes) writes.push(write(item));
    else into.set(collection, [write(item)]);
  }
  return into;
};

const indexModel = ({ fields, unique, where }: IndexSpec) => ({
  key: { ...fields },
  ...(unique && { unique }),
  ...(where && { partialFilterExpression: { ...where } }),
});

/** The collections of one generation of a view: where its documents are read and written, under whatever checkpoint. */
export class ViewGeneration {
  constructor(
    private readonly models: ReadModels,
    private readonly projection: Projection,
    readonly generation: number,
  ) {}

  collection(logical: string): Collection<Stored> {
    return this.models.db.collection<Stored>(collectionName(logical, this.projection.version, this.generation));
  }

  /** The same collection, for those who look at bytes. */
  raw(logical: string): Collection<Document> {
    return this.models.db.collection(collectionName(logical, this.projection.version, this.generation));
  }

  /** Creates the indexes that are not there. */
  async createIndexes(): Promise<void> {
    for (const [logical, specs] of Object.entries(this.projection.collections)) {
      if (specs.length > 0) await this.collection(logical).createIndexes(specs.map(indexModel));
    }
  }

  /** The folded documents with these ids; those that do not exist are not in the answer. */
  async load(ids: readonly string[]): Promise<Map<string, Folded<Document>>> {
    const found = new Map<string, Folded<Document>>();
    const collection = this.collection(this.projection.documents);
    for (let from = 0; from < ids.length; from += IDS_PER_READ) {
      const $in = ids.slice(from, from + IDS_PER_READ);
      for await (const stored of collection.find({ _id: { $in } }, { batchSize: IDS_PER_READ })) {
        const { _id, revision, position, ...document } = stored as WithId<Stored> & Stamp;
        found.set(_id, { document, stamp: { revision, position } });
      }
    }
    return found;
  }

  /** Those of a collection's documents that exist, of these. */
  async existing(logical: string, ids: readonly string[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (let from = 0; from < ids.length; from += IDS_PER_READ) {
      const $in = ids.slice(from, from + IDS_PER_READ);
      const documents = this.collection(logical).find({ _id: { $in } }, { projection: { _id: 1 }, batchSize: IDS_PER_READ });
      for await (const { _id } of documents) found.add(_id);
    }
    return found;
  }

  /**
   * A batch as writes; `isNew` tells of which documents it is known that they are not stored, `isBegun` which counters are.
   * @throws WriteRefused when a document has fields that are the store's own
   */
  plan(
    { lines, outputs, increments, documents }: BatchWrites<Document>,
    isNew: (id: string) => boolean,
    isBegun: (write: IncrementWrite) => boolean,
  ): PlannedWrites {
    const home = this.projection.documents;
    const before = byCollection(lines, ({ collection }) => collection, insertLine, new Map());
    byCollection(outputs, ({ collection }) => collection, setOutput, before);
    byCollection(
      increments,
      ({ collection }) => collection,
      (write) => (isBegun(write) ? increment(write) : begin(write)),
      before,
    );
    const then = byCollection(
      documents,
      () => home,
      (write) => setFolded(home, write, isNew(write.id)),
      new Map(),
    );
    return { before, then };
  }

  /**
   * Makes the writes. Those of `before` go to their collections at the same time and in any order, for each carries its own guard; folded
   * documents follow when all of them are acknowledged, for a folded document says that its outputs are there (`foldBatch`).
   * @throws WriteRefused
   */
  async write({ before, then }: PlannedWrites): Promise<void> {
    for (const writes of [before, then]) {
      const done = await Promise.allSettled([...writes].map(([logical, operations]) => this.#bulk(logical, operations)));
      const failed = done.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
    }
  }

  /**
   * A guarded write whose guard does not hold finds no document to change, tries to insert one instead, and is told that the id is taken;
   * so is a line that is there. That, and nothing else, means "already there".
   */
  async #bulk(logical: string, operations: Write[]): Promise<void> {
    try {
      await this.collection(logical).bulkWrite(operations, { ordered: false });
    } catch (error) {
      const refused = refusedWrites(error);
      if (!refused) throw asRefusal(logical, error);
      const [first] = refused;
      if (!first) return;
      const { q, _id } = first.getOperation() as { q?: { _id?: string }; _id?: string };
      throw new WriteRefused(logical, _id ?? q?._id, first.errmsg ?? `error ${first.code}`, { cause: error });
    }
  }
}

/** Errors that the driver raises before anything is sent: what it was given cannot be written down at all. */
const UNWRITABLE: ReadonlySet<string> = new Set([
  'BSONError',
  'BSONVersionError',
  'BSONRuntimeError',
  'BSONOffsetError',
  'MongoInvalidArgumentError',
]);

const asRefusal = (collection: string, error: unknown): unknown =>
  error instanceof Error && UNWRITABLE.has(error.name) ? new WriteRefused(collection, undefined, error.message, { cause: error }) : error;
