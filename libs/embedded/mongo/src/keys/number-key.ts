import { readDecimal } from '../bson/decimal.js';

/**
 * Numbers of all four BSON types in one order, exactly.
 *
 * A number is written as the greatest double that is not above it (8 bytes whose unsigned order is the numeric order), then 0x00 if it is that double,
 * or 0x01 and where it lies between that double and the next: 10 bytes of binary fraction, which is finer than Decimal128's 34 digits.
 * Decimals beyond the doubles' range, and those between zero and the smallest double, carry their decimal exponent and coefficient instead.
 */
const FRACTION_BYTES = 10;
const FRACTION_BITS = BigInt(FRACTION_BYTES * 8);

const view = new DataView(new ArrayBuffer(8));

/** The next double above. */
const nextUp = (value: number): number => {
  if (value === 0) return Number.MIN_VALUE;
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
};
const nextDown = (value: number): number => -nextUp(-value);

/** Writes the double's 9 bytes; answers the offset after them. */
export const writeDoubleKey = (out: Buffer, at: number, value: number): number => {
  if (Number.isNaN(value)) {
    out.fill(0, at, at + 9);
    return at + 9;
  }
  out.writeDoubleBE(value === 0 ? 0 : value, at);
  if (value < 0) for (let i = at; i < at + 8; i++) out[i] = ~(out[i] as number);
  else out[at] = (out[at] as number) ^ 0x80;
  out[at + 8] = 0;
  return at + 9;
};

const writeBigEndian = (out: Buffer, at: number, value: bigint, width: number): number => {
  for (let i = at + width - 1; i >= at; i--) {
    out[i] = Number(value & 0xffn);
    value >>= 8n;
  }
  return at + width;
};

const writeBetween = (out: Buffer, at: number, floor: number, remainder: bigint, scale: bigint): number => {
  const after = writeDoubleKey(out, at, floor);
  out[after - 1] = 1;
  return writeBigEndian(out, after, (remainder << FRACTION_BITS) / scale, FRACTION_BYTES);
};

export const writeLongKey = (out: Buffer, at: number, value: bigint): number => {
  const near = Number(value);
  const exact = BigInt(near);
  if (exact === value) return writeDoubleKey(out, at, near);
  const floor = exact > value ? nextDown(near) : near;
  return writeBetween(out, at, floor, value - BigInt(floor), BigInt(nextUp(floor)) - BigInt(floor));
};

/** A double as the exact fraction numerator / 2^shift. */
const fractionOf = (value: number): { numerator: bigint; shift: bigint } => {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const power = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (power === 0 ? 0n : 1n << 52n);
  const exponent = (power === 0 ? 1 : power) - 1075;
  const signed = value < 0 ? -mantissa : mantissa;
  return exponent >= 0 ? { numerator: signed << BigInt(exponent), shift: 0n } : { numerator: signed, shift: BigInt(-exponent) };
};

/** The coefficient brought to 34 digits, and the exponent that goes with it. */
const normalised = (coefficient: bigint, exponent: number): { digits: bigint; power: number } => {
  const missing = 34 - String(coefficient).length;
  return { digits: coefficient * 10n ** BigInt(missing), power: exponent - missing };
};

const EXPONENT_BIAS = 10_000;
const MAX_DIGITS = (1n << 120n) - 1n;

const writeOutside = (out: Buffer, at: number, floor: number, coefficient: bigint, exponent: number): number => {
  const negative = coefficient < 0n;
  const { digits, power } = normalised(negative ? -coefficient : coefficient, exponent);
  const after = writeDoubleKey(out, at, floor);
  out[after - 1] = 1;
  const biased = BigInt(power + EXPONENT_BIAS);
  return writeBigEndian(
    out,
    writeBigEndian(out, after, negative ? 0xffffn - biased : biased, 2),
    negative ? MAX_DIGITS - digits : digits,
    15,
  );
};

export const writeDecimalKey = (out: Buffer, at: number, bytes: Buffer): number => {
  const decimal = readDecimal(bytes);
  if (decimal.kind !== 'finite') return writeDoubleKey(out, at, { nan: NaN, infinity: Infinity, '-infinity': -Infinity }[decimal.kind]);
  const { coefficient, exponent } = decimal;
  if (coefficient === 0n) return writeDoubleKey(out, at, 0);
  const near = Number(`${coefficient}e${exponent}`);
  if (near === Infinity) return writeOutside(out, at, Number.MAX_VALUE, coefficient, exponent);
  if (near === -Infinity) return writeOutside(out, at, -Infinity, coefficient, exponent);

  const up = exponent > 0 ? 10n ** BigInt(exponent) : 1n;
  const down = exponent < 0 ? 10n ** BigInt(-exponent) : 1n;
  /** (decimal − double) as numerator over denominator, both exact. */
  const distance = (double: number) => {
    const { numerator, shift } = fractionOf(double);
    return { numerator: ((coefficient * up) << shift) - numerator * down, denominator: down << shift };
  };
  let floor = near;
  let gap = distance(floor);
  if (gap.numerator === 0n) return writeDoubleKey(out, at, near);
  if (gap.numerator < 0n) gap = distance((floor = nextDown(floor)));
  if (floor === 0 || floor === -Number.MIN_VALUE) return writeOutside(out, at, floor, coefficient, exponent);
  const { numerator: low, shift: lowShift } = fractionOf(floor);
  const { numerator: high, shift: highShift } = fractionOf(nextUp(floor));
  const shift = lowShift > highShift ? lowShift : highShift;
  const step = (high << (shift - highShift)) - (low << (shift - lowShift));
  return writeBetween(out, at, floor, gap.numerator << shift, gap.denominator * step);
};
