import { Binary, UUID } from 'bson';
import { RawValue } from './bson/raw.js';
import { decode } from './bson/values.js';
import { writeDocument } from './bson/writer.js';
import { CommandError } from './errors.js';
import { keyShape, topFields, type KeyShape } from './keys/index-keys.js';
import { compileFilter } from './query/compile-filter.js';
import type { Filter } from './query/filter.js';
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
  /** Its entries are not all there yet: writers keep it, nobody reads it. */
  building: boolean;
  /** Some document has, or had, an array in it. Never goes back; known to readers at once, for to think it multikey is always safe. */
  multikey: boolean;
}

/** A collection as it is at one moment; a change makes a new one. `_id` has no entry among the indexes: the documents lie in its order. */
export interface CollectionInfo {
  readonly id: number;
  readonly db: string;
  readonly name: string;
  /** 16 bytes that no other collection has, whatever its name. */
  readonly uuid: Buffer;
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

const indexInfo = (id: number, spec: IndexSpec, state: Pick<IndexInfo, 'building' | 'multikey'>): IndexInfo => {
  const shape = keyShape(spec.pattern, spec.sparse);
  const filter = spec.partial && compileFilter(spec.partial);
  return {
    ...spec,
    id,
    shape,
    ...state,
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
  #sweeps = new Map<number, Sweep>();
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

  /** All of a database, as the running transaction sees them. */
  workingIn(db: string): CollectionInfo[] {
    return [...this.#working.values()].filter((each) => each.db === db);
  }

  /** As readers see it, in order of name. */
  collections(db?: string): CollectionInfo[] {
    return [...this.#committed.values()]
      .filter((each) => db === undefined || each.db === db)
      .sort((a, b) => (namespaceOf(a) < namespaceOf(b) ? -1 : 1));
  }

  /** How many documents and bytes a collection has, or how many entries an index; as readers see it. */
  size({ id }: { id: number }): Size {
    return this.#sizes.get(id) ?? { documents: 0, bytes: 0 };
  }

  /** The collection, made if there is none (inside a transaction). @throws CommandError InvalidNamespace */
  ensure(db: string, name: string): CollectionInfo {
    const found = this.working(db, name);
    if (found) return found;
    checkName(db, name);
    const made: CollectionInfo = { id: this.#takeId(), db, name, uuid: newUuid(), indexes: [] };
    this.#put(made);
    return made;
  }

  /** Takes the collection out and notes what is to be swept (inside a transaction). */
  drop(collection: CollectionInfo): void {
    const ns = namespaceOf(collection);
    this.#working.delete(ns);
    this.#dirty.delete(ns);
    void this.#store.meta.remove(metaKey(COLLECTION, ns));
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

  addIndex(collection: CollectionInfo, spec: IndexSpec, building: boolean): { collection: CollectionInfo; index: IndexInfo } {
    const index = indexInfo(this.#takeId(), spec, { building, multikey: false });
    const changed = { ...collection, indexes: [...collection.indexes, index] };
    this.#put(changed);
    return { collection: changed, index };
  }

  /** All entries of the index are there. */
  indexBuilt(collection: CollectionInfo, id: number): void {
    this.#put({ ...collection, indexes: collection.indexes.map((each) => (each.id === id ? { ...each, building: false } : each)) });
  }

  dropIndex(collection: CollectionInfo, index: IndexInfo): CollectionInfo {
    const changed = { ...collection, indexes: collection.indexes.filter((each) => each.id !== index.id) };
    this.#put(changed);
    this.#noteSweep({ table: 'entries', id: index.id });
    return changed;
  }

  markMultikey(collection: CollectionInfo, index: IndexInfo): void {
    index.multikey = true;
    this.#dirty.add(namespaceOf(collection));
  }

  /** Counts what was put into a collection or an index, or taken out (inside a transaction). */
  tally({ id }: { id: number }, documents: number, bytes: number): void {
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
      void this.#store.meta.put(metaKey(SIZE, id), writeDocument(total));
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

  /** What is still to be cleared away; durable, so that a restart goes on with it. */
  get sweeps(): readonly Sweep[] {
    return [...this.#sweeps.values()];
  }

  /** The sweep is done (inside a transaction). */
  swept({ id }: Sweep): void {
    this.#sweeps.delete(id);
    void this.#store.meta.remove(metaKey(SWEEP, id));
  }

  #noteSweep(sweep: Sweep): void {
    void this.#store.meta.remove(metaKey(SIZE, sweep.id));
    this.#changes.delete(sweep.id);
    this.#sizes.delete(sweep.id);
    this.#sweeps.set(sweep.id, sweep);
    void this.#store.meta.put(metaKey(SWEEP, sweep.id), writeDocument(sweep));
  }

  #put(collection: CollectionInfo): void {
    const ns = namespaceOf(collection);
    this.#working.set(ns, collection);
    this.#dirty.add(ns);
  }

  #takeId(): number {
    const id = this.#nextId++;
    void this.#store.meta.put(NEXT, writeDocument({ id: this.#nextId }));
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
    this.#sweeps = new Map();
    for (const { value } of this.#range(SWEEP)) {
      const { table, id } = decode(RawValue.document(value)) as Sweep;
      this.#sweeps.set(id, { table, id });
    }
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
  partial?: Binary;
  expireAfterSeconds?: number;
  multikey: boolean;
  building: boolean;
}

interface StoredCollection {
  id: number;
  db: string;
  name: string;
  uuid: Binary;
  indexes: StoredIndex[];
}

const newUuid = (): Buffer => new UUID().buffer as Buffer;

const stored = ({ id, db, name, uuid, indexes }: CollectionInfo): Buffer =>
  writeDocument({
    id,
    db,
    name,
    uuid: new Binary(uuid, Binary.SUBTYPE_UUID),
    indexes: indexes.map(({ id, name, pattern, unique, sparse, partial, expireAfterSeconds, multikey, building }) => ({
      ...{ id, name, pattern, unique, sparse, multikey, building },
      ...(partial && { partial: new Binary(partial.slice()) }),
      ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
    })),
  });

const restored = (bytes: Buffer): CollectionInfo => {
  const { id, db, name, uuid, indexes } = decode(RawValue.document(bytes)) as StoredCollection;
  return {
    ...{ id, db, name, uuid: Buffer.from(uuid.buffer) },
    indexes: indexes.map(({ id, partial, multikey, building, ...spec }) =>
      indexInfo(id, { ...spec, ...(partial && { partial: RawValue.document(Buffer.from(partial.buffer)) }) }, { multikey, building }),
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
