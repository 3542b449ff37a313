import { RawValue } from './bson/raw.js';
import { decode, encode } from './bson/values.js';
import { CommandError } from './errors.js';
import { keyShape, topFields, type KeyShape } from './keys/index-keys.js';
import { compileFilter, type Filter } from './query/filter.js';
import type { Store } from './storage/store.js';

/** An index as createIndexes was told it. */
export interface IndexSpec {
  name: string;
  pattern: readonly (readonly [string, 1 | -1])[];
  unique: boolean;
  sparse: boolean;
  /** The partialFilterExpression, as BSON. */
  partial?: RawValue;
  expireAfterSeconds?: number;
}

export interface IndexInfo extends IndexSpec {
  id: number;
  shape: KeyShape;
  filter?: Filter;
  /** The top-level fields that decide its entries. */
  fields: readonly Buffer[];
  /** Some document has, or had, an array in it. Never goes back; known to readers at once, for to think it multikey is always safe. */
  multikey: boolean;
}

/** A collection as it is at one moment; a change makes a new one. `_id` has no entry among the indexes: the documents lie in its order. */
export interface CollectionInfo {
  readonly id: number;
  readonly db: string;
  readonly name: string;
  readonly indexes: readonly IndexInfo[];
}

export interface Size {
  documents: number;
  bytes: number;
}

/** What is to be cleared away after a drop: all keys of the table that begin with the id. */
export interface Sweep {
  table: 'documents' | 'entries';
  id: number;
}

const COLLECTION = 'c\0';
const SIZE = 'n\0';
const SWEEP = 'd\0';
const NEXT = Buffer.from('next');

const metaKey = (prefix: string, name: string | number): Buffer => Buffer.from(`${prefix}${name}`);

export const namespaceOf = ({ db, name }: { db: string; name: string }): string => `${db}.${name}`;

const indexInfo = (id: number, spec: IndexSpec, multikey: boolean): IndexInfo => {
  const shape = keyShape(spec.pattern, spec.sparse);
  const filter = spec.partial && compileFilter(spec.partial);
  return {
    ...spec,
    id,
    shape,
    multikey,
    ...(filter && { filter }),
    fields: [...topFields([shape]), ...(filter?.topFields ?? [])],
  };
};

/**
 * Collections, their indexes and their sizes. Writers see the working state inside their transaction; readers see the one that is durable,
 * so that nobody plans with an index whose entries are not there yet.
 */
export class Catalogue {
  readonly #store: Store;
  #committed = new Map<string, CollectionInfo>();
  #working = new Map<string, CollectionInfo>();
  #sizes = new Map<number, Size>();
  readonly #changes = new Map<number, Size>();
  readonly #dirty = new Set<string>();
  #nextId = 1;

  constructor(store: Store) {
    this.#store = store;
    this.#load();
  }

  /** As readers see it: durable. */
  find(db: string, name: string): CollectionInfo | undefined {
    return this.#committed.get(`${db}.${name}`);
  }

  /** As the running transaction sees it. */
  working(db: string, name: string): CollectionInfo | undefined {
    return this.#working.get(`${db}.${name}`);
  }

