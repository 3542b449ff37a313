import * as mingoAccumulators from 'mingo/operators/accumulator';
import { Context } from 'mingo/core';
import * as expressions from 'mingo/operators/expression';
import { arrayOf, merged, NULL } from '../bson/build.js';
import { BsonType, fieldsOf, type RawValue } from '../bson/raw.js';
import { toDouble, readNumber, writeNumber } from '../bson/numbers.js';
import { typeName } from '../bson/type-name.js';
import { decode, decodeValue, encodeValue } from '../bson/values.js';
import type { Writable } from '../bson/writer.js';
import { CommandError } from '../errors.js';
import { keyOf } from '../keys/value-key.js';
import { MINGO_OPTIONS, viaMingo } from '../query/mingo.js';
import type { Expression, Scope } from './scope.js';
import { SumState } from './sum.js';
import { compareValues, isNullish } from './values.js';

/** What one accumulator of one group has gathered. */
export interface Gathering {
  take: (scope: Scope) => void;
  result: () => RawValue;
  /** How much it holds, in bytes, where that grows with the documents. */
  bytes?: () => number;
}

/** Begins an accumulator; called once for each group. */
export type Accumulator = () => Gathering;

type AccumulatorFactory = (argument: Expression) => Accumulator;

const sum: AccumulatorFactory = (argument) => () => {
  const state = new SumState();
  return {
    take: (scope) => {
      const value = argument(scope);
      if (value) state.add(value);
    },
    result: () => state.sum(),
  };
};

const average: AccumulatorFactory = (argument) => () => {
  const state = new SumState();
  return {
    take: (scope) => {
      const value = argument(scope);
      if (value) state.add(value);
    },
    result: () => state.average(),
  };
};

const extreme =
  (sign: 1 | -1): AccumulatorFactory =>
  (argument) =>
  () => {
    let found: RawValue | undefined;
    return {
      take: (scope) => {
        const value = argument(scope);
        if (!isNullish(value) && (!found || sign * compareValues(value, found) > 0)) found = (value as RawValue).owned();
      },
      result: () => found ?? NULL,
    };
  };

const first: AccumulatorFactory = (argument) => () => {
  let found: RawValue | undefined;
  return {
    take: (scope) => {
      found ??= argument(scope)?.owned() ?? NULL;
    },
    result: () => found ?? NULL,
  };
};

const last: AccumulatorFactory = (argument) => () => {
  let found: RawValue = NULL;
  return {
    take: (scope) => {
      found = argument(scope) ?? NULL;
    },
    result: () => found,
  };
};

const push: AccumulatorFactory = (argument) => () => {
  const items: RawValue[] = [];
  let bytes = 0;
  return {
    take: (scope) => {
      const value = argument(scope);
      if (!value) return;
      items.push(value.owned());
      bytes += value.length;
    },
    result: () => arrayOf(items),
    bytes: () => bytes,
  };
};

const addToSet: AccumulatorFactory = (argument) => () => {
  const items = new Map<string, RawValue>();
  let bytes = 0;
  return {
    take: (scope) => {
      const value = argument(scope);
      const key = value && keyOf(value).toString('latin1');
      if (!value || key === undefined || items.has(key)) return;
      items.set(key, value.owned());
      bytes += value.length + key.length;
    },
    result: () => arrayOf(items.values()),
    bytes: () => bytes,
  };
};

const mergeObjects: AccumulatorFactory = (argument) => () => {
  let documents: RawValue[] = [];
  return {
    take: (scope) => {
      const value = argument(scope);
      if (isNullish(value)) return;
      if ((value as RawValue).type !== BsonType.object)
        throw new CommandError(
          'Location40400',
          `$mergeObjects requires object inputs, but input is of type ${typeName((value as RawValue).type)}`,
        );
      documents = [merged([...documents, value as RawValue])];
    },
    result: () => merged(documents),
  };
};

/** The spread of numbers by Welford's method, which does not lose digits; over all of them, or as a sample of more. */
const deviation =
  (sample: boolean): AccumulatorFactory =>
  (argument) =>
  () => {
    let count = 0;
    let mean = 0;
    let squares = 0;
    return {
      take: (scope) => {
        const value = argument(scope);
        const number = value && readNumber(value);
        if (!number) return;
        const distance = toDouble(number) - mean;
        count++;
        mean += distance / count;
        squares += distance * (toDouble(number) - mean);
      },
      result: () => {
        const divisor = sample ? count - 1 : count;
        return divisor <= 0 ? NULL : writeNumber({ type: 'double', value: Math.sqrt(squares / divisor) });
      },
    };
  };

const ACCUMULATORS: Readonly<Record<string, AccumulatorFactory | undefined>> = {
  $sum: sum,
  $avg: average,
  $min: extreme(-1),
  $max: extreme(1),
  $first: first,
  $last: last,
  $push: push,
  $addToSet: addToSet,
  $mergeObjects: mergeObjects,
  $stdDevPop: deviation(false),
  $stdDevSamp: deviation(true),
};

const count: Accumulator = () => {
  let documents = 0;
  return { take: () => void documents++, result: () => writeNumber({ type: 'int', value: documents }) };
};

type MingoAccumulator = (collection: readonly object[], operand: unknown, options: object) => unknown;

const MINGO = mingoAccumulators as unknown as Readonly<Record<string, MingoAccumulator | undefined>>;
const OPTIONS = { ...MINGO_OPTIONS, context: Context.init({ expression: expressions as never, accumulator: mingoAccumulators as never }) };

/** The rest is mingo's: it needs the documents of the whole group. */
const viaMingoAccumulator = (name: string, operand: RawValue): Accumulator => {
  const accumulate = name === '$accumulator' ? undefined : MINGO[name];
  if (!accumulate) throw new CommandError('Location15952', `unknown group operator '${name}'`);
  const decoded = decodeValue(operand);
  return () => {
    const documents: RawValue[] = [];
    let bytes = 0;
    return {
      take: ({ root }) => {
        documents.push(root);
        bytes += root.length;
      },
      result: () => encodeValue((viaMingo(() => accumulate(documents.map(decode), decoded, OPTIONS)) ?? null) as Writable),
      bytes: () => bytes,
    };
  };
};

/**
 * Compiles one output field of $group: `{$sum: '$amount'}`.
 * @throws CommandError for what is no accumulator
 */
export const compileAccumulator = (field: string, specification: RawValue, compile: (expression: RawValue) => Expression): Accumulator => {
  const [entry, ...more] = specification.type === BsonType.object ? fieldsOf(specification) : [];
  if (!entry || more.length > 0 || !entry[0].startsWith('$'))
    throw new CommandError('Location40234', `The field '${field}' must be an accumulator object`);
  const [name, operand] = entry;
  if (name === '$count') {
    if (operand.type !== BsonType.object || fieldsOf(operand).size > 0)
      throw new CommandError('TypeMismatch', '$count takes no arguments, i.e. $count:{}');
    return count;
  }
  const factory = ACCUMULATORS[name];
  return factory ? factory(compile(operand)) : viaMingoAccumulator(name, operand);
};
