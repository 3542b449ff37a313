import { RawValue, MAX_DOCUMENT_BYTES } from './bson/raw.js';
import { decodeValue, idOf } from './bson/values.js';
import { visit } from './bson/path.js';
import type { Catalogue, CollectionInfo, IndexInfo } from './catalogue.js';
import { namespaceOf } from './catalogue.js';
import { CommandError } from './errors.js';
import { agreeIn, indexKeys } from './keys/index-keys.js';
import { keyOf } from './keys/value-key.js';
import { MAX_KEY_BYTES, type Store } from './storage/store.js';

/** 4 bytes of collection or index id, big-endian, before every key: one table holds all. */
export const prefixed = (id: number, ...parts: Buffer[]): Buffer => {
  const key = Buffer.allocUnsafe(parts.reduce((length, part) => length + part.length, 4));
  key.writeUInt32BE(id, 0);
  let at = 4;
  for (const part of parts) at += part.copy(key, at);
  return key;
};

const checkKey = (key: Buffer, what: string): Buffer => {
  if (key.length > MAX_KEY_BYTES)
    throw new CommandError('KeyTooLong', `${what} is too large: ${key.length} bytes, at most ${MAX_KEY_BYTES}`);
  return key;
};

/** One change to the entries of one index. */
interface EntryChange {
  key: Buffer;
  value: Buffer | undefined;
}

/**
 * The documents of all collections and the entries of their indexes, which always change together: every method that writes is called
 * inside a transaction, checks everything first (unique keys, sizes) and only then writes.
 */
export class Documents {
  readonly #store: Store;
  readonly #catalogue: Catalogue;

  constructor(store: Store, catalogue: Catalogue) {
    this.#store = store;
    this.#catalogue = catalogue;
  }

  /** The document with that `_id` key. */
  get(collection: CollectionInfo, idKey: Buffer): RawValue | undefined {
    const bytes = this.#store.documents.getBinary(prefixed(collection.id, idKey));
    return bytes && RawValue.document(bytes);
  }

  /** @throws CommandError DuplicateKey, KeyTooLong, BSONObjectTooLarge */
  insert(collection: CollectionInfo, document: Buffer): void {
    const after = RawValue.document(document);
    const id = idOf(after) as RawValue;
    const idKey = keyOf(id);
    const key = checkKey(prefixed(collection.id, idKey), 'The _id');
    if (this.#store.documents.doesExist(key)) throw duplicate(collection, { name: '_id_', pattern: [['_id', 1]] }, after);
    this.#write(collection, key, idKey, undefined, after);
  }

  /** Puts `document` in the place of `before`; both have the same `_id`. @throws CommandError as `insert` */
  replace(collection: CollectionInfo, before: RawValue, document: Buffer): void {
    const idKey = keyOf(idOf(before) as RawValue);
    this.#write(collection, prefixed(collection.id, idKey), idKey, before, RawValue.document(document));
  }

  remove(collection: CollectionInfo, document: RawValue): void {
    const idKey = keyOf(idOf(document) as RawValue);
    for (const index of collection.indexes)
      for (const key of this.#entryKeys(collection, index, document, idKey)) void this.#store.entries.remove(key);
    void this.#store.documents.remove(prefixed(collection.id, idKey));
    this.#catalogue.tally(collection, -1, -document.length);
  }

  /** Adds the document's entries to an index that is being built. @throws CommandError DuplicateKey, KeyTooLong */
  addToIndex(collection: CollectionInfo, index: IndexInfo, document: RawValue): void {
    const idKey = keyOf(idOf(document) as RawValue);
    for (const change of this.#entryChanges(collection, index, idKey, undefined, document))
      void this.#store.entries.put(change.key, change.value as Buffer);
  }

  #write(collection: CollectionInfo, key: Buffer, idKey: Buffer, before: RawValue | undefined, after: RawValue): void {
    if (after.length > MAX_DOCUMENT_BYTES)
      throw new CommandError('BSONObjectTooLarge', `A document is at most ${MAX_DOCUMENT_BYTES} bytes, this one is ${after.length}`);
    const changes: EntryChange[] = [];
    for (const index of collection.indexes) {
      if (before && agreeIn(before, after, index.fields)) continue;
      changes.push(...this.#entryChanges(collection, index, idKey, before, after));
    }
    // From here on nothing is refused any more.
    void this.#store.documents.put(key, after.slice());
    for (const change of changes)
      if (change.value) void this.#store.entries.put(change.key, change.value);
      else void this.#store.entries.remove(change.key);
    this.#catalogue.tally(collection, before ? 0 : 1, after.length - (before?.length ?? 0));
  }

  #entryChanges(collection: CollectionInfo, index: IndexInfo, idKey: Buffer, before: RawValue | undefined, after: RawValue): EntryChange[] {
    const old = before ? this.#entryKeys(collection, index, before, idKey) : [];
    const fresh = this.#entryKeys(collection, index, after, idKey);
    if (old.length === 1 && fresh.length === 1 && old[0]?.equals(fresh[0] as Buffer)) return [];
    const changes: EntryChange[] = [];
    for (const key of old) if (!fresh.some((each) => each.equals(key))) changes.push({ key, value: undefined });
    for (const key of fresh) {
      if (old.some((each) => each.equals(key))) continue;
      checkKey(key, `The key of the index ${index.name}`);
      if (index.unique && this.#store.entries.doesExist(key)) throw duplicate(collection, index, after);
      changes.push({ key, value: idKey });
    }
    return changes;
  }

  /** A unique index has one entry a key, which names its document; any other has the document's id within the key. */
  #entryKeys(collection: CollectionInfo, index: IndexInfo, document: RawValue, idKey: Buffer): Buffer[] {
    if (index.filter && !index.filter.matches(document)) return [];
    const { keys, multikey } = indexKeys(document, index.shape);
    if (multikey && !index.multikey) this.#catalogue.markMultikey(collection, index);
    return keys.map((key) => (index.unique ? prefixed(index.id, key) : prefixed(index.id, key, idKey)));
  }
}

const firstValue = (document: RawValue, index: IndexInfo | undefined, dotted: string, at: number): unknown => {
  let value: unknown = null;
  const path = index?.shape.fields[at]?.path;
  if (!path) return decodeValue(idOf(document) as RawValue);
  visit(document, path, (each) => {
    value = each ? decodeValue(each) : null;
    return true;
  });
  return dotted === '' ? null : value;
};

/** The error of a real server, word for word where drivers and people parse it. */
const duplicate = (
  collection: CollectionInfo,
  index: Pick<IndexInfo, 'name' | 'pattern'> & Partial<IndexInfo>,
  document: RawValue,
): CommandError => {
  const keyPattern = Object.fromEntries(index.pattern);
  const keyValue = Object.fromEntries(
    index.pattern.map(([dotted], i) => [dotted, firstValue(document, index.shape && (index as IndexInfo), dotted, i)]),
  );
  const shown = Object.entries(keyValue).map(([name, value]) => `${name}: ${show(value)}`);
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespaceOf(collection)} index: ${index.name} dup key: { ${shown.join(', ')} }`,
    { keyPattern, keyValue },
  );
};

const show = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value !== null && typeof value === 'object' && '_bsontype' in value && value._bsontype === 'ObjectId')
    return `ObjectId('${String(value)}')`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  return JSON.stringify(value) ?? 'null';
};
