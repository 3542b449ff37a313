import { BsonType, itemsOf, type RawValue } from '../bson/raw.js';
import { typeName } from '../bson/type-name.js';
import { decodeValue } from '../bson/values.js';
import { CommandError } from '../errors.js';

/** The aliases of $type: every type by its name, and `number` for all numbers. */
const ALIASES: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...Object.values(BsonType).map((type) => [typeName(type), [type]] as const),
  ['number', [BsonType.int, BsonType.long, BsonType.double, BsonType.decimal]],
]);
const NUMBERS: ReadonlySet<number> = new Set(Object.values(BsonType));

/** The BSON types that an operand of $type names, by alias or number, one or several. @throws CommandError BadValue */
export const typeSet = (operand: RawValue): ReadonlySet<number> => {
  const types = new Set<number>();
  for (const item of operand.type === BsonType.array ? itemsOf(operand) : [operand]) {
    const named = decodeValue(item);
    const alias = typeof named === 'string' ? ALIASES.get(named) : undefined;
    const number = typeof named === 'number' ? (named === -1 ? BsonType.minKey : named) : -2;
    if (alias) for (const type of alias) types.add(type);
    else if (NUMBERS.has(number)) types.add(number);
    else throw new CommandError('BadValue', `Unknown type name alias: ${String(named)}`);
  }
  return types;
};
