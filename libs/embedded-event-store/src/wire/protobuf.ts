/**
 * The few pieces of the protobuf wire format (https://protobuf.dev/programming-guides/encoding/) that the hot path writes by hand: events
 * leave the disk in the form they have on the wire, so a response is a frame around stored bytes. Everything else goes through the
 * messages that ship with the client.
 */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

const tag = (field: number, wireType: number): number => (field << 3) | wireType;

export const varintSize = (value: bigint): number => {
  let size = 1;
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) size++;
  return size;
};

const smallVarintSize = (value: number): number => {
  let size = 1;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) size++;
  return size;
};

/** Writes fields, in order, into one buffer whose size was counted before. Field numbers below 16. */
export class Writer {
  private at = 0;

  constructor(readonly buffer: Buffer) {}

  varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.buffer[this.at++] = (rest & 127) | 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.at++] = rest;
  }

  bigVarint(value: bigint): void {
    let rest = value;
    while (rest > 127n) {
      this.buffer[this.at++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.buffer[this.at++] = Number(rest);
  }

  uint64Field(field: number, value: bigint): void {
    this.buffer[this.at++] = tag(field, VARINT);
    this.bigVarint(value);
  }

  /** The head of a nested message or of bytes: its `size` bytes follow. */
  head(field: number, size: number): void {
    this.buffer[this.at++] = tag(field, LENGTH_DELIMITED);
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

/** What a length-delimited field takes: its head and its content. Field numbers below 16. */
export const delimitedSize = (size: number): number => 1 + smallVarintSize(size) + size;
export const uint64FieldSize = (value: bigint): number => 1 + varintSize(value);

/** The content of a length-delimited field; empty where the message does not have it. A view, not a copy. */
export const bytesOfField = (message: Buffer, field: number): Buffer => {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = message[at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < message.length) {
    const head = varint();
    if ((head & 7) === VARINT) {
      varint();
      continue;
    }
    const size = varint();
    if (head >> 3 === field) return message.subarray(at, at + size);
    at += size;
  }
  return Buffer.alloc(0);
};
