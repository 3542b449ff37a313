import { arrayOf, boolValue, documentOf, FALSE, intValue, merged, NULL, TRUE } from '../bson/build.js';
import { BsonType, fieldsOf, itemsOf, type RawValue } from '../bson/raw.js';
import { typeName } from '../bson/type-name.js';
import { encodeValue } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { ARITHMETIC } from './arithmetic.js';
import { CONVERSIONS } from './conversions.js';
import { named, operands, unary } from './operands.js';
import { binding, type Expression, type OperatorFactory, type Value } from './scope.js';
import { compareValues, holds, isNullish, keyOfValue } from './values.js';

const binary =
  (name: string, evaluate: (a: Value, b: Value) => Value): OperatorFactory =>
  (operand, compiling) => {
    const [a, b] = operands(name, operand, compiling, 2) as [Expression, Expression];
    return (scope) => evaluate(a(scope), b(scope));
  };

const comparison = (name: string, satisfied: (order: number) => boolean): OperatorFactory =>
  binary(name, (a, b) => boolValue(satisfied(compareValues(a, b))));

const cond: OperatorFactory = (operand, compiling) => {
  let parts: Expression[];
  if (operand.type === BsonType.object && fieldsOf(operand).has('if')) {
    const fields = named('$cond', operand, ['if', 'then', 'else']);
    parts = ['if', 'then', 'else'].map((field) => compiling.compile(fields.get(field) as RawValue));
  } else parts = operands('$cond', operand, compiling, 3);
  const [test, then, otherwise] = parts as [Expression, Expression, Expression];
  return (scope) => (holds(test(scope)) ? then(scope) : otherwise(scope));
};

const ifNull: OperatorFactory = (operand, compiling) => {
  const items = operands('$ifNull', operand, compiling, 2, Infinity);
  return (scope) => {
    let value: Value;
    for (const item of items) {
      value = item(scope);
      if (!isNullish(value)) return value;
    }
    return value;
  };
};

const switchCase: OperatorFactory = (operand, { compile }) => {
  const fields = named('$switch', operand, ['branches'], ['default']);
  const branches = itemsOf(fields.get('branches') as RawValue).map((branch) => {
    const parts = named('$switch', branch, ['case', 'then']);
    return { test: compile(parts.get('case') as RawValue), then: compile(parts.get('then') as RawValue) };
  });
  if (branches.length === 0) throw new CommandError('Location40068', '$switch requires at least one branch.');
  const fallback = fields.get('default');
  const otherwise = fallback && compile(fallback);
  return (scope) => {
    for (const { test, then } of branches) if (holds(test(scope))) return then(scope);
    if (!otherwise)
      throw new CommandError('Location40066', '$switch could not find a matching branch for an input, and no default was specified.');
    return otherwise(scope);
  };
};

const wrongArray = (name: string, value: RawValue, code: `Location${number}` = 'Location28689'): CommandError =>
  new CommandError(code, `The argument to ${name} must be an array, but was of type: ${typeName(value.type)}`);

/** The items of an array, undefined where the value is null or missing. @throws CommandError where it is something else */
const arrayItems = (name: string, value: Value, code?: `Location${number}`): RawValue[] | undefined => {
  if (isNullish(value)) return undefined;
  const array = value as RawValue;
  if (array.type !== BsonType.array) throw wrongArray(name, array, code);
  return itemsOf(array);
};

const elementAt = binary('$arrayElemAt', (array, index) => {
  const items = arrayItems('$arrayElemAt', array);
  if (!items || isNullish(index)) return NULL;
  const at = Number((index as RawValue).isNumber ? indexOf(index as RawValue) : NaN);
  if (!Number.isInteger(at))
    throw new CommandError('Location28690', "$arrayElemAt's second argument must be a numeric value that is a 32-bit integer");
  return items.at(at);
});

const indexOf = ({ type, bytes, start }: RawValue): number =>
  type === BsonType.int
    ? bytes.readInt32LE(start)
    : type === BsonType.long
      ? Number(bytes.readBigInt64LE(start))
      : type === BsonType.double
        ? bytes.readDoubleLE(start)
        : NaN;

