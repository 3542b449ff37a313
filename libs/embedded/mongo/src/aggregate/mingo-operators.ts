import { Double, Long } from 'bson';
import { Context } from 'mingo/core';
import * as expressions from 'mingo/operators/expression';
import { BsonType, fieldsOf, itemsOf, type RawValue } from '../bson/raw.js';
import { decodeValue, encodeValue } from '../bson/values.js';
import type { Writable } from '../bson/writer.js';
import { CommandError } from '../errors.js';
import { MINGO_OPTIONS, viaMingo } from '../query/mingo.js';
import type { Compiling, Expression, Scope, Value } from './scope.js';

type MingoOperator = (document: object, operand: unknown, options: object) => unknown;

const MINGO = expressions as unknown as Readonly<Record<string, MingoOperator | undefined>>;
const OPTIONS = { ...MINGO_OPTIONS, context: Context.init({ expression: expressions as never }) };

/** Never run: JavaScript from outside, and operators that bind variables or look at whole documents, which this node evaluates itself. */
const NOT_MINGOS: ReadonlySet<string> = new Set(['$function', '$accumulator', '$where']);

/** Operators whose answer is a double, though it be a whole number. */
const DOUBLES: ReadonlySet<string> = new Set(
  (
    '$exp $ln $log $log10 $sqrt $sin $cos $tan $asin $acos $atan $atan2 $sinh $cosh $tanh $asinh $acosh $atanh $degreesToRadians ' +
    '$radiansToDegrees $rand $sigmoid $median $percentile'
  ).split(' '),
);
/** Operators whose answer is a long. */
const LONGS: ReadonlySet<string> = new Set(['$dateDiff', '$toHashedIndexKey']);

const literal = (value: Value): { $literal: unknown } => ({ $literal: value ? decodeValue(value) : null });

const typed = (operator: string, result: unknown): Writable => {
  if (typeof result === 'number' && DOUBLES.has(operator)) return new Double(result);
  if (typeof result === 'number' && LONGS.has(operator)) return Long.fromNumber(result);
  return (result ?? null) as Writable;
};

export const isMingoOperator = (name: string): boolean => !NOT_MINGOS.has(name) && Object.hasOwn(MINGO, name);

/**
 * An operator that mingo evaluates. Its arguments are evaluated here, one by one, and handed over as they are, so that mingo sees nothing of
 * the document but them.
 * @throws CommandError InvalidPipelineOperator, where mingo has no such operator
 */
export const viaMingoOperator = (name: string, operand: RawValue, { compile }: Compiling): Expression => {
  const operator = isMingoOperator(name) ? MINGO[name] : undefined;
  if (!operator) throw new CommandError('InvalidPipelineOperator', `Unrecognized expression '${name}'`);
  const argument = argumentsOf(operand, compile);
  return (scope) => {
    const result = viaMingo(() => operator({}, argument(scope), OPTIONS));
    return result === undefined ? undefined : encodeValue(typed(name, result));
  };
};

const argumentsOf = (operand: RawValue, compile: Compiling['compile']): ((scope: Scope) => unknown) => {
  if (operand.type === BsonType.array) {
    const items = itemsOf(operand).map((item) => compile(item));
    return (scope) => items.map((item) => literal(item(scope)));
  }
  const fields = operand.type === BsonType.object ? [...fieldsOf(operand)] : [];
  if (fields.length === 0 || fields[0]?.[0].startsWith('$')) {
    const single = compile(operand);
    return (scope) => literal(single(scope));
  }
  const named = fields.map(([field, value]) => [field, compile(value)] as const);
  return (scope) => Object.fromEntries(named.map(([field, value]) => [field, literal(value(scope))]));
};
