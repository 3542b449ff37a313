import { BsonType, fieldsOf, RawValue } from '../bson/raw.js';
import { writeDocument } from '../bson/writer.js';
import { namespaceOf, type CollectionInfo, type IndexInfo, type IndexSpec } from '../catalogue.js';
import { CommandError } from '../errors.js';
import { Held } from '../query/source.js';
import type { Handler } from './call.js';
import { Arguments } from './command.js';
import { cursorReply } from './cursor-reply.js';
import { ID_INDEX, isThere, MAX_INDEXES, readIndex, specificationOf } from './index-specification.js';

const CREATE: ReadonlySet<string> = new Set(['indexes', 'commitQuorum']);

const isIdIndex = ({ pattern }: IndexSpec): boolean => pattern.length === 1 && pattern[0]?.[0] === '_id' && pattern[0][1] === 1;

const checkIdIndex = ({ name, unique, sparse, partial, expireAfterSeconds }: IndexSpec): void => {
  if (name !== '_id_' && name !== '_id_1')
    throw new CommandError('BadValue', `The index name '_id_' is required for the _id index, not '${name}'`);
  if (sparse || partial || expireAfterSeconds !== undefined || unique)
    throw new CommandError(
      'InvalidIndexSpecificationOption',
      'The _id index takes no options: it is always unique and holds every document',
    );
};

/** https://www.mongodb.com/docs/manual/reference/command/createIndexes/ */
export const createIndexes: Handler = async ({ node, command }) => {
  command.allow(CREATE);
  const [db, name] = [command.db, command.collection()];
  const given = command.list('indexes').map(readIndex);
  if (given.length === 0) throw new CommandError('BadValue', 'Must specify at least one index to create');
  given.filter(isIdIndex).forEach(checkIdIndex);
  const wanted = given.filter((spec) => !isIdIndex(spec));
  const createdCollection = node.catalogue.find(db, name) === undefined;
  const { before, after } = await node.indexes.create(db, name, wanted, isThere, MAX_INDEXES);
  return {
    numIndexesBefore: before + 1,
    numIndexesAfter: after + 1,
    createdCollectionAutomatically: createdCollection,
    ...(before === after && { note: 'all indexes already exist' }),
  };
};

const DROP: ReadonlySet<string> = new Set(['index']);

const found = (collection: CollectionInfo, wanted: RawValue): IndexInfo => {
  if (wanted.type === BsonType.string) {
    const name = wanted.text();
    if (name === '_id_') throw new CommandError('InvalidOptions', 'cannot drop _id index');
    const index = collection.indexes.find((each) => each.name === name);
    if (!index) throw new CommandError('IndexNotFound', `index not found with name [${name}]`);
    return index;
  }
  if (wanted.type !== BsonType.object)
    throw new CommandError('TypeMismatch', "BSON field 'dropIndexes.index' must be a name, a list of names, or a key pattern");
  const pattern = JSON.stringify(
    [...fieldsOf(wanted)].map(([field, value]) => [field, new Arguments('index', wanted).integer(field, -1) ?? value.type]),
  );
  if (pattern === JSON.stringify(ID_INDEX.pattern)) throw new CommandError('InvalidOptions', 'cannot drop _id index');
  const index = collection.indexes.find((each) => JSON.stringify(each.pattern) === pattern);
  if (!index) throw new CommandError('IndexNotFound', `can't find index with key: ${pattern}`);
  return index;
};

/** https://www.mongodb.com/docs/manual/reference/command/dropIndexes/ */
export const dropIndexes: Handler = async ({ node, command }) => {
  command.allow(DROP);
  const [db, name, wanted] = [command.db, command.collection(), command.require('index')];
  return node.write(() => {
    let collection = node.catalogue.working(db, name);
    if (!collection) throw new CommandError('NamespaceNotFound', `ns not found ${db}.${name}`);
    const before = collection.indexes.length;
    const all = wanted.type === BsonType.string && wanted.text() === '*';
    const list = wanted.type === BsonType.array ? (command.array('index') as RawValue[]) : [wanted];
    const dropped = all ? [...collection.indexes] : list.map((each) => found(collection as CollectionInfo, each));
    for (const index of dropped) collection = node.catalogue.dropIndex(collection, index);
    return { nIndexesWas: before + 1, ...(all && { msg: 'non-_id indexes dropped for collection' }) };
  });
};

const LIST: ReadonlySet<string> = new Set(['cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo']);

/** https://www.mongodb.com/docs/manual/reference/command/listIndexes/ */
export const listIndexes: Handler = (call) => {
  const { node, command } = call;
  command.allow(LIST);
  const [db, name] = [command.db, command.collection()];
  const collection = node.catalogue.find(db, name);
  if (!collection) throw new CommandError('NamespaceNotFound', `ns does not exist: ${db}.${name}`);
  const ready = collection.indexes.filter(({ building }) => !building);
  const documents = [ID_INDEX, ...ready].map((index) => RawValue.document(writeDocument(specificationOf(index))));
  const cursor = command.object('cursor');
  const batchSize = cursor && new Arguments('cursor', cursor).integer('batchSize');
  return cursorReply(call, { namespace: namespaceOf(collection), source: new Held(documents), batchSize });
};
