import type { Catalogue, CollectionInfo, IndexInfo, IndexSpec } from './catalogue.js';
import { prefixed, type Documents } from './documents.js';
import { CommandError } from './errors.js';
import { unseal } from './storage/sealed.js';
import type { Store } from './storage/store.js';

/** How long a share of a build may hold a transaction, in milliseconds. */
const SHARE_MS = 50;

interface Begun {
  before: number;
  after: number;
  building: readonly IndexInfo[];
  collection: CollectionInfo;
}

/**
 * Builds indexes. An index of a collection that has documents is built beside other work: from its first transaction on every write keeps
 * it, the documents that were there before follow a share at a time, and readers use it when all are in. A crash in between leaves an
 * index that nobody has been promised: it is dropped at the next start.
 */
export class Indexes {
  /** One build at a time for a collection, so that whoever asks for an index that is being built waits for it. */
  readonly #builds = new Map<string, Promise<unknown>>();

  constructor(
    private readonly store: Store,
    private readonly documents: Documents,
    private readonly catalogue: Catalogue,
    private readonly write: <T>(run: () => T) => Promise<T>,
  ) {}

  /**
   * Creates what of the wanted indexes is not there, and the collection if need be; resolves when readers can use them.
   * @param isThere tells whether there is such an index; throws where there is one that conflicts
   * @throws CommandError DuplicateKey, KeyTooLong and others, where a document does not fit an index: then none of them is created
   */
  async create(
    db: string,
    name: string,
    wanted: readonly IndexSpec[],
    isThere: (existing: readonly IndexSpec[], wanted: IndexSpec) => boolean,
    most: number,
  ): Promise<{ before: number; after: number }> {
    const namespace = `${db}.${name}`;
    const previous = this.#builds.get(namespace);
    const build = (previous ?? Promise.resolve()).catch(() => undefined).then(() => this.#create(db, name, wanted, isThere, most));
    this.#builds.set(namespace, build);
    try {
      return await build;
    } finally {
      if (this.#builds.get(namespace) === build) this.#builds.delete(namespace);
    }
  }

  /** Drops what a crash has left half built. */
  async dropUnfinished(): Promise<void> {
    if (!this.catalogue.collections().some(({ indexes }) => indexes.some(({ building }) => building))) return;
    await this.write(() => {
      for (let collection of this.catalogue.collections())
        for (const index of collection.indexes.filter(({ building }) => building)) collection = this.catalogue.dropIndex(collection, index);
    });
  }

  async #create(
    db: string,
    name: string,
    wanted: readonly IndexSpec[],
    isThere: (existing: readonly IndexSpec[], wanted: IndexSpec) => boolean,
    most: number,
  ): Promise<{ before: number; after: number }> {
    const { before, after, building, collection } = await this.write(() => this.#begin(db, name, wanted, isThere, most));
    if (building.length === 0) return { before, after };
    try {
      let last: Buffer | undefined;
      do last = await this.write(() => this.#share(collection, building, last));
      while (last);
    } catch (error) {
      await this.write(() => {
        let now = this.catalogue.working(db, name);
        if (now?.id === collection.id) for (const index of building) now = this.catalogue.dropIndex(now, index);
      });
      throw error;
    }
    return { before, after };
  }

  #begin(
    db: string,
    name: string,
    wanted: readonly IndexSpec[],
    isThere: (existing: readonly IndexSpec[], wanted: IndexSpec) => boolean,
    most: number,
  ): Begun {
    const existing = this.catalogue.working(db, name)?.indexes ?? [];
    const missing: IndexSpec[] = [];
    for (const spec of wanted) if (!isThere([...existing, ...missing], spec)) missing.push(spec);
    if (existing.length + missing.length > most)
      throw new CommandError('CannotCreateIndex', `A collection has at most ${most} indexes beside that on _id`);
    let collection = this.catalogue.ensure(db, name);
    const hasDocuments =
      [...this.store.documents.getKeys({ start: prefixed(collection.id), end: prefixed(collection.id + 1), limit: 1 })].length > 0;
    const building: IndexInfo[] = [];
    for (const spec of missing) {
      const added = this.catalogue.addIndex(collection, spec, hasDocuments);
      ({ collection } = added);
      if (hasDocuments) building.push(added.index);
    }
    return { before: existing.length, after: collection.indexes.length, building, collection };
  }

  /** Puts some documents into the indexes, those behind `last`; answers the key to go on from, undefined at the end, when the indexes are ready. */
  #share({ id, db, name }: CollectionInfo, building: readonly IndexInfo[], last: Buffer | undefined): Buffer | undefined {
    let collection = this.catalogue.working(db, name);
    const wanted = new Set(building.map((index) => index.id));
    const indexes = collection?.id === id ? collection.indexes.filter((index) => wanted.has(index.id)) : [];
    if (!collection || indexes.length < building.length)
      throw new CommandError('IndexBuildAborted', 'The collection or the index was dropped while the index was being built');
    const until = performance.now() + SHARE_MS;
    const range = { start: last ?? prefixed(id), end: prefixed(id + 1), exclusiveStart: last !== undefined };
    for (const { key, value } of this.store.documents.getRange(range)) {
      for (const index of indexes) this.documents.addToIndex(collection, index, unseal(value));
      if (performance.now() > until) return key;
    }
    for (const index of indexes) {
      this.catalogue.indexBuilt(collection, index.id);
      collection = this.catalogue.working(db, name) as CollectionInfo;
    }
    return undefined;
  }
}
