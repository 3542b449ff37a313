import { BsonType, Elements, RawValue } from '../bson/raw.js';
import { writeDecimalKey, writeDoubleKey, writeLongKey } from './number-key.js';

/**
 * BSON values as bytes whose unsigned order is MongoDB's comparison order
 * (https://www.mongodb.com/docs/manual/reference/bson-type-comparison-order/).
 * One encoding serves index keys, sort keys and comparisons, so that they cannot disagree.
 *
 * The first byte is the type's rank, which is neither 0 nor 0xff, also when it is inverted. No encoding is a prefix of another.
 */
export const Rank = {
  minKey: 10,
  undefined: 15,
  null: 20,
  number: 30,
  string: 60,
  object: 70,
  array: 80,
  binary: 90,
  objectId: 100,
  bool: 110,
  date: 120,
  timestamp: 130,
  regex: 140,
  dbPointer: 150,
  code: 160,
  codeWithScope: 170,
  maxKey: 240,
} as const;

const RANKS: Record<number, number> = {
  [BsonType.minKey]: Rank.minKey,
  [BsonType.undefined]: Rank.undefined,
  [BsonType.null]: Rank.null,
  [BsonType.int]: Rank.number,
  [BsonType.double]: Rank.number,
  [BsonType.long]: Rank.number,
  [BsonType.decimal]: Rank.number,
  [BsonType.string]: Rank.string,
  [BsonType.symbol]: Rank.string,
  [BsonType.object]: Rank.object,
  [BsonType.array]: Rank.array,
  [BsonType.binary]: Rank.binary,
  [BsonType.objectId]: Rank.objectId,
  [BsonType.bool]: Rank.bool,
  [BsonType.date]: Rank.date,
  [BsonType.timestamp]: Rank.timestamp,
  [BsonType.regex]: Rank.regex,
  [BsonType.dbPointer]: Rank.dbPointer,
  [BsonType.code]: Rank.code,
  [BsonType.codeWithScope]: Rank.codeWithScope,
  [BsonType.maxKey]: Rank.maxKey,
};
const RANK_OF = Uint8Array.from({ length: 256 }, (_, type) => RANKS[type] ?? 0);

/** Where a BSON type stands in the order of types. */
export const rankOf = (type: number): number => RANK_OF[type] as number;

export const KEY_OF_NULL = Buffer.from([Rank.null]);
export const KEY_OF_UNDEFINED = Buffer.from([Rank.undefined]);

/** Collects one key; grows as needed and is used again for the next. */
export class KeyWriter {
  #bytes = Buffer.allocUnsafe(1024);
  length = 0;

  reset(): this {
    this.length = 0;
    return this;
  }

  /** Ensures space; answers the buffer to write into. */
  room(size: number): Buffer {
    if (this.length + size > this.#bytes.length) {
      const larger = Buffer.allocUnsafe((this.length + size) * 2);
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }

  byte(value: number): this {
    this.room(1)[this.length++] = value;
    return this;
  }

  raw(bytes: Buffer, start = 0, end = bytes.length): this {
    const out = this.room(end - start);
    if (end - start > 32) bytes.copy(out, this.length, start, end);
    else for (let i = start, at = this.length; i < end; i++) out[at++] = bytes[i] as number;
    this.length += end - start;
    return this;
  }

  /** Text or bytes that may hold zeros: 0x00 and 0x01 become 0x01 0x01 and 0x01 0x02, and 0x00 ends it. */
  terminated(bytes: Buffer, start: number, end: number): this {
    const out = this.room((end - start) * 2 + 1);
    let at = this.length;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte > 1) out[at++] = byte;
      else {
        out[at++] = 1;
        out[at++] = byte + 1;
      }
    }
    out[at++] = 0;
    this.length = at;
    return this;
  }

  /** Turns the order of what was written since `from` round (a descending index field). */
  invert(from: number): this {
    const out = this.#bytes;
    for (let i = from; i < this.length; i++) out[i] = ~(out[i] as number);
    return this;
  }

  compare(other: Buffer): number {
    return this.#bytes.compare(other, 0, other.length, 0, this.length);
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.length));
  }
}

const cstringEnd = (bytes: Buffer, start: number): number => bytes.indexOf(0, start);

