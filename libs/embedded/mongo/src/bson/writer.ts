import { serialize } from 'bson';
import { BsonType, Elements, RawValue } from './raw.js';

/**
 * What a document that this node makes itself may hold: JavaScript values, plain objects, the classes of `bson`, and values as they are
 * stored (`RawValue`), which are copied.
 */
export type Writable = string | number | bigint | boolean | null | object;

const KEEP_BYTES = 1 << 20;
const INT_MIN = -0x8000_0000;
const INT_MAX = 0x7fff_ffff;

/** The names of array items, which recur in every array. */
const POSITIONS = Array.from({ length: 1024 }, (_, at) => String(at));
export const positionName = (at: number): string => POSITIONS[at] ?? String(at);

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/**
 * Writes BSON, element by element, into one buffer that grows as needed and is used again.
 * A document may not be written while another one is being written with the same writer, except inside it.
 */
export class BsonWriter {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Begins a document or array; answers what `end` needs to be told. */
  begin(): number {
    const at = this.#length;
    this.#room(4);
    this.#length += 4;
    return at;
  }

  end(at: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = 0;
    this.#bytes.writeInt32LE(this.#length - at, at);
  }

  copy(source: Buffer, start: number, end: number): void {
    this.#room(end - start);
    source.copy(this.#bytes, this.#length, start, end);
    this.#length += end - start;
  }

  /** The type and name of an element, whose value is to follow. */
  head(type: number, name: string): void {
    const size = name.length * 3 + 2;
    this.#room(size);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = type;
    if (name.length > 24) at += bytes.write(name, at);
    else
      for (let i = 0; i < name.length; i++) {
        const code = name.charCodeAt(i);
        if (code > 127) {
          at += bytes.write(name.slice(i), at);
          break;
        }
        bytes[at++] = code;
      }
    bytes[at++] = 0;
    this.#length = at;
  }

  raw(name: string, value: RawValue): void {
    this.head(value.type, name);
    this.copy(value.bytes, value.start, value.end);
  }

  document(name: string, write: () => void, type: number = BsonType.object): void {
    this.head(type, name);
    const at = this.begin();
    write();
    this.end(at);
  }

  /** Whole numbers become Int32 where they fit and Int64 where they do not; other numbers doubles. */
  value(name: string, value: Writable | undefined): void {
    if (value instanceof RawValue) this.raw(name, value);
    else if (value === null || value === undefined) this.head(BsonType.null, name);
    else if (typeof value === 'string') this.#string(name, value);
    else if (typeof value === 'number') this.#number(name, value);
    else if (typeof value === 'bigint') this.#long(name, value);
    else if (typeof value === 'boolean') {
      this.head(BsonType.bool, name);
      this.#byte(value ? 1 : 0);
    } else if (Array.isArray(value)) {
      const items: readonly Writable[] = value;
      const write = () => items.forEach((item, at) => this.value(positionName(at), item));
      this.document(name, write, BsonType.array);
    } else if (value instanceof Date) {
      this.head(BsonType.date, name);
      this.#int64(BigInt(value.getTime()));
    } else if (isPlain(value)) this.document(name, () => this.fields(value));
    else this.#other(name, value);
  }

  fields(document: object): void {
    for (const [name, value] of Object.entries(document) as [string, Writable | undefined][])
      if (value !== undefined) this.value(name, value);
  }

  /** What was written, as bytes of its own; the writer begins anew. */
  take(): Buffer {
    const document = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    if (this.#bytes.length > KEEP_BYTES) this.#bytes = Buffer.allocUnsafe(4096);
    return document;
  }

  /** Forgets what was written, after a failure in the middle of it. */
  reset(): void {
    this.#length = 0;
  }

  #string(name: string, value: string): void {
    this.head(BsonType.string, name);
    this.#room(5 + value.length * 3);
    const length = this.#bytes.write(value, this.#length + 4);
    this.#bytes.writeInt32LE(length + 1, this.#length);
    this.#length += 4 + length;
    this.#bytes[this.#length++] = 0;
  }

  #number(name: string, value: number): void {
    const whole = Number.isSafeInteger(value) && !Object.is(value, -0);
    if (whole && value >= INT_MIN && value <= INT_MAX) {
      this.head(BsonType.int, name);
      this.#room(4);
      this.#length = this.#bytes.writeInt32LE(value, this.#length);
    } else if (whole) this.#long(name, BigInt(value));
    else {
      this.head(BsonType.double, name);
      this.#room(8);
      this.#length = this.#bytes.writeDoubleLE(value, this.#length);
    }
  }

  #long(name: string, value: bigint): void {
    this.head(BsonType.long, name);
    this.#int64(value);
  }

  #int64(value: bigint): void {
    this.#room(8);
    this.#length = this.#bytes.writeBigInt64LE(value, this.#length);
  }

  #byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** The classes of `bson`, regular expressions and byte arrays. */
  #other(name: string, value: object): void {
    const bytes = serialize({ v: value });
    const element = new Elements(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 0);
    element.next();
    this.raw(name, element.value());
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#length + size) * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

const shared = new BsonWriter();

/** A document of the given fields, as BSON. */
export const writeDocument = (document: object): Buffer => {
  try {
    const at = shared.begin();
    shared.fields(document);
    shared.end(at);
    return shared.take();
  } catch (error) {
    shared.reset();
    throw error;
  }
};
