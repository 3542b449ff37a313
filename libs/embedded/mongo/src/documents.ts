import { parsePath, visit, type Path } from './bson/path.js';
import { BsonType, fieldsOf, itemsOf, MAX_DOCUMENT_BYTES, RawValue } from './bson/raw.js';
import { decodeValue, idOf } from './bson/values.js';
import { namespaceOf, type Catalogue, type CollectionInfo, type IndexInfo } from './catalogue.js';
import { CommandError } from './errors.js';
import { agreeIn, indexKeys, type IndexKeys } from './keys/index-keys.js';
import { keyOf } from './keys/value-key.js';
import { seal, unseal } from './storage/sealed.js';
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
  index: IndexInfo;
  key: Buffer;
  kind: 'put' | 'remove';
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

  /** The document with that `_id` key. @throws CommandError InternalError where it is damaged */
  get(collection: CollectionInfo, idKey: Buffer): RawValue | undefined {
    const bytes = this.#store.documents.getBinary(prefixed(collection.id, idKey));
    return bytes && unseal(bytes);
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
      for (const key of this.#entryKeys(collection, index, document, idKey)) this.#removeEntry(index, key, idKey);
    void this.#store.documents.remove(prefixed(collection.id, idKey));
    this.#catalogue.tally(collection, -1, -document.length);
  }

  /** Adds the document's entries to an index that is being built. @throws CommandError DuplicateKey, KeyTooLong */
  addToIndex(collection: CollectionInfo, index: IndexInfo, document: RawValue): void {
    const idKey = keyOf(idOf(document) as RawValue);
    for (const key of this.#entryKeys(collection, index, document, idKey)) {
      checkKey(key, `The key of the index ${index.name}`);
      const there = this.#store.entries.getBinary(key);
      if (there && !there.equals(idKey)) throw duplicate(collection, index, document);
      // a write that came after the build began has made the entry already
      if (!there) this.#putEntry(index, key, idKey);
    }
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
    void this.#store.documents.put(key, seal(after.slice()));
    for (const change of changes)
      if (change.kind === 'put') this.#putEntry(change.index, change.key, idKey);
      else this.#removeEntry(change.index, change.key, idKey);
    this.#catalogue.tally(collection, before ? 0 : 1, after.length - (before?.length ?? 0));
  }

  #entryChanges(collection: CollectionInfo, index: IndexInfo, idKey: Buffer, before: RawValue | undefined, after: RawValue): EntryChange[] {
    const old = before ? this.#entryKeys(collection, index, before, idKey) : [];
    const fresh = this.#entryKeys(collection, index, after, idKey);
    if (old.length === 1 && fresh.length === 1 && old[0]?.equals(fresh[0] as Buffer)) return [];
    const changes: EntryChange[] = [];
    for (const key of old) if (!fresh.some((each) => each.equals(key))) changes.push({ index, key, kind: 'remove' });
    for (const key of fresh) {
      if (old.some((each) => each.equals(key))) continue;
      checkKey(key, `The key of the index ${index.name}`);
      if (index.unique && this.#store.entries.doesExist(key)) throw duplicate(collection, index, after);
      changes.push({ index, key, kind: 'put' });
    }
    return changes;
  }

  #putEntry(index: IndexInfo, key: Buffer, idKey: Buffer): void {
    void this.#store.entries.put(key, idKey);
    this.#catalogue.tally(index, 1, key.length + idKey.length);
  }

  /** While an index is being built, the entry may not be there yet, or, of a unique one, be another document's that has the same key. */
  #removeEntry(index: IndexInfo, key: Buffer, idKey: Buffer): void {
    if (index.unique || index.building) {
      if (!this.#store.entries.getBinary(key)?.equals(idKey)) return;
    }
    void this.#store.entries.remove(key);
    this.#catalogue.tally(index, -1, -key.length - idKey.length);
  }

  #entryKeys(collection: CollectionInfo, index: IndexInfo, document: RawValue, idKey: Buffer): Buffer[] {
    const { keys, multikey } = entryKeys(index, document, idKey);
    if (multikey && !index.multikey) this.#catalogue.markMultikey(collection, index);
    return keys;
  }
}

/**
 * The keys of a document's entries in an index. A unique index has one entry a key, which names its document; any other has the document's
 * id within the key.
 * @throws CommandError CannotIndexParallelArrays
 */
export const entryKeys = (index: IndexInfo, document: RawValue, idKey: Buffer): IndexKeys => {
  if (index.filter && !index.filter.matches(document)) return { keys: [], multikey: false };
  const { keys, multikey } = indexKeys(document, index.shape);
  return { keys: keys.map((key) => (index.unique ? prefixed(index.id, key) : prefixed(index.id, key, idKey))), multikey };
};

/** The value an index field has in a document; of an array the whole. */
const valueAt = (document: RawValue, path: Path): RawValue | null => {
  let found: RawValue | undefined;
  visit(document, path, (value) => ((found = value), true), true);
  return found ?? null;
};

/** The error of a real server, word for word where drivers and people parse it. */
const duplicate = (
  collection: CollectionInfo,
  { name, pattern }: Pick<IndexInfo, 'name' | 'pattern'>,
  document: RawValue,
): CommandError => {
  const keyPattern = Object.fromEntries(pattern);
  const keyValue = Object.fromEntries(pattern.map(([dotted]) => [dotted, valueAt(document, parsePath(dotted))]));
  const shown = Object.entries(keyValue).map(([field, value]) => `${field}: ${value ? show(value) : 'null'}`);
  return new CommandError(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespaceOf(collection)} index: ${name} dup key: { ${shown.join(', ')} }`,
    { keyPattern, keyValue },
  );
};

/** A value as MongoDB's messages show it. */
const show = (value: RawValue): string => {
  const decoded = decodeValue(value);
  switch (value.type) {
    case BsonType.objectId:
      return `ObjectId('${String(decoded)}')`;
    case BsonType.date:
      return `new Date(${(decoded as Date).getTime()})`;
    case BsonType.double:
      return Number.isInteger(decoded) ? `${String(decoded)}.0` : String(decoded);
    case BsonType.int:
    case BsonType.long:
    case BsonType.decimal:
    case BsonType.bool:
      return String(decoded);
    case BsonType.object:
      return `{ ${[...fieldsOf(value)].map(([field, inner]) => `${field}: ${show(inner)}`).join(', ')} }`;
    case BsonType.array:
      return `[ ${itemsOf(value).map(show).join(', ')} ]`;
    default:
      return JSON.stringify(decoded) ?? 'null';
  }
};
