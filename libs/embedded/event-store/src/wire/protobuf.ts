/**
 * The protobuf wire format (https://protobuf.dev/programming-guides/encoding/), as far as the protocol needs it. Appends are taken apart
 * where they arrived, and events leave the disk in the form they have on the wire: no message is ever an object.
 *
 * Numbers are JavaScript numbers: exact to 2^53, which is far beyond any position or revision here. Larger ones, which clients send for
 * "none" or "the end", stay larger than everything.
 */
const [VARINT, FIXED64, LENGTH_DELIMITED, FIXED32] = [0, 1, 2, 5] as const;

/** A message that is cut short, or not protobuf at all. */
export class MalformedMessage extends Error {
  constructor() {
    super('The request is not the message that it should be');
    this.name = 'MalformedMessage';
  }
}

/** Reads a message field by field, in the order they come. Bytes are views on the message, not copies. */
export class Reader {
  /** The number of the field that `next` found. */
  field = 0;
  private wireType = 0;
  private at = 0;
  private unread = false;

  constructor(private readonly message: Buffer) {}

  /** Moves to the next field; one whose value was not read is passed over. `false` behind the last. */
  next(): boolean {
    if (this.unread) this.skip();
    if (this.at >= this.message.length) return false;
    const head = this.varint();
    this.field = Math.floor(head / 8);
    this.wireType = head & 7;
    this.unread = true;
    return true;
  }

  number(): number {
    this.expect(VARINT);
    return this.varint();
  }

  /** A number that may be negative: exact within 2^53 of zero. */
  signed(): number {
    // those just below zero are the largest on the wire, where a JavaScript number does not tell them apart
    return Number(this.int64().readBigInt64BE());
  }

  bool(): boolean {
    return this.number() !== 0;
  }

  bytes(): Buffer {
    this.expect(LENGTH_DELIMITED);
    return this.bytesOfSize(this.varint());
  }

  string(): string {
    return this.bytes().toString();
  }

  nested(): Reader {
    return new Reader(this.bytes());
  }

  /** A varint of up to 64 bits, exact, as eight bytes, big end first. */
  int64(): Buffer {
    this.expect(VARINT);
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) break;
      if (shift > 63n) throw new MalformedMessage();
    }
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigUInt64BE(BigInt.asUintN(64, value));
    return bytes;
  }

  private expect(wireType: number): void {
    if (this.wireType !== wireType) throw new MalformedMessage();
    this.unread = false;
  }

  private skip(): void {
    this.unread = false;
    if (this.wireType === VARINT) this.varint();
    else if (this.wireType === LENGTH_DELIMITED) this.bytesOfSize(this.varint());
    else if (this.wireType === FIXED64) this.at += 8;
    else if (this.wireType === FIXED32) this.at += 4;
    else throw new MalformedMessage();
    if (this.at > this.message.length) throw new MalformedMessage();
  }

  private bytesOfSize(size: number): Buffer {
    const start = this.at;
    this.at += size;
    if (this.at > this.message.length) throw new MalformedMessage();
    return this.message.subarray(start, this.at);
  }

  private byte(): number {
    const byte = this.message[this.at++];
    if (byte === undefined) throw new MalformedMessage();
    return byte;
  }

  private varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      if (scale > 2 ** 63) throw new MalformedMessage();
    }
  }
}

/** The content of a length-delimited field; empty where the message does not have it. */
export const bytesOfField = (message: Buffer, field: number): Buffer => {
  const reader = new Reader(message);
  while (reader.next()) if (reader.field === field) return reader.bytes();
  return Buffer.alloc(0);
};

/** 2^63 - 1, the event number of a tombstone, as a varint. */
const LONG_MAX_VARINT = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);

export const varintSize = (value: number): number => {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
};

/** What a length-delimited field takes: its head and its content. Field numbers below 16. */
export const delimitedSize = (size: number): number => 1 + varintSize(size) + size;
/** What a number field takes. Field numbers below 16. */
export const numberFieldSize = (value: number): number => 1 + varintSize(value);
export const LONG_MAX_FIELD_SIZE = 1 + LONG_MAX_VARINT.length;

/** Writes fields one after another into a buffer whose room was counted before. Field numbers below 16. */
export class Writer {
  constructor(
    readonly buffer: Buffer,
    /** Where the next field goes. */
    public at = 0,
  ) {}

  varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.buffer[this.at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.at++] = rest;
  }

  numberField(field: number, value: number): void {
    this.buffer[this.at++] = (field << 3) | VARINT;
    this.varint(value);
  }

  longMaxField(field: number): void {
    this.buffer[this.at++] = (field << 3) | VARINT;
    this.raw(LONG_MAX_VARINT);
  }

  /** The head of a nested message or of bytes: its `size` bytes follow. */
  head(field: number, size: number): void {
    this.buffer[this.at++] = (field << 3) | LENGTH_DELIMITED;
    this.varint(size);
  }

  raw(bytes: Uint8Array): void {
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  bytesField(field: number, bytes: Uint8Array): void {
    this.head(field, bytes.length);
    this.raw(bytes);
  }
}

/** One field after another, for messages that are small and rare enough to be put together from parts. */
export const encoded = {
  number: (field: number, value: number): Buffer => {
    const writer = new Writer(Buffer.allocUnsafe(varintSize(field << 3) + varintSize(value)));
    writer.varint((field << 3) | VARINT);
    writer.varint(value);
    return writer.buffer;
  },
  longMax: (field: number): Buffer => {
    const writer = new Writer(Buffer.allocUnsafe(LONG_MAX_FIELD_SIZE));
    writer.longMaxField(field);
    return writer.buffer;
  },
  bool: (field: number, value: boolean): Buffer => encoded.number(field, value ? 1 : 0),
  text: (field: number, value: string): Buffer => encoded.message(field, Buffer.from(value)),
  /** A nested message of these parts, or just bytes. */
  message: (field: number, ...parts: readonly Uint8Array[]): Buffer => {
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    const writer = new Writer(Buffer.allocUnsafe(varintSize(field << 3) + varintSize(size) + size));
    writer.varint((field << 3) | LENGTH_DELIMITED);
    writer.varint(size);
    for (const part of parts) writer.raw(part);
    return writer.buffer;
  },
} as const;