/** Appends the value's key. */
export const writeValueKey = (out: KeyWriter, type: number, bytes: Buffer, start: number, end: number): void => {
  out.byte(rankOf(type));
  switch (type) {
    case BsonType.int:
      out.length = writeDoubleKey(out.room(9), out.length, bytes.readInt32LE(start));
      return;
    case BsonType.double:
      out.length = writeDoubleKey(out.room(9), out.length, bytes.readDoubleLE(start));
      return;
    case BsonType.long: {
      const high = bytes.readInt32LE(start + 4);
      // Within 2^53 a double holds it exactly, and BigInt, which is slow, is not needed.
      if (high < 0x1fffff && high >= -0x1fffff)
        out.length = writeDoubleKey(out.room(9), out.length, high * 0x1_0000_0000 + bytes.readUInt32LE(start));
      else out.length = writeLongKey(out.room(24), out.length, bytes.readBigInt64LE(start));
      return;
    }
    case BsonType.decimal:
      out.length = writeDecimalKey(out.room(32), out.length, bytes.subarray(start, end));
      return;
    case BsonType.string:
    case BsonType.symbol:
    case BsonType.code:
      out.terminated(bytes, start + 4, end - 1);
      return;
    case BsonType.object:
      writeObjectKey(out, bytes, start);
      return;
    case BsonType.array:
      for (const element = new Elements(bytes, start); element.next();)
        writeValueKey(out, element.type, bytes, element.valueStart, element.valueEnd);
      out.byte(0);
      return;
    case BsonType.binary: {
      // Length first, then subtype, then the bytes.
      const target = out.room(5);
      target.writeUInt32BE(end - start - 5, out.length);
      target[out.length + 4] = bytes[start + 4] as number;
      out.length += 5;
      out.raw(bytes, start + 5, end);
      return;
    }
    case BsonType.objectId:
    case BsonType.bool:
      out.raw(bytes, start, end);
      return;
    case BsonType.date: {
      const target = out.room(8);
      target.writeUInt32BE((bytes.readUInt32LE(start + 4) ^ 0x8000_0000) >>> 0, out.length);
      target.writeUInt32BE(bytes.readUInt32LE(start), out.length + 4);
      out.length += 8;
      return;
    }
    case BsonType.timestamp: {
      const target = out.room(8);
      target.writeUInt32BE(bytes.readUInt32LE(start + 4), out.length);
      target.writeUInt32BE(bytes.readUInt32LE(start), out.length + 4);
      out.length += 8;
      return;
    }
    case BsonType.regex: {
      const pattern = cstringEnd(bytes, start);
      out.terminated(bytes, start, pattern).terminated(bytes, pattern + 1, end - 1);
      return;
    }
    case BsonType.dbPointer:
      out.terminated(bytes, start + 4, end - 13).raw(bytes, end - 12, end);
      return;
    case BsonType.codeWithScope: {
      const scope = start + 8 + bytes.readInt32LE(start + 4);
      out.terminated(bytes, start + 8, scope - 1);
      writeObjectKey(out, bytes, scope);
      return;
    }
    default: // null, undefined, MinKey and MaxKey are their rank alone
  }
};

/** Field by field: the type's rank, the name, the value (MongoDB's order of documents). */
const writeObjectKey = (out: KeyWriter, bytes: Buffer, start: number): void => {
  for (const element = new Elements(bytes, start); element.next();) {
    out.byte(rankOf(element.type)).raw(bytes, element.nameStart, element.nameEnd).byte(0);
    writeValueKey(out, element.type, bytes, element.valueStart, element.valueEnd);
  }
  out.byte(0);
};

const scratch = new KeyWriter();

/** The value's key as bytes of its own. */
export const keyOf = (value: RawValue): Buffer => {
  writeValueKey(scratch.reset(), value.type, value.bytes, value.start, value.end);
  return scratch.take();
};

/** Compares a value with a key: below 0, 0 or above 0, in MongoDB's order. */
export const compareWithKey = (value: RawValue, key: Buffer): number => {
  writeValueKey(scratch.reset(), value.type, value.bytes, value.start, value.end);
  return scratch.compare(key);
};

export const invertKey = (key: Buffer): Buffer => {
  const inverted = Buffer.allocUnsafe(key.length);
  for (let i = 0; i < key.length; i++) inverted[i] = ~(key[i] as number);
  return inverted;
};

/** The first key behind all that begin with this one. */
export const afterKey = (key: Buffer): Buffer => {
  let length = key.length;
  while (length > 1 && key[length - 1] === 0xff) length--;
  const after = Buffer.from(key.subarray(0, length));
  after[length - 1] = (after[length - 1] as number) + 1;
  return after;
};