const map: OperatorFactory = (operand, { compile }) => {
  const fields = named('$map', operand, ['input', 'in'], ['as']);
  const as = fields.get('as')?.text() ?? 'this';
  const [input, inner] = [compile(fields.get('input') as RawValue), compile(fields.get('in') as RawValue, [as])];
  return (scope) => {
    const items = arrayItems('$map', input(scope), 'Location16883');
    return items ? arrayOf(items.map((item) => inner(binding(scope, { [as]: item })) ?? NULL)) : NULL;
  };
};

const filter: OperatorFactory = (operand, { compile }) => {
  const fields = named('$filter', operand, ['input', 'cond'], ['as', 'limit']);
  const as = fields.get('as')?.text() ?? 'this';
  const [input, test] = [compile(fields.get('input') as RawValue), compile(fields.get('cond') as RawValue, [as])];
  const most = fields.get('limit');
  const limit = most && compile(most);
  return (scope) => {
    const items = arrayItems('$filter', input(scope), 'Location28651');
    if (!items) return NULL;
    const kept = items.filter((item) => holds(test(binding(scope, { [as]: item }))));
    const value = limit?.(scope);
    return arrayOf(value && !isNullish(value) ? kept.slice(0, indexOf(value)) : kept);
  };
};

const reduce: OperatorFactory = (operand, { compile }) => {
  const fields = named('$reduce', operand, ['input', 'initialValue', 'in']);
  const [input, initial] = [compile(fields.get('input') as RawValue), compile(fields.get('initialValue') as RawValue)];
  const inner = compile(fields.get('in') as RawValue, ['this', 'value']);
  return (scope) => {
    const items = arrayItems('$reduce', input(scope), 'Location40080');
    return items ? items.reduce<Value>((value, item) => inner(binding(scope, { this: item, value })), initial(scope)) : NULL;
  };
};

const letIn: OperatorFactory = (operand, { compile }) => {
  const fields = named('$let', operand, ['vars', 'in']);
  const variables = [...fieldsOf(fields.get('vars') as RawValue)].map(([name, value]) => [name, compile(value)] as const);
  const inner = compile(
    fields.get('in') as RawValue,
    variables.map(([name]) => name),
  );
  return (scope) => inner(binding(scope, Object.fromEntries(variables.map(([name, value]) => [name, value(scope)]))));
};

const concatArrays: OperatorFactory = (operand, compiling) => {
  const items = operands('$concatArrays', operand, compiling, 0, Infinity);
  return (scope) => {
    const all: RawValue[] = [];
    for (const item of items) {
      const part = arrayItems('$concatArrays', item(scope), 'Location28664');
      if (!part) return NULL;
      all.push(...part);
    }
    return arrayOf(all);
  };
};

const mergeObjects: OperatorFactory = (operand, compiling) => {
  const items = operands('$mergeObjects', operand, compiling, 0, Infinity);
  return (scope) => {
    const values = items.map((item) => item(scope));
    const [only] = values;
    const all = values.length === 1 && only?.type === BsonType.array ? itemsOf(only) : values;
    const documents = all.filter((value): value is RawValue => !isNullish(value));
    const stranger = documents.find(({ type }) => type !== BsonType.object);
    if (stranger)
      throw new CommandError('Location40400', `$mergeObjects requires object inputs, but input is of type ${typeName(stranger.type)}`);
    return merged(documents);
  };
};

const objectToArray = unary('$objectToArray', (value) => {
  if (isNullish(value)) return NULL;
  const object = value as RawValue;
  if (object.type !== BsonType.object)
    throw new CommandError('Location40390', `$objectToArray requires a document input, found: ${typeName(object.type)}`);
  return arrayOf(
    [...fieldsOf(object)].map(([k, v]) =>
      documentOf([
        ['k', encodeValue(k)],
        ['v', v],
      ]),
    ),
  );
});

const arrayToObject = unary('$arrayToObject', (value) => {
  const items = arrayItems('$arrayToObject', value, 'Location40386');
  if (!items) return NULL;
  const fields = new Map<string, RawValue>();
  for (const item of items) {
    const pair = item.type === BsonType.array ? itemsOf(item) : [fieldsOf(item).get('k'), fieldsOf(item).get('v')];
    const [key, held] = pair;
    if (pair.length !== 2 || key?.type !== BsonType.string || !held)
      throw new CommandError('Location40392', '$arrayToObject requires an array of pairs, or of documents with the fields k and v');
    fields.set(key.text(), held);
  }
  return documentOf(fields);
});

