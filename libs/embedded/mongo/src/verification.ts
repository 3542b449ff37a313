import { validateDocument, type RawValue } from './bson/raw.js';
import { decodeValue, idOf } from './bson/values.js';
import { Catalogue, namespaceOf, type CollectionInfo, type IndexInfo, type Size } from './catalogue.js';
import { entryKeys, prefixed } from './documents.js';
import { keyOf } from './keys/value-key.js';
import { tryUnseal } from './storage/sealed.js';
import type { Store } from './storage/store.js';

export type Verified = Readonly<{
  collections: number;
  documents: number;
  entries: number;
  /** What is wrong, in words; at most `MAX_FAULTS` of them. */
  faults: readonly string[];
}>;

const MAX_FAULTS = 100;

class Verification {
  readonly faults: string[] = [];
  documents = 0;
  entries = 0;

  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
  ) {}

  fault(what: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push(what);
  }

  collection(collection: CollectionInfo): void {
    const name = namespaceOf(collection);
    const found: Size = { documents: 0, bytes: 0 };
    const entries = new Map<IndexInfo, number>();
    const range = { start: prefixed(collection.id), end: prefixed(collection.id + 1) };
    for (const { key, value } of this.store.documents.getRange(range)) {
      const document = tryUnseal(value);
      const shown = `a document of ${name}, at the key ${key.toString('hex').slice(8, 72)}`;
      found.documents++;
      if (!document || !isSound(document)) {
        this.fault(`${shown}, is damaged`);
        continue;
      }
      found.bytes += document.length;
      this.document(collection, key, document, entries);
    }
    this.documents += found.documents;
    this.compareSizes(`${name} documents`, collection, found);
    for (const index of collection.indexes) if (!index.building) this.index(name, index, entries.get(index) ?? 0);
  }

  private document(collection: CollectionInfo, key: Buffer, document: RawValue, entries: Map<IndexInfo, number>): void {
    const id = idOf(document);
    const idKey = id && keyOf(id);
    const shown = `the document of ${namespaceOf(collection)} with the _id ${id ? JSON.stringify(decodeValue(id)) : '(none)'}`;
    if (!idKey || !prefixed(collection.id, idKey).equals(key)) {
      this.fault(`${shown} lies at the wrong place`);
      return;
    }
    for (const index of collection.indexes) {
      if (index.building) continue;
      const { keys, multikey } = entryKeys(index, document, idKey);
      if (multikey && !index.multikey)
        this.fault(`the index ${index.name} of ${namespaceOf(collection)} does not know that it holds arrays`);
      for (const entry of keys)
        if (!this.store.entries.getBinary(entry)?.equals(idKey)) this.fault(`${shown} is missing from the index ${index.name}`);
      entries.set(index, (entries.get(index) ?? 0) + keys.length);
    }
  }

  private index(name: string, index: IndexInfo, expected: number): void {
    const found: Size = { documents: 0, bytes: 0 };
    for (const { key, value } of this.store.entries.getRange({ start: prefixed(index.id), end: prefixed(index.id + 1) })) {
      found.documents++;
      found.bytes += key.length + value.length;
    }
    this.entries += found.documents;
    if (found.documents !== expected)
      this.fault(`the index ${index.name} of ${name} has ${found.documents} entries, its documents have ${expected}`);
    this.compareSizes(`the index ${index.name} of ${name}: entries`, index, found);
  }

  private compareSizes(what: string, of: { id: number }, found: Size): void {
    const noted = this.catalogue.size(of);
    if (noted.documents !== found.documents || noted.bytes !== found.bytes)
      this.fault(`${what}: ${found.documents} of ${found.bytes} bytes, noted are ${noted.documents} of ${noted.bytes} bytes`);
  }

  /** Data that belongs to nothing, and is not on its way out either. */
  strays(): void {
    const sweeps = new Set(this.catalogue.sweeps.map(({ id }) => id));
    const collections = this.catalogue.collections();
    const owners = {
      documents: new Set([...collections.map(({ id }) => id), ...sweeps]),
      entries: new Set([...collections.flatMap(({ indexes }) => indexes.map(({ id }) => id)), ...sweeps]),
    };
    for (const table of ['documents', 'entries'] as const) {
      let from: Buffer = Buffer.alloc(4);
      for (;;) {
        const [key] = this.store[table].getKeys({ start: from, limit: 1 });
        if (!key) break;
        const id = key.readUInt32BE();
        if (!owners[table].has(id)) this.fault(`there are ${table} of something that does not exist (${id})`);
        from = prefixed(id + 1);
      }
    }
  }
}

const isSound = ({ bytes, start, end }: RawValue): boolean => {
  try {
    return validateDocument(bytes, start, end) === end;
  } catch {
    return false;
  }
};

/** Checks all that a store holds, on which nobody writes meanwhile. */
export const verifyStore = (store: Store): Verified => {
  const catalogue = new Catalogue(store);
  const verification = new Verification(store, catalogue);
  const collections = catalogue.collections();
  for (const collection of collections) verification.collection(collection);
  verification.strays();
  const { documents, entries, faults } = verification;
  return { collections: collections.length, documents, entries, faults };
};
