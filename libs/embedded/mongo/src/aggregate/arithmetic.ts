import { NULL } from '../bson/build.js';
import { decimalOf, divideDecimals, remainderOfDecimals, roundDecimal, type Decimal, type Rounding } from '../bson/decimal.js';
import { add, isWhole, multiply, readNumber, toDecimal, toDouble, writeNumber, type BsonNumber } from '../bson/numbers.js';
import { BsonType, itemsOf, RawValue } from '../bson/raw.js';
import { typeName } from '../bson/type-name.js';
import { CommandError } from '../errors.js';
import { operands, unary } from './operands.js';
import type { Expression, OperatorFactory, Value } from './scope.js';
import { SumState } from './sum.js';
import { compareValues, isNullish } from './values.js';

const LONG_MIN = -(2n ** 63n);

const wrongType = (name: string, value: RawValue, wanted = 'numeric'): CommandError =>
  new CommandError('TypeMismatch', `${name} only supports ${wanted} types, not ${typeName(value.type)}`);

const numberOf = (name: string, value: Value): BsonNumber => {
  const number = value && readNumber(value);
  if (!number) throw wrongType(name, value as RawValue);
  return number;
};

const dateMs = ({ bytes, start }: RawValue): bigint => bytes.readBigInt64LE(start);

const dateValue = (ms: bigint): RawValue => {
  const { bytes, start, end } = writeNumber({ type: 'long', value: ms });
  return new RawValue(BsonType.date, bytes, start, end);
};

/** Where whole numbers exceed a long, the answer is a double. */
const orDouble = (result: BsonNumber | undefined, double: () => number): BsonNumber => result ?? { type: 'double', value: double() };

const wholeMs = (number: BsonNumber): bigint => (number.type === 'long' ? number.value : BigInt(Math.round(toDouble(number))));

const sum: OperatorFactory = (operand, compiling) => {
  const items = operands('$add', operand, compiling, 0, Infinity);
  return (scope) => {
    let date: RawValue | undefined;
    let total: BsonNumber = { type: 'int', value: 0 };
    for (const item of items) {
      const value = item(scope);
      if (isNullish(value)) return NULL;
      const present = value as RawValue;
      if (present.type === BsonType.date) {
        if (date) throw new CommandError('Location16612', 'only one date allowed in an $add expression');
        date = present;
        continue;
      }
      const number = readNumber(present);
      if (!number) throw wrongType('$add', present, 'numeric or date');
      const before: BsonNumber = total;
      total = orDouble(add(before, number), () => toDouble(before) + toDouble(number));
    }
    return date ? dateValue(dateMs(date) + wholeMs(total)) : writeNumber(total);
  };
};

const subtract: OperatorFactory = (operand, compiling) => {
  const [left, right] = operands('$subtract', operand, compiling, 2) as [Expression, Expression];
  return (scope) => {
    const [a, b] = [left(scope), right(scope)];
    if (isNullish(a) || isNullish(b)) return NULL;
    const [from, by] = [a as RawValue, b as RawValue];
    if (from.type === BsonType.date && by.type === BsonType.date) return writeNumber({ type: 'long', value: dateMs(from) - dateMs(by) });
    const subtrahend = numberOf('$subtract', by);
    if (from.type === BsonType.date) return dateValue(dateMs(from) - wholeMs(subtrahend));
    const minuend = numberOf('$subtract', from);
    return writeNumber(orDouble(add(minuend, negated(subtrahend)), () => toDouble(minuend) - toDouble(subtrahend)));
  };
};

const negated = (number: BsonNumber): BsonNumber => {
  switch (number.type) {
    case 'int':
      return number.value === -0x8000_0000 ? { type: 'long', value: 0x8000_0000n } : { type: 'int', value: -number.value | 0 };
    case 'long':
      return number.value === LONG_MIN ? { type: 'double', value: 2 ** 63 } : { type: 'long', value: -number.value };
    case 'double':
      return { type: 'double', value: -number.value };
    case 'decimal':
      return { type: 'decimal', value: negatedDecimal(number.value) };
    default:
      return number satisfies never;
  }
};