  /** As readers see it, in order of name. */
  collections(db?: string): CollectionInfo[] {
    return [...this.#committed.values()]
      .filter((each) => db === undefined || each.db === db)
      .sort((a, b) => (namespaceOf(a) < namespaceOf(b) ? -1 : 1));
  }

  size({ id }: CollectionInfo): Size {
    return this.#sizes.get(id) ?? { documents: 0, bytes: 0 };
  }

  /** The collection, made if there is none (inside a transaction). @throws CommandError InvalidNamespace */
  ensure(db: string, name: string): CollectionInfo {
    const found = this.working(db, name);
    if (found) return found;
    checkName(db, name);
    const made: CollectionInfo = { id: this.#takeId(), db, name, indexes: [] };
    this.#put(made);
    return made;
  }

  /** Takes the collection out and notes what is to be swept (inside a transaction). */
  drop(collection: CollectionInfo): void {
    const ns = namespaceOf(collection);
    this.#working.delete(ns);
    this.#dirty.delete(ns);
    void this.#store.meta.remove(metaKey(COLLECTION, ns));
    void this.#store.meta.remove(metaKey(SIZE, collection.id));
    this.#changes.delete(collection.id);
    this.#noteSweep({ table: 'documents', id: collection.id });
    for (const { id } of collection.indexes) this.#noteSweep({ table: 'entries', id });
  }

  /** Gives the collection another name (inside a transaction). */
  rename(collection: CollectionInfo, db: string, name: string): void {
    checkName(db, name);
    this.#working.delete(namespaceOf(collection));
    void this.#store.meta.remove(metaKey(COLLECTION, namespaceOf(collection)));
    this.#put({ ...collection, db, name });
  }

  addIndex(collection: CollectionInfo, spec: IndexSpec): { collection: CollectionInfo; index: IndexInfo } {
    const index = indexInfo(this.#takeId(), spec, false);
    const changed = { ...collection, indexes: [...collection.indexes, index] };
    this.#put(changed);
    return { collection: changed, index };
  }

  dropIndex(collection: CollectionInfo, index: IndexInfo): CollectionInfo {
    const changed = { ...collection, indexes: collection.indexes.filter((each) => each !== index) };
    this.#put(changed);
    this.#noteSweep({ table: 'entries', id: index.id });
    return changed;
  }

  markMultikey(collection: CollectionInfo, index: IndexInfo): void {
    index.multikey = true;
    this.#dirty.add(namespaceOf(collection));
  }

  tally({ id }: CollectionInfo, documents: number, bytes: number): void {
    const change = this.#changes.get(id) ?? { documents: 0, bytes: 0 };
    this.#changes.set(id, { documents: change.documents + documents, bytes: change.bytes + bytes });
  }

  /** Writes what the transaction's jobs changed, before it commits. */
  beforeCommit(): void {
    for (const ns of this.#dirty) {
      const collection = this.#working.get(ns);
      if (collection) void this.#store.meta.put(metaKey(COLLECTION, ns), stored(collection));
    }
    for (const [id, change] of this.#changes) {
      const size = this.#sizes.get(id) ?? { documents: 0, bytes: 0 };
      const total = { documents: size.documents + change.documents, bytes: size.bytes + change.bytes };
      void this.#store.meta.put(metaKey(SIZE, id), encode(total));
    }
  }

  committed(): void {
    for (const [id, change] of this.#changes) {
      const size = this.#sizes.get(id) ?? { documents: 0, bytes: 0 };
      this.#sizes.set(id, { documents: size.documents + change.documents, bytes: size.bytes + change.bytes });
    }
    this.#changes.clear();
    if (this.#dirty.size > 0 || this.#committed.size !== this.#working.size) this.#committed = new Map(this.#working);
    this.#dirty.clear();
  }

  undone(): void {
    this.#load();
  }

  sweeps(): Sweep[] {
    const sweeps: Sweep[] = [];
    for (const { value } of this.#range(SWEEP)) {
      const { table, id } = decode(RawValue.document(value)) as Sweep;
      sweeps.push({ table, id });
    }
    return sweeps;
  }

  swept({ id }: Sweep): void {
    void this.#store.meta.remove(metaKey(SWEEP, id));
  }

  #noteSweep(sweep: Sweep): void {
    void this.#store.meta.put(metaKey(SWEEP, sweep.id), encode(sweep));
  }

  #put(collection: CollectionInfo): void {
    const ns = namespaceOf(collection);
    this.#working.set(ns, collection);
    this.#dirty.add(ns);
  }

  #takeId(): number {
    const id = this.#nextId++;
    void this.#store.meta.put(NEXT, encode({ id: this.#nextId }));
    return id;
  }

  #range(prefix: string): Iterable<{ key: Buffer; value: Buffer }> {
    return this.#store.meta.getRange({ start: Buffer.from(prefix), end: Buffer.from(`${prefix}\xff`, 'latin1') });
  }

  #load(): void {
    const next = this.#store.meta.get(NEXT);
    this.#nextId = next ? (decode(RawValue.document(next)) as { id: number }).id : 1;
    this.#working = new Map();
    for (const { value } of this.#range(COLLECTION)) {
      const collection = restored(value);
      this.#working.set(namespaceOf(collection), collection);
    }
    this.#sizes = new Map();
    for (const { key, value } of this.#range(SIZE))
      this.#sizes.set(Number(Buffer.from(key).toString().slice(SIZE.length)), decode(RawValue.document(value)) as Size);
    this.#committed = new Map(this.#working);
    this.#changes.clear();
    this.#dirty.clear();
  }
}

interface StoredIndex {
  id: number;
  name: string;
  pattern: [string, 1 | -1][];
  unique: boolean;
  sparse: boolean;
  partial?: { buffer: Uint8Array };
  expireAfterSeconds?: number;
  multikey: boolean;
}

const stored = ({ id, db, name, indexes }: CollectionInfo): Buffer =>
  encode({
    id,
    db,
    name,
    indexes: indexes.map(({ id, name, pattern, unique, sparse, partial, expireAfterSeconds, multikey }) => ({
      ...{ id, name, pattern, unique, sparse, multikey },
      ...(partial && { partial: partial.slice() }),
      ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
    })),
  });

const restored = (bytes: Buffer): CollectionInfo => {
  const { id, db, name, indexes } = decode(RawValue.document(bytes)) as { id: number; db: string; name: string; indexes: StoredIndex[] };
  return {
    ...{ id, db, name },
    indexes: indexes.map(({ id, partial, multikey, ...spec }) =>
      indexInfo(id, { ...spec, ...(partial && { partial: RawValue.document(Buffer.from(partial.buffer)) }) }, multikey),
    ),
  };
};

const checkName = (db: string, name: string): void => {
  const bad =
    name === '' ||
    name.startsWith('.') ||
    name.endsWith('.') ||
    name.includes('$') ||
    name.includes('\0') ||
    Buffer.byteLength(db + name) > 254;
  if (bad || db === '' || /[\0/\\. "$]/.test(db)) throw new CommandError('InvalidNamespace', `Invalid namespace specified '${db}.${name}'`);
};
