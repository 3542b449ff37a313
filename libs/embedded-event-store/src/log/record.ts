import { Buffer } from 'node:buffer';
import { bytesOfField, delimitedSize, uint64FieldSize, Writer } from '../wire/protobuf.js';

/** An event as it is proposed: what the client sent, not yet placed. */
export type ProposedEvent = Readonly<{ id: Buffer; type: string; isJson: boolean; data: Uint8Array; customMetadata: Uint8Array }>;

/** An event as it stands in the log. `message` is its `RecordedEvent` in protobuf, ready for the wire. */
export type StoredEvent = Readonly<{
  position: bigint;
  revision: bigint;
  /** 100 ns ticks since the Unix epoch. */
  createdTicks: bigint;
  streamName: string;
  type: string;
  id: Buffer;
  message: Buffer;
}>;

export const TICKS_PER_MS = 10_000n;

const HEADER_BYTES = 16 + 8 + 8 + 2 + 2;
const [ID, STREAM_IDENTIFIER, STREAM_REVISION, PREPARE_POSITION, COMMIT_POSITION, METADATA, CUSTOM_METADATA, DATA] = [
  1, 2, 3, 4, 5, 6, 7, 8,
];
const UUID_STRING = 2;
const STREAM_NAME = 3;

const keyBytes = { type: Buffer.from('type'), created: Buffer.from('created'), contentType: Buffer.from('content-type') };
const JSON_CONTENT = Buffer.from('application/json');
const BINARY_CONTENT = Buffer.from('application/octet-stream');

/** A UUID's 16 bytes as text. */
export const uuidText = (id: Buffer): string => {
  const hex = id.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const mapEntrySize = (key: Buffer, value: Buffer) => delimitedSize(key.length) + delimitedSize(value.length);

/**
 * The bytes of one record: a header that the indexes and filters read (id, revision, time, stream, type), then the `RecordedEvent` message
 * as clients receive it. Written once, never encoded again.
 */
export const encodeRecord = (
  event: ProposedEvent,
  streamName: string,
  revision: bigint,
  position: bigint,
  createdTicks: bigint,
): Buffer => {
  const name = Buffer.from(streamName);
  const type = Buffer.from(event.type);
  const id = Buffer.from(uuidText(event.id), 'latin1');
  const created = Buffer.from(createdTicks.toString(), 'latin1');
  const content = event.isJson ? JSON_CONTENT : BINARY_CONTENT;
  const entries: (readonly [Buffer, Buffer])[] = [
    [keyBytes.type, type],
    [keyBytes.created, created],
    [keyBytes.contentType, content],
  ];
  const idSize = delimitedSize(id.length);
  const nameSize = delimitedSize(name.length);
  const size =
    delimitedSize(idSize) +
    delimitedSize(nameSize) +
    uint64FieldSize(revision) +
    uint64FieldSize(position) * 2 +
    entries.reduce((sum, [key, value]) => sum + delimitedSize(mapEntrySize(key, value)), 0) +
    delimitedSize(event.customMetadata.length) +
    delimitedSize(event.data.length);

  const head = HEADER_BYTES + name.length + type.length;
  const record = Buffer.allocUnsafe(head + size);
  event.id.copy(record, 0);
  record.writeBigUInt64BE(revision, 16);
  record.writeBigUInt64BE(createdTicks, 24);
  record.writeUInt16BE(name.length, 32);
  record.writeUInt16BE(type.length, 34);
  name.copy(record, HEADER_BYTES);
  type.copy(record, HEADER_BYTES + name.length);

  const writer = new Writer(record.subarray(head));
  writer.head(ID as number, idSize);
  writer.bytesField(UUID_STRING, id);
  writer.head(STREAM_IDENTIFIER as number, nameSize);
  writer.bytesField(STREAM_NAME, name);
  writer.uint64Field(STREAM_REVISION as number, revision);
  writer.uint64Field(PREPARE_POSITION as number, position);
  writer.uint64Field(COMMIT_POSITION as number, position);
  for (const [key, value] of entries) {
    writer.head(METADATA as number, mapEntrySize(key, value));
    writer.bytesField(1, key);
    writer.bytesField(2, value);
  }
  writer.bytesField(CUSTOM_METADATA as number, event.customMetadata);
  writer.bytesField(DATA as number, event.data);
  return record;
};

/** Reads a record's header; the message stays as it is. */
export const decodeRecord = (position: bigint, record: Buffer): StoredEvent => {
  const nameEnd = HEADER_BYTES + record.readUInt16BE(32);
  const typeEnd = nameEnd + record.readUInt16BE(34);
  return {
    position,
    revision: record.readBigUInt64BE(16),
    createdTicks: record.readBigUInt64BE(24),
    streamName: record.toString('utf8', HEADER_BYTES, nameEnd),
    type: record.toString('utf8', nameEnd, typeEnd),
    id: record.subarray(0, 16),
    message: record.subarray(typeEnd),
  };
};

/** The event's own data, out of its message. */
export const dataOf = ({ message }: StoredEvent): Buffer => bytesOfField(message, DATA as number);