const negatedDecimal = (decimal: Decimal): Decimal => {
  if (decimal.kind === 'finite') return { ...decimal, coefficient: -decimal.coefficient };
  return { kind: decimal.kind === 'nan' ? 'nan' : decimal.kind === 'infinity' ? '-infinity' : 'infinity' };
};

const product: OperatorFactory = (operand, compiling) => {
  const items = operands('$multiply', operand, compiling, 0, Infinity);
  return (scope) => {
    let total: BsonNumber = { type: 'int', value: 1 };
    for (const item of items) {
      const value = item(scope);
      if (isNullish(value)) return NULL;
      const number = numberOf('$multiply', value);
      const before: BsonNumber = total;
      total = orDouble(multiply(before, number), () => toDouble(before) * toDouble(number));
    }
    return writeNumber(total);
  };
};

const isDecimal = (...numbers: readonly BsonNumber[]): boolean => numbers.some(({ type }) => type === 'decimal');

const quotient: OperatorFactory = (operand, compiling) => {
  const [left, right] = operands('$divide', operand, compiling, 2) as [Expression, Expression];
  return (scope) => {
    const [a, b] = [left(scope), right(scope)];
    if (isNullish(a) || isNullish(b)) return NULL;
    const [dividend, divisor] = [numberOf('$divide', a), numberOf('$divide', b)];
    if (toDouble(divisor) === 0) throw new CommandError('BadValue', "can't $divide by zero");
    if (isDecimal(dividend, divisor))
      return writeNumber({ type: 'decimal', value: divideDecimals(toDecimal(dividend), toDecimal(divisor)) });
    return writeNumber({ type: 'double', value: toDouble(dividend) / toDouble(divisor) });
  };
};

const modulo: OperatorFactory = (operand, compiling) => {
  const [left, right] = operands('$mod', operand, compiling, 2) as [Expression, Expression];
  return (scope) => {
    const [a, b] = [left(scope), right(scope)];
    if (isNullish(a) || isNullish(b)) return NULL;
    const [dividend, divisor] = [numberOf('$mod', a), numberOf('$mod', b)];
    if (toDouble(divisor) === 0) throw new CommandError('Location16610', "can't $mod by zero");
    if (isDecimal(dividend, divisor))
      return writeNumber({ type: 'decimal', value: remainderOfDecimals(toDecimal(dividend), toDecimal(divisor)) });
    if (!isWhole(dividend) || !isWhole(divisor)) return writeNumber({ type: 'double', value: toDouble(dividend) % toDouble(divisor) });
    if (dividend.type === 'int' && divisor.type === 'int') return writeNumber({ type: 'int', value: (dividend.value % divisor.value) | 0 });
    return writeNumber({ type: 'long', value: BigInt(dividend.value) % BigInt(divisor.value) });
  };
};

/** `$round` takes the even neighbour of a half; of doubles as of decimals. */
const roundDouble = (value: number, places: number, how: Rounding): number => {
  if (!Number.isFinite(value)) return value;
  if (places === 0 && how !== 'half-even') return { floor: Math.floor, ceil: Math.ceil, down: Math.trunc }[how](value);
  const rounded = roundDecimal(exactly(value), places, how);
  return rounded.kind === 'finite' ? Number(`${rounded.coefficient}e${rounded.exponent}`) : value;
};

