import { Timestamp } from 'bson';
import { BsonType, fieldsOf, itemsOf, type RawValue } from '../bson/raw.js';
import { add, multiply, readNumber, toDouble, writeNumber, type BsonNumber } from '../bson/numbers.js';
import { decodeValue, encodeValue, idOf } from '../bson/values.js';
import { typeName } from '../bson/type-name.js';
import { CommandError } from '../errors.js';
import { compareWithKey, keyOf } from '../keys/value-key.js';
import { itemMatcher } from '../query/compile-filter.js';
import { parseSort, sortKey } from '../query/sort.js';
import { ArrayTree, open, treeValue, type Tree } from './tree.js';

/** What an operator does to the value at its path. */
export interface Operation {
  operator: string;
  /** Makes the field where it is missing; the others leave a missing field alone. */
  creates: boolean;
  /** Only when an upsert inserts. */
  onInsert?: boolean;
  /** The new value; undefined takes the field away. `current` is undefined where there is none. */
  apply: (current: Tree | undefined, at: Place) => Tree | undefined;
}

/** Where an operation is applied, for messages. */
export interface Place {
  document: RawValue;
  path: string;
}

const bad = (message: string): CommandError => new CommandError('BadValue', message);
const failed = (message: string): CommandError => new CommandError('FailedToParse', message);

const show = (value: RawValue): string => `${typeName(value.type)} ${JSON.stringify(decodeValue(value))}`;

const whose = ({ document, path }: Place, value: RawValue): string => {
  const id = idOf(document);
  const name = path.slice(path.lastIndexOf('.') + 1);
  return `{_id: ${id ? JSON.stringify(decodeValue(id)) : 'missing'}} has the field '${name}' of non-numeric type ${typeName(value.type)}`;
};

const arithmetic =
  (combine: typeof add, missing: (operand: BsonNumber) => BsonNumber) =>
  (operator: string, operand: RawValue): Operation => {
    const by = readNumber(operand);
    if (!by) {
      const verb = operator === '$inc' ? 'increment' : 'multiply';
      throw new CommandError('TypeMismatch', `Cannot ${verb} with non-numeric argument: {${show(operand)}}`);
    }
    return {
      operator,
      creates: true,
      apply: (current, place) => {
        if (!current) return writeNumber(missing(by));
        const value = treeValue(current);
        const number = readNumber(value);
        if (!number)
          throw new CommandError('TypeMismatch', `Cannot apply ${operator} to a value of non-numeric type. ${whose(place, value)}`);
        const result = combine(number, by);
        if (!result)
          throw bad(`Failed to apply ${operator} operations to current value (${show(value)}) of ${place.path}: a long cannot hold it`);
        return writeNumber(result);
      },
    };
  };

const zeroLike = ({ type }: BsonNumber): BsonNumber => {
  switch (type) {
    case 'int':
      return { type, value: 0 };
    case 'long':
      return { type, value: 0n };
    case 'double':
      return { type, value: 0 };
    case 'decimal':
      return { type, value: { kind: 'finite', coefficient: 0n, exponent: 0 } };
    default:
      return type satisfies never;
  }
};

const extreme = (operator: '$min' | '$max', operand: RawValue): Operation => {
  const key = keyOf(operand);
  return {
    operator,
    creates: true,
    apply: (current) => {
      if (!current) return operand;
      const order = compareWithKey(treeValue(current), key);
      return (operator === '$min' ? order > 0 : order < 0) ? operand : current;
    },
  };
};