/** Sets of values: in the order of their keys, each once. */
const setOf = (items: readonly RawValue[]): Map<string, RawValue> =>
  new Map(items.map((item) => [keyOfValue(item).toString('latin1'), item]));

const sets =
  (name: string, combine: (a: Map<string, RawValue>, b: Map<string, RawValue>) => Map<string, RawValue>): OperatorFactory =>
  (operand, compiling) => {
    const items = operands(name, operand, compiling, 0, Infinity);
    return (scope) => {
      let all: Map<string, RawValue> | undefined;
      for (const item of items) {
        const part = arrayItems(name, item(scope), 'Location17043');
        if (!part) return NULL;
        all = all ? combine(all, setOf(part)) : setOf(part);
      }
      return arrayOf([...(all ?? new Map<string, RawValue>())].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value));
    };
  };

/** The operators that keep or make BSON types; all others are mingo's. */
export const OPERATORS: Readonly<Record<string, OperatorFactory | undefined>> = {
  ...ARITHMETIC,
  ...CONVERSIONS,
  $literal: (operand) => () => operand,
  $eq: comparison('$eq', (order) => order === 0),
  $ne: comparison('$ne', (order) => order !== 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $cmp: binary('$cmp', (a, b) => intValue(Math.sign(compareValues(a, b)))),
  $and: (operand, compiling) => {
    const items = operands('$and', operand, compiling, 0, Infinity);
    return (scope) => boolValue(items.every((item) => holds(item(scope))));
  },
  $or: (operand, compiling) => {
    const items = operands('$or', operand, compiling, 0, Infinity);
    return (scope) => boolValue(items.some((item) => holds(item(scope))));
  },
  $not: unary('$not', (value) => boolValue(!holds(value))),
  $cond: cond,
  $ifNull: ifNull,
  $switch: switchCase,
  $let: letIn,
  $map: map,
  $filter: filter,
  $reduce: reduce,
  $arrayElemAt: elementAt,
  $first: unary('$first', (value) => {
    const items = arrayItems('$first', value);
    return items ? items[0] : NULL;
  }),
  $last: unary('$last', (value) => {
    const items = arrayItems('$last', value);
    return items ? items.at(-1) : NULL;
  }),
  $size: unary('$size', (value) => {
    if (value?.type !== BsonType.array)
      throw new CommandError(
        'Location17124',
        `The argument to $size must be an array, but was of type: ${value ? typeName(value.type) : 'missing'}`,
      );
    return intValue(itemsOf(value).length);
  }),
  $isArray: unary('$isArray', (value) => boolValue(value?.type === BsonType.array)),
  $in: binary('$in', (value, array) => {
    if (array?.type !== BsonType.array)
      throw new CommandError(
        'Location40081',
        `$in requires an array as a second argument, found: ${array ? typeName(array.type) : 'missing'}`,
      );
    const key = keyOfValue(value);
    return boolValue(itemsOf(array).some((item) => keyOfValue(item).equals(key)));
  }),
  $concatArrays: concatArrays,
  $reverseArray: unary('$reverseArray', (value) => {
    const items = arrayItems('$reverseArray', value, 'Location34435');
    return items ? arrayOf(items.reverse()) : NULL;
  }),
  $mergeObjects: mergeObjects,
  $objectToArray: objectToArray,
  $arrayToObject: arrayToObject,
  $setUnion: sets('$setUnion', (a, b) => new Map([...b, ...a])),
  $setIntersection: sets('$setIntersection', (a, b) => new Map([...a].filter(([key]) => b.has(key)))),
  $setDifference: sets('$setDifference', (a, b) => new Map([...a].filter(([key]) => !b.has(key)))),
  $allElementsTrue: unary('$allElementsTrue', (value) => ((arrayItems('$allElementsTrue', value) ?? []).every(holds) ? TRUE : FALSE)),
  $anyElementTrue: unary('$anyElementTrue', (value) => ((arrayItems('$anyElementTrue', value) ?? []).some(holds) ? TRUE : FALSE)),
  $type: unary('$type', (value) => encodeValue(value ? typeName(value.type) : 'missing')),
  $isNumber: unary('$isNumber', (value) => boolValue(value?.isNumber ?? false)),
};
