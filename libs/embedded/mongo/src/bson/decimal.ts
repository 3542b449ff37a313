import { Decimal128 } from 'bson';

/** A finite decimal: coefficient × 10^exponent, or one of the values that are no number or no finite one. */
export type Decimal = { kind: 'finite'; coefficient: bigint; exponent: number } | { kind: 'nan' | 'infinity' | '-infinity' };

/** Reads a Decimal128 (IEEE 754-2008, by its text, which is exact). */
export const readDecimal = (bytes: Buffer): Decimal => {
  const text = new Decimal128(bytes).toString();
  if (text === 'NaN') return { kind: 'nan' };
  if (text === 'Infinity') return { kind: 'infinity' };
  if (text === '-Infinity') return { kind: '-infinity' };
  const [mantissa = '0', power = '0'] = text.split('E');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { kind: 'finite', coefficient: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
};

const text = (decimal: Decimal): string => {
  if (decimal.kind === 'finite') return `${decimal.coefficient}E${decimal.exponent}`;
  return { nan: 'NaN', infinity: 'Infinity', '-infinity': '-Infinity' }[decimal.kind];
};

/** As a Decimal128, rounded to its 34 digits. */
export const writeDecimal = (decimal: Decimal): Decimal128 => Decimal128.fromStringWithRounding(text(decimal));

/** A double as a decimal of 15 digits, as MongoDB converts it; a whole number exactly. */
export const decimalOf = (value: number | bigint): Decimal => {
  if (typeof value === 'bigint') return { kind: 'finite', coefficient: value, exponent: 0 };
  if (Number.isNaN(value)) return { kind: 'nan' };
  if (!Number.isFinite(value)) return { kind: value > 0 ? 'infinity' : '-infinity' };
  const [mantissa = '0', power = '0'] = value.toExponential(14).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { kind: 'finite', coefficient: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
};

const atNumber = (decimal: Decimal): number => Number(text(decimal).toLowerCase());

/** The exponent of a sum is the lesser one, of a product their sum: `1.10 + 2` is `3.10` (IEEE 754-2008, 5.2). */
export const addDecimals = (a: Decimal, b: Decimal): Decimal => {
  if (a.kind !== 'finite' || b.kind !== 'finite') return decimalOf(atNumber(a) + atNumber(b));
  const exponent = Math.min(a.exponent, b.exponent);
  const at = ({ coefficient, exponent: own }: { coefficient: bigint; exponent: number }) => coefficient * 10n ** BigInt(own - exponent);
  return { kind: 'finite', coefficient: at(a) + at(b), exponent };
};

export const multiplyDecimals = (a: Decimal, b: Decimal): Decimal =>
  a.kind === 'finite' && b.kind === 'finite'
    ? { kind: 'finite', coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent }
    : decimalOf(atNumber(a) * atNumber(b));

/** Digits of a quotient before it is rounded to Decimal128's 34. */
const QUOTIENT_DIGITS = 40;

/** The quotient; `b` must not be zero. */
export const divideDecimals = (a: Decimal, b: Decimal): Decimal => {
  if (a.kind !== 'finite' || b.kind !== 'finite') return decimalOf(atNumber(a) / atNumber(b));
  const shift = Math.max(0, QUOTIENT_DIGITS + String(b.coefficient).length - String(a.coefficient).length);
  const scaled = a.coefficient * 10n ** BigInt(shift);
  let { coefficient, exponent } = { coefficient: scaled / b.coefficient, exponent: a.exponent - b.exponent - shift };
  const ideal = a.exponent - b.exponent;
  while (exponent < ideal && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return { kind: 'finite', coefficient, exponent };
};

/** What remains of a division, with the sign of the dividend. */
export const remainderOfDecimals = (a: Decimal, b: Decimal): Decimal => {
  if (a.kind !== 'finite' || b.kind !== 'finite') return decimalOf(atNumber(a) % atNumber(b));
  const exponent = Math.min(a.exponent, b.exponent);
  const at = ({ coefficient, exponent: own }: { coefficient: bigint; exponent: number }) => coefficient * 10n ** BigInt(own - exponent);
  return { kind: 'finite', coefficient: at(a) % at(b), exponent };
};

export type Rounding = 'half-even' | 'down' | 'floor' | 'ceil';

/** Rounded to so many decimal places; negative ones are places before the point. */
export const roundDecimal = (decimal: Decimal, places: number, how: Rounding): Decimal => {
  if (decimal.kind !== 'finite' || decimal.exponent >= -places) return decimal;
  const unit = 10n ** BigInt(-places - decimal.exponent);
  const { coefficient } = decimal;
  let whole = coefficient / unit;
  const rest = coefficient % unit;
  const double = 2n * (rest < 0n ? -rest : rest);
  if (how === 'half-even' && (double > unit || (double === unit && whole % 2n !== 0n))) whole += coefficient < 0n ? -1n : 1n;
  if (how === 'floor' && rest < 0n) whole -= 1n;
  if (how === 'ceil' && rest > 0n) whole += 1n;
  return { kind: 'finite', coefficient: whole, exponent: -places };
};