const currentDate = (operand: RawValue, now: () => Date): Operation => {
  let type = 'date';
  if (operand.type === BsonType.object) {
    const fields = fieldsOf(operand);
    type = fields.get('$type')?.type === BsonType.string ? (fields.get('$type') as RawValue).text() : '';
    if (fields.size !== 1 || (type !== 'date' && type !== 'timestamp'))
      throw bad("The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}");
  } else if (operand.type !== BsonType.bool)
    throw bad(
      `${typeName(operand.type)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  return {
    operator: '$currentDate',
    creates: true,
    apply: () => encodeValue(type === 'date' ? now() : new Timestamp({ t: Math.floor(now().getTime() / 1000), i: 1 })),
  };
};

const bit = (operand: RawValue): Operation => {
  if (operand.type !== BsonType.object)
    throw bad(
      `The $bit modifier is not compatible with a ${typeName(operand.type)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  const steps = [...fieldsOf(operand)].map(([name, value]) => {
    const number = readNumber(value);
    if (number?.type !== 'int' && number?.type !== 'long')
      throw bad(`The $bit modifier field must be an Integer(32/64 bit); a '${typeName(value.type)}' is not supported here`);
    if (name !== 'and' && name !== 'or' && name !== 'xor')
      throw bad(
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${show(value)}}`,
      );
    return { name, number };
  });
  if (steps.length === 0) throw bad('You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}');
  return {
    operator: '$bit',
    creates: true,
    apply: (current, { path }) => {
      let number = current ? readNumber(treeValue(current)) : ({ type: 'int', value: 0 } as const);
      if (number?.type !== 'int' && number?.type !== 'long')
        throw bad(`Cannot apply $bit to a value of non-integral type: the field ${path}`);
      for (const { name, number: by } of steps) {
        const [a, b] = [BigInt(number.value), BigInt(by.value as bigint)];
        const result: bigint = name === 'and' ? a & b : name === 'or' ? a | b : a ^ b;
        number = number.type === 'int' && by.type === 'int' ? { type: 'int', value: Number(result) } : { type: 'long', value: result };
      }
      return writeNumber(number);
    },
  };
};

/** The array at a path as a tree of its own that may be changed. @throws CommandError BadValue where it is no array */
const arrayAt = (current: Tree, operator: string, place: Place): ArrayTree => {
  const opened = open(current);
  if (opened instanceof ArrayTree) return new ArrayTree([...opened.items]);
  const type = typeName(treeValue(current).type);
  const message =
    operator === '$pull' || operator === '$pullAll'
      ? `Cannot apply ${operator} to a non-array value`
      : operator === '$pop'
        ? `Path '${place.path}' contains an element of non-array type '${type}'`
        : `The field '${place.path}' must be an array but is of type ${type} in document {_id: ${JSON.stringify(decodeValue(idOf(place.document) ?? encodeValue(null)))}}`;
  throw new CommandError(operator === '$pop' ? 'TypeMismatch' : 'BadValue', message);
};

interface PushClauses {
  each: RawValue[];
  position: number | undefined;
  slice: number | undefined;
  order: ((a: RawValue, b: RawValue) => number) | undefined;
}

const wholeNumber = (clause: string, value: RawValue): number => {
  const number = readNumber(value);
  const double = number ? toDouble(number) : NaN;
  if (!Number.isInteger(double)) throw bad(`The value for ${clause} must be an integer value but was given type: ${typeName(value.type)}`);
  return double;
};

/** The order of $push's $sort: whole values by 1 or -1, documents by a sort pattern. */
const pushOrder = (value: RawValue): ((a: RawValue, b: RawValue) => number) => {
  if (value.isNumber) {
    const direction = wholeNumber('$sort', value);
    if (direction !== 1 && direction !== -1) throw bad('The $sort element value must be either 1 or -1');
    return (a, b) => direction * compareWithKey(a, keyOf(b));
  }
  if (value.type !== BsonType.object)
    throw bad('The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields');
  const sort = parseSort(value);
  if (!sort) throw bad('The $sort pattern is empty when it should be a set of fields.');
  return (a, b) => sortKey(a, sort).compare(sortKey(b, sort));
};

const pushClauses = (operand: RawValue): PushClauses => {
  const clauses: PushClauses = { each: [operand], position: undefined, slice: undefined, order: undefined };
  if (operand.type !== BsonType.object) return clauses;
  const fields = fieldsOf(operand);
  const each = fields.get('$each');
  if (!each) return clauses;
  if (each.type !== BsonType.array) throw bad(`The argument to $each in $push must be an array but it was of type: ${typeName(each.type)}`);
  clauses.each = itemsOf(each);
  for (const [name, value] of fields)
    switch (name) {
      case '$each':
        break;
      case '$position':
        clauses.position = wholeNumber(name, value);
        break;
      case '$slice':
        clauses.slice = wholeNumber(name, value);
        break;
      case '$sort':
        clauses.order = pushOrder(value);
        break;
      default:
        throw bad(`Unrecognized clause in $push: ${name}`);
    }
  return clauses;
};

const push = (operand: RawValue): Operation => {
  const { each, position, slice, order } = pushClauses(operand);
  return {
    operator: '$push',
    creates: true,
    apply: (current, place) => {
      const { items } = current ? arrayAt(current, '$push', place) : new ArrayTree();
      items.splice(position === undefined ? items.length : position, 0, ...each);
      let result = items;
      if (order) result = items.map(treeValue).sort(order);
      if (slice !== undefined) result = slice >= 0 ? result.slice(0, slice) : result.slice(slice);
      return new ArrayTree(result);
    },
  };
};

const eachOf = (operator: string, operand: RawValue): RawValue[] => {
  const fields = operand.type === BsonType.object ? fieldsOf(operand) : undefined;
  const each = fields?.get('$each');
  if (!fields || !each || fields.keys().next().value !== '$each') return [operand];
  const stranger = [...fields.keys()].find((name) => name !== '$each');
  if (stranger !== undefined) throw bad(`Found unexpected fields after $each in ${operator}: ${stranger}`);
  if (each.type !== BsonType.array)
    throw new CommandError(
      'TypeMismatch',
      `The argument to $each in ${operator} must be an array but it was of type ${typeName(each.type)}`,
    );
  return itemsOf(each);
};

const text = (key: Buffer): string => key.toString('latin1');

const addToSet = (operand: RawValue): Operation => {
  const values = eachOf('$addToSet', operand);
  return {
    operator: '$addToSet',
    creates: true,
    apply: (current, place) => {
      const { items } = current ? arrayAt(current, '$addToSet', place) : new ArrayTree();
      const there = new Set(items.map((item) => text(keyOf(treeValue(item)))));
      for (const value of values) {
        const key = text(keyOf(value));
        if (!there.has(key)) items.push(value);
        there.add(key);
      }
      return new ArrayTree(items);
    },
  };
};

const pop = (operand: RawValue): Operation => {
  const number = readNumber(operand);
  const end = number ? toDouble(number) : NaN;
  if (end !== 1 && end !== -1) throw failed(`$pop expects 1 or -1, found: ${show(operand)}`);
  return {
    operator: '$pop',
    creates: false,
    apply: (current, place) => {
      const array = arrayAt(current as Tree, '$pop', place);
      if (end === 1) array.items.pop();
      else array.items.shift();
      return array;
    },
  };
};

const pulling = (operator: string, goes: (item: RawValue) => boolean): Operation => ({
  operator,
  creates: false,
  apply: (current, place) => {
    const { items } = arrayAt(current as Tree, operator, place);
    return new ArrayTree(items.filter((item) => !goes(treeValue(item))));
  },
});

const pullAll = (operand: RawValue): Operation => {
  if (operand.type !== BsonType.array) throw bad(`$pullAll requires an array argument but was given a ${typeName(operand.type)}`);
  const keys = new Set(itemsOf(operand).map((item) => text(keyOf(item))));
  return pulling('$pullAll', (item) => keys.has(text(keyOf(item))));
};

/** The names of all update operators. */
export const UPDATE_OPERATORS: ReadonlySet<string> = new Set(
  '$set $setOnInsert $unset $inc $mul $min $max $currentDate $bit $push $addToSet $pop $pull $pullAll $rename'.split(' '),
);

export const unknownModifier = (name: string): CommandError =>
  failed(`Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`);

/** Builds the operation of one field of one operator. @throws CommandError for an operand that the operator does not take */
export const operation = (operator: string, operand: RawValue, now: () => Date): Operation => {
  switch (operator) {
    case '$set':
      return { operator, creates: true, apply: () => operand };
    case '$setOnInsert':
      return { operator, creates: true, onInsert: true, apply: () => operand };
    case '$unset':
      return { operator, creates: false, apply: () => undefined };
    case '$inc':
      return arithmetic(add, (by) => by)(operator, operand);
    case '$mul':
      return arithmetic(multiply, zeroLike)(operator, operand);
    case '$min':
    case '$max':
      return extreme(operator, operand);
    case '$currentDate':
      return currentDate(operand, now);
    case '$bit':
      return bit(operand);
    case '$push':
      return push(operand);
    case '$addToSet':
      return addToSet(operand);
    case '$pop':
      return pop(operand);
    case '$pull':
      return pulling('$pull', itemMatcher(operand));
    case '$pullAll':
      return pullAll(operand);
    default:
      throw unknownModifier(operator);
  }
};
