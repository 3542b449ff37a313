import { UUID } from 'bson';
import { RawValue } from '../bson/raw.js';
import { writeDocument } from '../bson/writer.js';
import { namespaceOf, type CollectionInfo } from '../catalogue.js';
import { CommandError } from '../errors.js';
import { compileFilter } from '../query/compile-filter.js';
import { Held } from '../query/source.js';
import { BsonType } from '../bson/raw.js';
import type { Handler } from './call.js';
import { Arguments } from './command.js';
import { cursorReply } from './cursor-reply.js';
import { specificationOf, ID_INDEX } from './index-specification.js';

/** Options of `create` that change nothing here. */
const NEUTRAL = [
  'autoIndexId',
  'idIndex',
  'storageEngine',
  'indexOptionDefaults',
  'flags',
  'recordPreImages',
  'changeStreamPreAndPostImages',
  'temp',
];
/** Options that would make another kind of collection, which this node has not. */
const REFUSED = [
  'capped',
  'size',
  'max',
  'timeseries',
  'expireAfterSeconds',
  'clusteredIndex',
  'viewOn',
  'pipeline',
  'validator',
  'validationLevel',
  'validationAction',
  'collation',
  'encryptedFields',
];
const CREATE: ReadonlySet<string> = new Set([...NEUTRAL, ...REFUSED]);

/** https://www.mongodb.com/docs/manual/reference/command/create/ */
export const create: Handler = async ({ node, command }) => {
  command.allow(CREATE);
  for (const field of REFUSED) {
    const value = command.get(field);
    if (value && !(value.type === BsonType.bool && !command.boolean(field)))
      throw new CommandError('InvalidOptions', `This node has plain collections only: it does not take the option '${field}'`);
  }
  const name = command.collection();
  await node.write(() => {
    const there = node.catalogue.working(command.db, name);
    if (there) throw new CommandError('NamespaceExists', `Collection ${namespaceOf(there)} already exists.`);
    node.catalogue.ensure(command.db, name);
  });
  return {};
};

/** https://www.mongodb.com/docs/manual/reference/command/drop/ */
export const drop: Handler = async ({ node, command }) => {
  command.allow(new Set());
  const name = command.collection();
  const dropped = await node.write(() => {
    const collection = node.catalogue.working(command.db, name);
    if (collection) node.catalogue.drop(collection);
    return collection;
  });
  // since MongoDB 7.0 it is no error to drop what is not there
  if (!dropped) return {};
  return { nIndexesWas: dropped.indexes.length + 1, ns: namespaceOf(dropped) };
};

/** https://www.mongodb.com/docs/manual/reference/command/dropDatabase/ */
export const dropDatabase: Handler = async ({ node, command }) => {
  command.allow(new Set());
  const { db } = command;
  const dropped = await node.write(() => {
    const collections = node.catalogue.workingIn(db);
    for (const collection of collections) node.catalogue.drop(collection);
    return collections.length;
  });
  return dropped > 0 ? { dropped: db } : {};
};

const LIST_COLLECTIONS: ReadonlySet<string> = new Set(['filter', 'nameOnly', 'authorizedCollections', 'cursor']);

const described = ({ name, uuid }: CollectionInfo, nameOnly: boolean): object =>
  nameOnly
    ? { name, type: 'collection' }
    : { name, type: 'collection', options: {}, info: { readOnly: false, uuid: new UUID(uuid) }, idIndex: specificationOf(ID_INDEX) };

/** https://www.mongodb.com/docs/manual/reference/command/listCollections/ */
export const listCollections: Handler = (call) => {
  const { node, command } = call;
  command.allow(LIST_COLLECTIONS);
  const query = command.object('filter');
  const filter = query && compileFilter(query);
  const nameOnly = command.boolean('nameOnly');
  const documents = node.catalogue
    .collections(command.db)
    .map((collection) => ({ full: document(described(collection, false)), shown: document(described(collection, nameOnly)) }))
    .filter(({ full }) => filter?.matches(full) ?? true)
    .map(({ shown }) => shown);
  const cursor = command.object('cursor');
  const batchSize = cursor && new Arguments('cursor', cursor).integer('batchSize');
  return cursorReply(call, { namespace: `${command.db}.$cmd.listCollections`, source: new Held(documents), batchSize });
};

const document = (fields: object): RawValue => RawValue.document(writeDocument(fields));

const LIST_DATABASES: ReadonlySet<string> = new Set(['filter', 'nameOnly', 'authorizedDatabases']);

/** https://www.mongodb.com/docs/manual/reference/command/listDatabases/ */
export const listDatabases: Handler = ({ node, command }) => {
  command.allow(LIST_DATABASES);
  const query = command.object('filter');
  const filter = query && compileFilter(query);
  const nameOnly = command.boolean('nameOnly');
  const sizes = new Map<string, number>();
  for (const collection of node.catalogue.collections())
    sizes.set(collection.db, (sizes.get(collection.db) ?? 0) + node.catalogue.size(collection).bytes);
  const databases = [...sizes]
    .map(([name, sizeOnDisk]) => ({ name, sizeOnDisk, empty: false }))
    .filter((database) => filter?.matches(document(database)) ?? true);
  if (nameOnly) return { databases: databases.map(({ name }) => ({ name })) };
  const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0);
  return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 1_048_576) };
};
