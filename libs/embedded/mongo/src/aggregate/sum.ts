import { NULL } from '../bson/build.js';
import { addDecimals, decimalOf, divideDecimals, type Decimal } from '../bson/decimal.js';
import { writeNumber } from '../bson/numbers.js';
import { BsonType, type RawValue } from '../bson/raw.js';
import { readDecimal } from '../bson/decimal.js';

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/**
 * Adds numbers up. Whole ones exactly; doubles with a running compensation (Neumaier's), so that their order does not show in the result;
 * decimals as decimals. The sum has the widest of the types that were added. What is no number does not count.
 */
export class SumState {
  /** Whole numbers: `#whole` while it is exact, `#carried` beyond. */
  #whole = 0;
  #carried = 0n;
  #double = 0;
  #compensation = 0;
  #decimal: Decimal | undefined;
  #type: 'int' | 'long' | 'double' = 'int';
  count = 0;

  add({ type, bytes, start, end }: RawValue): void {
    switch (type) {
      case BsonType.int:
        this.#addWhole(bytes.readInt32LE(start));
        break;
      case BsonType.long: {
        if (this.#type === 'int') this.#type = 'long';
        const high = bytes.readInt32LE(start + 4);
        if (high < 0x1fffff && high >= -0x1fffff) this.#addWhole(high * 0x1_0000_0000 + bytes.readUInt32LE(start));
        else this.#carried += bytes.readBigInt64LE(start);
        break;
      }
      case BsonType.double:
        this.#type = 'double';
        this.#addDouble(bytes.readDoubleLE(start));
        break;
      case BsonType.decimal: {
        const decimal = readDecimal(bytes.subarray(start, end));
        this.#decimal = this.#decimal ? addDecimals(this.#decimal, decimal) : decimal;
        break;
      }
      default:
        return;
    }
    this.count++;
  }

  /** The same, of `times` numbers that are all this one. */
  addInt(value: number, times = 1): void {
    this.#addWhole(value * times);
    this.count += times;
  }

  sum(): RawValue {
    const whole = this.#carried + BigInt(this.#whole);
    if (this.#decimal) {
      const rest = this.#type === 'double' ? decimalOf(this.#doubles() + Number(whole)) : decimalOf(whole);
      return writeNumber({ type: 'decimal', value: addDecimals(this.#decimal, rest) });
    }
    if (this.#type === 'double') return writeNumber({ type: 'double', value: this.#doubles() + Number(whole) });
    if (whole < LONG_MIN || whole > LONG_MAX) return writeNumber({ type: 'double', value: Number(whole) });
    if (this.#type === 'int' && whole === BigInt.asIntN(32, whole)) return writeNumber({ type: 'int', value: Number(whole) });
    return writeNumber({ type: 'long', value: whole });
  }

  /** The mean, null where nothing was added. */
  average(): RawValue {
    if (this.count === 0) return NULL;
    const whole = this.#carried + BigInt(this.#whole);
    if (!this.#decimal) return writeNumber({ type: 'double', value: (this.#doubles() + Number(whole)) / this.count });
    const total = addDecimals(this.#decimal, this.#type === 'double' ? decimalOf(this.#doubles() + Number(whole)) : decimalOf(whole));
    return writeNumber({ type: 'decimal', value: divideDecimals(total, decimalOf(BigInt(this.count))) });
  }

  #addWhole(value: number): void {
    const sum = this.#whole + value;
    if (Number.isSafeInteger(sum)) this.#whole = sum;
    else {
      this.#carried += BigInt(this.#whole) + BigInt(value);
      this.#whole = 0;
    }
  }

  #addDouble(value: number): void {
    const sum = this.#double + value;
    this.#compensation += Math.abs(this.#double) >= Math.abs(value) ? this.#double - sum + value : value - sum + this.#double;
    this.#double = sum;
  }

  #doubles(): number {
    // an infinite sum has no compensation, which would be NaN
    return Number.isFinite(this.#double) ? this.#double + this.#compensation : this.#double;
  }
}
