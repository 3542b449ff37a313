import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { bytesOfField, delimitedSize, LONG_MAX_FIELD_SIZE, numberFieldSize, Writer } from '../wire/protobuf.js';
import { TOMBSTONE } from './revision.js';

/** An event as it is proposed: what the client sent, not yet placed. */
export type ProposedEvent = Readonly<{ id: Buffer; type: Buffer; isJson: boolean; data: Uint8Array; customMetadata: Uint8Array }>;

/**
 * How one record stands on disk; numbers are unsigned, big end first:
 *
 *     crc32  size  position  revision  created   flags  name size  type size  id        name  type  message  size
 *     4      4     8         8         8 (ms)    2      2          2          16 bytes                       4
 *
 * The checksum covers all that follows it and begins with the salt of the log. The record's own position is in it, so a record is only one
 * where it stands. The size at its end is for reading backwards. `message` is the event as clients receive it (`RecordedEvent`): encoded
 * once, when it is written.
 */
const AT = { crc: 0, size: 4, position: 8, revision: 16, created: 24, flags: 32, nameSize: 34, typeSize: 36, id: 38, name: 54 } as const;
export const TRAILER_BYTES = 4;
/** No record is smaller. */
export const MIN_RECORD_BYTES = AT.name + TRAILER_BYTES;

/** The last record of what was written at once. Records behind the last such one were never acknowledged. */
const ENDS_WRITE = 1;

const FIELD = { id: 1, stream: 2, revision: 3, prepare: 4, commit: 5, metadata: 6, customMetadata: 7, data: 8 } as const;
const [UUID_STRUCTURED, UUID_STRING, STREAM_NAME] = [1, 2, 3] as const;
const UUID_TEXT_BYTES = 36;

const TICKS_PER_MS = 10_000n;
const KEY = { type: Buffer.from('type'), created: Buffer.from('created'), contentType: Buffer.from('content-type') };
const JSON_CONTENT = Buffer.from('application/json');
const BINARY_CONTENT = Buffer.from('application/octet-stream');

const writeUint64 = (buffer: Buffer, value: number, at: number): void => {
  buffer.writeUInt32BE(Math.floor(value / 2 ** 32), at);
  buffer.writeUInt32BE(value >>> 0, at + 4);
};
const readUint64 = (buffer: Buffer, at: number): number => buffer.readUInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4);

