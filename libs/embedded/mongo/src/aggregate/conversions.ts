import { Decimal128, ObjectId } from 'bson';
import { boolValue, NULL } from '../bson/build.js';
import { decimalOf, roundDecimal } from '../bson/decimal.js';
import { readNumber, toDecimal as decimalFrom, toDouble, writeNumber, type BsonNumber } from '../bson/numbers.js';
import { BsonType, type RawValue } from '../bson/raw.js';
import { typeName } from '../bson/type-name.js';
import { decodeValue, encodeValue, isTruthy } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { typeSet } from '../query/type-names.js';
import { named, unary } from './operands.js';
import type { OperatorFactory, Value } from './scope.js';
import { isNullish } from './values.js';

const failure = (value: RawValue, to: string, why = 'no conversion'): CommandError =>
  new CommandError(
    'ConversionFailure',
    `Unsupported conversion from ${typeName(value.type)} to ${to} in $convert with no onError value: ${why}`,
  );

/** A value as a whole number, cut off at the point. */
const wholeOf = (value: RawValue, to: string): bigint => {
  if (value.type === BsonType.bool) return isTruthy(value) ? 1n : 0n;
  if (value.type === BsonType.date && to === 'long') return value.bytes.readBigInt64LE(value.start);
  if (value.type === BsonType.string) {
    const text = value.text();
    if (!/^[+-]?\d+$/.test(text)) throw failure(value, to, `Failed to parse number '${text}'`);
    return BigInt(text);
  }
  const number = readNumber(value);
  if (!number) throw failure(value, to);
  if (number.type === 'int' || number.type === 'long') return BigInt(number.value);
  const decimal = number.type === 'decimal' ? number.value : decimalOf(number.value);
  if (decimal.kind !== 'finite') throw failure(value, to, 'Attempt to convert a non-finite value');
  const whole = number.type === 'double' ? BigInt(Math.trunc(number.value)) : undefined;
  if (whole !== undefined) return whole;
  const cut = roundDecimal(decimal, 0, 'down');
  return cut.kind === 'finite'
    ? cut.exponent >= 0
      ? cut.coefficient * 10n ** BigInt(cut.exponent)
      : cut.coefficient / 10n ** BigInt(-cut.exponent)
    : 0n;
};

const toInt = (value: RawValue): RawValue => {
  const whole = wholeOf(value, 'int');
  if (whole !== BigInt.asIntN(32, whole)) throw failure(value, 'int', 'Conversion would overflow target type');
  return writeNumber({ type: 'int', value: Number(whole) });
};

const toLong = (value: RawValue): RawValue => {
  const whole = wholeOf(value, 'long');
  if (whole !== BigInt.asIntN(64, whole)) throw failure(value, 'long', 'Conversion would overflow target type');
  return writeNumber({ type: 'long', value: whole });
};

const numberFrom = (value: RawValue, to: string): BsonNumber => {
  if (value.type === BsonType.bool) return { type: 'int', value: isTruthy(value) ? 1 : 0 };
  if (value.type === BsonType.date) return { type: 'long', value: value.bytes.readBigInt64LE(value.start) };
  const number = readNumber(value);
  if (!number) throw failure(value, to);
  return number;
};

const toDoubleValue = (value: RawValue): RawValue => {
  if (value.type !== BsonType.string) return writeNumber({ type: 'double', value: toDouble(numberFrom(value, 'double')) });
  const text = value.text();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?(inf|infinity)$|^nan$/i.test(text))
    throw failure(value, 'double', `Failed to parse number '${text}'`);
  return writeNumber({ type: 'double', value: Number(text.replace(/inf(inity)?/i, 'Infinity').replace(/nan/i, 'NaN')) });
};

const toDecimal = (value: RawValue): RawValue => {
  if (value.type === BsonType.decimal) return value;
  if (value.type === BsonType.string)
    try {
      return encodeValue(Decimal128.fromString(value.text()));
    } catch {
      throw failure(value, 'decimal', `Failed to parse number '${value.text()}'`);
    }
  return writeNumber({ type: 'decimal', value: decimalFrom(numberFrom(value, 'decimal')) });
};

