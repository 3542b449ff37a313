import type { RawValue } from '../bson/raw.js';
import { idOf } from '../bson/values.js';
import type { CollectionInfo } from '../catalogue.js';
import { keyOf } from '../keys/value-key.js';
import type { Node } from '../node.js';
import type { Filter } from '../query/filter.js';
import { find, type FindOptions } from '../query/find.js';
import { drain } from '../query/source.js';
import { Slice, type Patience } from '../slices.js';

/** Documents that one statement changes within one transaction, at most; more are taken in several. */
const MANY = 1_000;
/** Time that one statement may search within a transaction, in milliseconds. */
const SEARCH_MS = 20;

const idKeyOf = (document: RawValue): Buffer => keyOf(idOf(document) as RawValue);

/** The first document that matches, as the running transaction sees it. */
export const firstMatch = (node: Node, collection: CollectionInfo, filter: Filter, options: FindOptions = {}): RawValue | undefined => {
  const { source } = find(node, collection, filter, { ...options, limit: 1 });
  let found: RawValue | undefined;
  const forever = new Slice(Infinity);
  while (!source.run((document) => ((found = document), false), forever) && !found);
  return found;
};

/** The keys of all that match, as the running transaction sees them; undefined where they are too many, or finding them takes too long. */
export const fewMatches = (node: Node, collection: CollectionInfo, filter: Filter, options: FindOptions): Buffer[] | undefined => {
  const { source } = find(node, collection, filter, options);
  const keys: Buffer[] = [];
  const all = source.run((document) => keys.push(idKeyOf(document)) < MANY, new Slice(SEARCH_MS));
  return all ? keys : undefined;
};

/**
 * Changes all documents that match, many of them: finds them first, then changes them a share at a time, each share in one transaction. As
 * on a real server, such a statement is not atomic: others may write in between, and a document that they changed so that it no longer
 * matches is left alone. Answers what `change` answered for each.
 * @throws CommandError that `change` threw; the documents before that one stay changed
 */
export const changeMany = async <T>(
  node: Node,
  collection: CollectionInfo,
  filter: Filter,
  options: FindOptions,
  change: (collection: CollectionInfo, document: RawValue) => T,
  patience: Patience,
): Promise<T[]> => {
  const keys: Buffer[] = [];
  await drain(find(node, collection, filter, options).source, (document) => keys.push(idKeyOf(document)) > 0, patience);
  const changed: T[] = [];
  for (let from = 0; from < keys.length; from += MANY) {
    patience.check();
    const share = keys.slice(from, from + MANY);
    changed.push(...(await node.write(() => changeAll(node, collection, filter, share, change))));
  }
  return changed;
};

/** Changes the documents with these keys that (still) match, inside a transaction. */
export const changeAll = <T>(
  node: Node,
  { id, db, name }: CollectionInfo,
  filter: Filter,
  keys: readonly Buffer[],
  change: (collection: CollectionInfo, document: RawValue) => T,
): T[] => {
  const changed: T[] = [];
  for (const key of keys) {
    // a change may make the collection another one: an index of it becomes multikey
    const collection = node.catalogue.working(db, name);
    const document = collection?.id === id ? node.documents.get(collection, key) : undefined;
    if (collection && document && filter.matches(document)) changed.push(change(collection, document));
  }
  return changed;
};