/** A UUID's 16 bytes as text. */
export const uuidText = (id: Buffer): string => {
  const hex = id.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** One record, as it stands in the bytes that were read. Its parts are views on them. */
export class EventRecord {
  constructor(readonly bytes: Buffer) {}

  /** Where it stands in the log: its position among all events. */
  get position(): number {
    return readUint64(this.bytes, AT.position);
  }

  /** Where the next one stands. */
  get end(): number {
    return this.position + this.bytes.length;
  }

  /** Its number in its stream; `TOMBSTONE` for the event that ends one. */
  get revision(): number {
    return readUint64(this.bytes, AT.revision);
  }

  get createdMs(): number {
    return readUint64(this.bytes, AT.created);
  }

  get endsWrite(): boolean {
    return (this.bytes.readUInt16BE(AT.flags) & ENDS_WRITE) !== 0;
  }

  /** Its UUID, 16 bytes. */
  get id(): Buffer {
    return this.bytes.subarray(AT.id, AT.name);
  }

  get streamName(): string {
    return this.bytes.toString('utf8', AT.name, this.nameEnd);
  }

  get type(): string {
    return this.bytes.toString('utf8', this.nameEnd, this.typeEnd);
  }

  /** Whether it points to another event: its type is `$>`. */
  get isLink(): boolean {
    const { bytes, nameEnd } = this;
    return bytes.readUInt16BE(AT.typeSize) === 2 && bytes[nameEnd] === 0x24 && bytes[nameEnd + 1] === 0x3e;
  }

  /** The `RecordedEvent`, as clients receive it. */
  get message(): Buffer {
    return this.bytes.subarray(this.typeEnd, this.bytes.length - TRAILER_BYTES);
  }

  /** The event's own data. */
  get data(): Buffer {
    return bytesOfField(this.message, FIELD.data);
  }

  get customMetadata(): Buffer {
    return bytesOfField(this.message, FIELD.customMetadata);
  }

  private get nameEnd(): number {
    return AT.name + this.bytes.readUInt16BE(AT.nameSize);
  }

  private get typeEnd(): number {
    return this.nameEnd + this.bytes.readUInt16BE(AT.typeSize);
  }
}

/** Longest names that a record holds, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 65_535;

/** The size of the record that begins here, as it says itself. Needs `MIN_RECORD_BYTES` of it. */
export const statedSize = (bytes: Buffer, at: number): number => bytes.readUInt32BE(at + AT.size);
export const statedPosition = (bytes: Buffer, at: number): number => readUint64(bytes, at + AT.position);
/** The size of the record that ends here. */
export const statedSizeBefore = (bytes: Buffer, end: number): number => bytes.readUInt32BE(end - TRAILER_BYTES);

/** Whether these bytes are a whole record that stands at this position. */
export const isIntact = (bytes: Buffer, position: number, salt: number): boolean =>
  bytes.length >= MIN_RECORD_BYTES &&
  statedSize(bytes, 0) === bytes.length &&
  statedPosition(bytes, 0) === position &&
  bytes.readUInt32BE(AT.crc) === crc32(bytes.subarray(AT.size), salt);

/** The time that events are given: when they are written. */
export type Created = Readonly<{ ms: number; /** 100 ns since the Unix epoch, as clients read it. */ ticks: Buffer }>;

export const createdAt = (ms: number): Created => ({ ms, ticks: Buffer.from(String(BigInt(ms) * TICKS_PER_MS), 'latin1') });

/** Where an event goes. */
export type Place = Readonly<{ name: Buffer; revision: number; position: number }>;

const mapEntrySize = (key: Buffer, value: Buffer): number => delimitedSize(key.length) + delimitedSize(value.length);

/**
 * The bytes of an event's record at its place, but for its flags and its checksum: `seal` sets these.
 * @param take gives the room for it
 */
export const encodeRecord = (event: ProposedEvent, place: Place, created: Created, take: (size: number) => Buffer): Buffer => {
  const { name, revision, position } = place;
  const { id, type, data, customMetadata } = event;
  const content = event.isJson ? JSON_CONTENT : BINARY_CONTENT;
  const idSize = delimitedSize(UUID_TEXT_BYTES);
  const nameSize = delimitedSize(name.length);
  const typeSize = mapEntrySize(KEY.type, type);
  const createdSize = mapEntrySize(KEY.created, created.ticks);
  const contentSize = mapEntrySize(KEY.contentType, content);
  const messageSize =
    delimitedSize(idSize) +
    delimitedSize(nameSize) +
    (revision === TOMBSTONE ? LONG_MAX_FIELD_SIZE : numberFieldSize(revision)) +
    numberFieldSize(position) * 2 +
    delimitedSize(typeSize) +
    delimitedSize(createdSize) +
    delimitedSize(contentSize) +
    delimitedSize(customMetadata.length) +
    delimitedSize(data.length);
  const size = AT.name + name.length + type.length + messageSize + TRAILER_BYTES;

  const record = take(size);
  record.writeUInt32BE(size, AT.size);
  writeUint64(record, position, AT.position);
  writeUint64(record, revision, AT.revision);
  writeUint64(record, created.ms, AT.created);
  record.writeUInt16BE(name.length, AT.nameSize);
  record.writeUInt16BE(type.length, AT.typeSize);
  record.set(id, AT.id);

  const writer = new Writer(record, AT.name);
  writer.raw(name);
  writer.raw(type);
  writer.head(FIELD.id, idSize);
  writer.head(UUID_STRING, UUID_TEXT_BYTES);
  writer.at += record.write(uuidText(id), writer.at, 'latin1');
  writer.head(FIELD.stream, nameSize);
  writer.bytesField(STREAM_NAME, name);
  if (revision === TOMBSTONE) writer.longMaxField(FIELD.revision);
  else writer.numberField(FIELD.revision, revision);
  writer.numberField(FIELD.prepare, position);
  writer.numberField(FIELD.commit, position);
  const entry = (key: Buffer, value: Buffer, entrySize: number) => {
    writer.head(FIELD.metadata, entrySize);
    writer.bytesField(1, key);
    writer.bytesField(2, value);
  };
  entry(KEY.type, type, typeSize);
  entry(KEY.created, created.ticks, createdSize);
  entry(KEY.contentType, content, contentSize);
  writer.bytesField(FIELD.customMetadata, customMetadata);
  writer.bytesField(FIELD.data, data);
  record.writeUInt32BE(size, size - TRAILER_BYTES);
  return record;
};

/** Finishes a record: whether it is the last of what is written at once, and its checksum. */
export const seal = (record: Buffer, endsWrite: boolean, salt: number): void => {
  record.writeUInt16BE(endsWrite ? ENDS_WRITE : 0, AT.flags);
  record.writeUInt32BE(crc32(record.subarray(AT.size), salt), AT.crc);
};

/** What the id takes at the head of a message: `id { string }`. */
const ID_FIELD_BYTES = delimitedSize(delimitedSize(UUID_TEXT_BYTES));

/** The same message with its id as two signed numbers, as clients other than JavaScript's ask for it. */
export const withStructuredId = (record: EventRecord): Buffer => {
  const { id, message } = record;
  const rest = message.subarray(ID_FIELD_BYTES);
  const half = (field: number, at: number): number[] => {
    const bytes = [field << 3];
    let value = id.readBigUInt64BE(at);
    for (; value > 127n; value >>= 7n) bytes.push(Number(value & 127n) | 128);
    return [...bytes, Number(value)];
  };
  const halves = [...half(1, 0), ...half(2, 8)];
  const structuredSize = delimitedSize(halves.length);
  const head = new Writer(Buffer.allocUnsafe(delimitedSize(structuredSize)));
  head.head(FIELD.id, structuredSize);
  head.bytesField(UUID_STRUCTURED, Buffer.from(halves));
  return Buffer.concat([head.buffer, rest]);
};
