import { BsonType, itemsOf, type RawValue } from '../bson/raw.js';
import { decodeValue } from '../bson/values.js';
import { CommandError } from '../errors.js';

/** The aliases of $type (https://www.mongodb.com/docs/manual/reference/operator/query/type/). */
const ALIASES: Record<string, readonly number[]> = {
  double: [BsonType.double],
  string: [BsonType.string],
  object: [BsonType.object],
  array: [BsonType.array],
  binData: [BsonType.binary],
  undefined: [BsonType.undefined],
  objectId: [BsonType.objectId],
  bool: [BsonType.bool],
  date: [BsonType.date],
  null: [BsonType.null],
  regex: [BsonType.regex],
  dbPointer: [BsonType.dbPointer],
  javascript: [BsonType.code],
  symbol: [BsonType.symbol],
  javascriptWithScope: [BsonType.codeWithScope],
  int: [BsonType.int],
  timestamp: [BsonType.timestamp],
  long: [BsonType.long],
  decimal: [BsonType.decimal],
  minKey: [BsonType.minKey],
  maxKey: [BsonType.maxKey],
  number: [BsonType.int, BsonType.long, BsonType.double, BsonType.decimal],
};
const NUMBERS: ReadonlySet<number> = new Set(Object.values(BsonType));

/** The BSON types that an operand of $type names, by alias or number, one or several. @throws CommandError BadValue */
export const typeSet = (operand: RawValue): ReadonlySet<number> => {
  const types = new Set<number>();
  for (const item of operand.type === BsonType.array ? itemsOf(operand) : [operand]) {
    const named = decodeValue(item);
    const alias = typeof named === 'string' ? ALIASES[named] : undefined;
    const number = typeof named === 'number' ? (named === -1 ? BsonType.minKey : named) : -2;
    if (alias) for (const type of alias) types.add(type);
    else if (NUMBERS.has(number)) types.add(number);
    else throw new CommandError('BadValue', `Unknown type name alias: ${String(named)}`);
  }
  return types;
};