/** A double's shortest decimal text, which is what people mean by it. */
const exactly = (value: number): Decimal => {
  const [mantissa = '0', power = '0'] = value.toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { kind: 'finite', coefficient: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
};

const rounding =
  (name: string, how: Rounding): OperatorFactory =>
  (operand, compiling) => {
    const most = name === '$round' || name === '$trunc' ? 2 : 1;
    const [input, place] = operands(name, operand, compiling, 1, most) as [Expression, Expression?];
    return (scope) => {
      const value = input(scope);
      const placeValue = place?.(scope);
      if (isNullish(value) || (place && isNullish(placeValue))) return NULL;
      const number = numberOf(name, value);
      const places = placeValue ? toDouble(numberOf(name, placeValue)) : 0;
      if (!Number.isInteger(places) || places < -20 || places > 100)
        throw new CommandError('Location51083', `cannot apply ${name} with precision value ${places} value must be in [-20, 100]`);
      if (number.type === 'double') return writeNumber({ type: 'double', value: roundDouble(number.value, places, how) });
      const rounded = roundDecimal(toDecimal(number), places, how);
      if (number.type === 'decimal') return writeNumber({ type: 'decimal', value: rounded });
      if (places >= 0 || rounded.kind !== 'finite') return value;
      const whole = rounded.coefficient * 10n ** BigInt(rounded.exponent);
      return writeNumber(
        number.type === 'int' && whole === BigInt.asIntN(32, whole)
          ? { type: 'int', value: Number(whole) }
          : { type: 'long', value: whole },
      );
    };
  };

/** The values that an accumulator, used as an operator, takes together: of one array its items, of several arguments each. */
const collected = (
  name: string,
  operand: RawValue,
  compiling: Parameters<OperatorFactory>[1],
): ((scope: Parameters<Expression>[0]) => RawValue[]) => {
  const items = operands(name, operand, compiling, 1, Infinity);
  return (scope) => {
    const values = items.map((item) => item(scope));
    const [only] = values;
    const all = values.length === 1 && only?.type === BsonType.array ? itemsOf(only) : values;
    return all.filter((value): value is RawValue => !isNullish(value));
  };
};

const totalling =
  (name: string, result: (state: SumState) => Value): OperatorFactory =>
  (operand, compiling) => {
    const values = collected(name, operand, compiling);
    return (scope) => {
      const state = new SumState();
      for (const value of values(scope)) state.add(value);
      return result(state);
    };
  };

const extreme =
  (name: string, sign: 1 | -1): OperatorFactory =>
  (operand, compiling) => {
    const values = collected(name, operand, compiling);
    return (scope) =>
      values(scope).reduce<RawValue | undefined>(
        (found, value) => (!found || sign * compareValues(value, found) > 0 ? value : found),
        undefined,
      ) ?? NULL;
  };

const abs = unary('$abs', (value) => {
  if (isNullish(value)) return NULL;
  const number = numberOf('$abs', value);
  const negative =
    number.type === 'decimal'
      ? number.value.kind === '-infinity' || (number.value.kind === 'finite' && number.value.coefficient < 0n)
      : number.value < 0;
  return negative ? writeNumber(negated(number)) : value;
});

const pow: OperatorFactory = (operand, compiling) => {
  const [base, exponent] = operands('$pow', operand, compiling, 2) as [Expression, Expression];
  return (scope) => {
    const [a, b] = [base(scope), exponent(scope)];
    if (isNullish(a) || isNullish(b)) return NULL;
    const [number, power] = [numberOf('$pow', a), numberOf('$pow', b)];
    const [x, y] = [toDouble(number), toDouble(power)];
    if (x === 0 && y < 0) throw new CommandError('Location28764', '$pow cannot take a base of 0 and a negative exponent');
    if (isDecimal(number, power)) return writeNumber({ type: 'decimal', value: decimalOf(x ** y) });
    if (!isWhole(number) || !isWhole(power) || y < 0) return writeNumber({ type: 'double', value: x ** y });
    const whole = BigInt(number.value) ** BigInt(power.value);
    if (number.type === 'int' && power.type === 'int' && whole === BigInt.asIntN(32, whole))
      return writeNumber({ type: 'int', value: Number(whole) });
    return writeNumber(whole === BigInt.asIntN(64, whole) ? { type: 'long', value: whole } : { type: 'double', value: x ** y });
  };
};

export const ARITHMETIC: Readonly<Record<string, OperatorFactory>> = {
  $add: sum,
  $subtract: subtract,
  $multiply: product,
  $divide: quotient,
  $mod: modulo,
  $abs: abs,
  $pow: pow,
  $ceil: rounding('$ceil', 'ceil'),
  $floor: rounding('$floor', 'floor'),
  $trunc: rounding('$trunc', 'down'),
  $round: rounding('$round', 'half-even'),
  $sum: totalling('$sum', (state) => state.sum()),
  $avg: totalling('$avg', (state) => state.average()),
  $min: extreme('$min', -1),
  $max: extreme('$max', 1),
};
