import { BsonType } from './raw.js';

const TYPE_NAMES: Record<number, string> = {
  [BsonType.double]: 'double',
  [BsonType.string]: 'string',
  [BsonType.object]: 'object',
  [BsonType.array]: 'array',
  [BsonType.binary]: 'binData',
  [BsonType.undefined]: 'undefined',
  [BsonType.objectId]: 'objectId',
  [BsonType.bool]: 'bool',
  [BsonType.date]: 'date',
  [BsonType.null]: 'null',
  [BsonType.regex]: 'regex',
  [BsonType.dbPointer]: 'dbPointer',
  [BsonType.code]: 'javascript',
  [BsonType.symbol]: 'symbol',
  [BsonType.codeWithScope]: 'javascriptWithScope',
  [BsonType.int]: 'int',
  [BsonType.timestamp]: 'timestamp',
  [BsonType.long]: 'long',
  [BsonType.decimal]: 'decimal',
  [BsonType.minKey]: 'minKey',
  [BsonType.maxKey]: 'maxKey',
};

/** What MongoDB calls a BSON type (https://www.mongodb.com/docs/manual/reference/bson-types/). */
export const typeName = (type: number): string => TYPE_NAMES[type] ?? `0x${type.toString(16)}`;