const toText = (value: RawValue): RawValue => {
  switch (value.type) {
    case BsonType.string:
      return value;
    case BsonType.date:
      return encodeValue((decodeValue(value) as Date).toISOString());
    case BsonType.bool:
      return encodeValue(isTruthy(value) ? 'true' : 'false');
    case BsonType.long:
      return encodeValue(String(value.bytes.readBigInt64LE(value.start)));
    case BsonType.int:
    case BsonType.double:
    case BsonType.decimal:
    case BsonType.objectId:
      return encodeValue(String(decodeValue(value)));
    default:
      throw failure(value, 'string');
  }
};

const toDate = (value: RawValue): RawValue => {
  if (value.type === BsonType.date) return value;
  if (value.type === BsonType.objectId) return encodeValue((decodeValue(value) as ObjectId).getTimestamp());
  if (value.type === BsonType.timestamp) return encodeValue(new Date(value.bytes.readUInt32LE(value.start + 4) * 1000));
  if (value.type === BsonType.string) {
    const text = value.text();
    const date = new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
    const day = new Date(text);
    const found = Number.isNaN(date.getTime()) ? day : date;
    if (Number.isNaN(found.getTime())) throw failure(value, 'date', `Error parsing date string '${text}'`);
    return encodeValue(found);
  }
  const number = readNumber(value);
  if (!number || number.type === 'int') throw failure(value, 'date');
  return encodeValue(new Date(Math.trunc(toDouble(number))));
};

const toObjectId = (value: RawValue): RawValue => {
  if (value.type === BsonType.objectId) return value;
  if (value.type !== BsonType.string) throw failure(value, 'objectId');
  const text = value.text();
  if (!/^[0-9a-f]{24}$/i.test(text)) throw failure(value, 'objectId', `Failed to parse objectId '${text}'`);
  return encodeValue(new ObjectId(text));
};

const toBool = (value: RawValue): RawValue => boolValue(isTruthy(value));

type Conversion = (value: RawValue) => RawValue;

const BY_TYPE = new Map<number, Conversion>([
  [BsonType.double, toDoubleValue],
  [BsonType.string, toText],
  [BsonType.objectId, toObjectId],
  [BsonType.bool, toBool],
  [BsonType.date, toDate],
  [BsonType.int, toInt],
  [BsonType.long, toLong],
  [BsonType.decimal, toDecimal],
]);

const converting = (name: string, conversion: Conversion): OperatorFactory =>
  unary(name, (value: Value) => (isNullish(value) ? NULL : conversion(value as RawValue)));

const convert: OperatorFactory = (operand, { compile }) => {
  const fields = named('$convert', operand, ['input', 'to'], ['onError', 'onNull']);
  const part = (name: string) => {
    const field = fields.get(name);
    return field && compile(field);
  };
  const [input, to, onError, onNull] = ['input', 'to', 'onError', 'onNull'].map(part);
  return (scope) => {
    const value = input?.(scope);
    if (isNullish(value)) return onNull ? onNull(scope) : NULL;
    const target = to?.(scope);
    if (isNullish(target)) return NULL;
    const [type = 0] = typeSet(target as RawValue);
    const conversion = BY_TYPE.get(type);
    try {
      if (!conversion) throw failure(value as RawValue, typeName(type));
      return conversion(value as RawValue);
    } catch (error) {
      if (onError && error instanceof CommandError && error.codeName === 'ConversionFailure') return onError(scope);
      throw error;
    }
  };
};

/** The operators that turn a value into another type. */
export const CONVERSIONS: Readonly<Record<string, OperatorFactory>> = {
  $toInt: converting('$toInt', toInt),
  $toLong: converting('$toLong', toLong),
  $toDouble: converting('$toDouble', toDoubleValue),
  $toDecimal: converting('$toDecimal', toDecimal),
  $toString: converting('$toString', toText),
  $toBool: converting('$toBool', toBool),
  $toDate: converting('$toDate', toDate),
  $toObjectId: converting('$toObjectId', toObjectId),
  $convert: convert,
};
