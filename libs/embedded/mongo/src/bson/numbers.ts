import { addDecimals, decimalOf, multiplyDecimals, readDecimal, writeDecimal, type Decimal } from './decimal.js';
import { BsonType, RawValue } from './raw.js';
import { encodeValue } from './values.js';

/**
 * A BSON number as it is: its type counts, for arithmetic answers the wider type of its operands (int, long, double, decimal, in this
 * order) and a result that does not fit an int becomes a long.
 */
export type BsonNumber =
  | { type: 'int'; value: number }
  | { type: 'long'; value: bigint }
  | { type: 'double'; value: number }
  | { type: 'decimal'; value: Decimal };

export type WholeNumber = Extract<BsonNumber, { type: 'int' | 'long' }>;
export const isWhole = (number: BsonNumber): number is WholeNumber => number.type === 'int' || number.type === 'long';

/** The number, or undefined where the value is none. */
export const readNumber = ({ type, bytes, start, end }: RawValue): BsonNumber | undefined => {
  switch (type) {
    case BsonType.int:
      return { type: 'int', value: bytes.readInt32LE(start) };
    case BsonType.long:
      return { type: 'long', value: bytes.readBigInt64LE(start) };
    case BsonType.double:
      return { type: 'double', value: bytes.readDoubleLE(start) };
    case BsonType.decimal:
      return { type: 'decimal', value: readDecimal(bytes.subarray(start, end)) };
    default:
      return undefined;
  }
};

export const writeNumber = (number: BsonNumber): RawValue => {
  switch (number.type) {
    case 'int': {
      const bytes = Buffer.allocUnsafe(4);
      bytes.writeInt32LE(number.value);
      return new RawValue(BsonType.int, bytes, 0, 4);
    }
    case 'long': {
      const bytes = Buffer.allocUnsafe(8);
      bytes.writeBigInt64LE(number.value);
      return new RawValue(BsonType.long, bytes, 0, 8);
    }
    case 'double': {
      const bytes = Buffer.allocUnsafe(8);
      bytes.writeDoubleLE(number.value);
      return new RawValue(BsonType.double, bytes, 0, 8);
    }
    case 'decimal':
      return encodeValue(writeDecimal(number.value));
    default:
      return number satisfies never;
  }
};

/** As a JavaScript number, rounded where it has to be. */
export const toDouble = (number: BsonNumber): number => {
  switch (number.type) {
    case 'int':
    case 'double':
      return number.value;
    case 'long':
      return Number(number.value);
    case 'decimal':
      return Number(writeDecimal(number.value).toString());
    default:
      return number satisfies never;
  }
};

/** As a decimal: whole numbers exactly, doubles with 15 digits. */
export const toDecimal = (number: BsonNumber): Decimal => {
  if (number.type === 'decimal') return number.value;
  return decimalOf(number.type === 'double' ? number.value : BigInt(number.value));
};

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

const isInt = (value: bigint): boolean => value >= -0x8000_0000n && value <= 0x7fff_ffffn;

const combine = (
  a: BsonNumber,
  b: BsonNumber,
  whole: (a: bigint, b: bigint) => bigint,
  double: (a: number, b: number) => number,
  decimal: (a: Decimal, b: Decimal) => Decimal,
): BsonNumber | undefined => {
  if (a.type === 'decimal' || b.type === 'decimal') return { type: 'decimal', value: decimal(toDecimal(a), toDecimal(b)) };
  if (a.type === 'double' || b.type === 'double') return { type: 'double', value: double(toDouble(a), toDouble(b)) };
  if (a.type === 'int' && b.type === 'int') {
    const value = double(a.value, b.value);
    if (value === (value | 0)) return { type: 'int', value };
  }
  const value = whole(BigInt(a.value), BigInt(b.value));
  if (value < LONG_MIN || value > LONG_MAX) return undefined;
  return a.type === 'int' && b.type === 'int' && isInt(value) ? { type: 'int', value: Number(value) } : { type: 'long', value };
};

/** The sum; undefined where whole numbers exceed a long. */
export const add = (a: BsonNumber, b: BsonNumber): BsonNumber | undefined =>
  combine(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
    addDecimals,
  );

/** The product; undefined where whole numbers exceed a long. */
export const multiply = (a: BsonNumber, b: BsonNumber): BsonNumber | undefined =>
  combine(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
    multiplyDecimals,
  );
