import { isUtf8 } from 'node:buffer';
import type { ExpectedRevision } from '../log/append-decision.js';
import { MAX_NAME_BYTES, type ProposedEvent } from '../log/record.js';
import { clampRevision } from '../log/revision.js';
import { handlerFailed, invalidArgument, missingMetadata } from '../rpc-error.js';
import { MalformedMessage, Reader } from './protobuf.js';

/** Longest stream name, in bytes of UTF-8: names are told in headers, whose size clients limit. */
export const MAX_STREAM_NAME_BYTES = 8_192;

/** `StreamIdentifier`. @throws RpcError where it names none, or one that cannot be */
export const readStreamName = (identifier: Reader): string => {
  let bytes: Buffer | undefined;
  while (identifier.next()) if (identifier.field === 3) bytes = identifier.bytes();
  // the real server's own answer to a stream without a name
  if (!bytes || bytes.length === 0) throw handlerFailed();
  if (bytes.length > MAX_STREAM_NAME_BYTES) throw invalidArgument(`A stream's name has at most ${MAX_STREAM_NAME_BYTES} bytes in UTF-8`);
  if (!isUtf8(bytes)) throw invalidArgument("A stream's name is text in UTF-8");
  const name = bytes.toString();
  // the real server ends at an append to this one
  if (name === '$$') throw invalidArgument('There is no stream whose metadata $$ could be');
  return name;
};

/** `UUID`, in either of its forms, as 16 bytes. @throws RpcError where it is neither */
export const readUuid = (uuid: Reader): Buffer => {
  const bytes = Buffer.alloc(16);
  while (uuid.next()) {
    if (uuid.field === 1) {
      const structured = uuid.nested();
      while (structured.next()) {
        if (structured.field === 1) structured.int64().copy(bytes, 0);
        else if (structured.field === 2) structured.int64().copy(bytes, 8);
      }
      return bytes;
    }
    if (uuid.field === 2) {
      const hex = uuid.string().replaceAll('-', '');
      if (hex.length === 32 && bytes.write(hex, 'hex') === 16) return bytes;
    }
  }
  throw invalidArgument('An id is a UUID');
};

const JSON_CONTENT = 'application/json';

/** `ProposedMessage`, of either kind of append. @throws RpcError where it lacks its id, its type, or its content type */
export const readProposedEvent = (message: Reader): ProposedEvent => {
  let id: Buffer | undefined;
  let type: Buffer | undefined;
  let contentType: string | undefined;
  let data: Buffer = Buffer.alloc(0);
  let customMetadata: Buffer = data;
  const readMetadata = (entry: Reader) => {
    let key = '';
    let value: Buffer = Buffer.alloc(0);
    while (entry.next()) {
      if (entry.field === 1) key = entry.string();
      else if (entry.field === 2) value = entry.bytes();
    }
    if (key === 'type') type = value;
    else if (key === 'content-type') contentType = value.toString();
  };
  while (message.next()) {
    if (message.field === 1) id = readUuid(message.nested());
    else if (message.field === 2) readMetadata(message.nested());
    else if (message.field === 3) customMetadata = message.bytes();
    else if (message.field === 4) data = message.bytes();
  }
  if (type === undefined || contentType === undefined) throw missingMetadata();
  if (id === undefined) throw invalidArgument('An event has a UUID');
  if (type.length > MAX_NAME_BYTES) throw invalidArgument(`An event's type has at most ${MAX_NAME_BYTES} bytes in UTF-8`);
  if (!isUtf8(type)) throw invalidArgument("An event's type is text in UTF-8");
  return { id, type, isJson: contentType === JSON_CONTENT, data, customMetadata };
};

/** Which stream is to be written, and what is expected of it. */
export type WriteOptions = Readonly<{ streamName: string; expected: ExpectedRevision }>;

/** The options of `AppendReq`, `DeleteReq` and `TombstoneReq`. @throws RpcError */
export const readWriteOptions = (options: Reader): WriteOptions => {
  let streamName: string | undefined;
  let expected: ExpectedRevision = 'any';
  while (options.next()) {
    if (options.field === 1) streamName = readStreamName(options.nested());
    else expected = readExpected(options) ?? expected;
  }
  if (streamName === undefined) throw handlerFailed();
  return { streamName, expected };
};

/** What is expected, where the field that the reader is at says it: all kinds of options number these fields alike. */
export const readExpected = (options: Reader): ExpectedRevision | undefined => {
  switch (options.field) {
    case 2:
      return clampRevision(options.number());
    case 3:
      return 'no_stream';
    case 4:
      return 'any';
    case 5:
      return 'stream_exists';
    default:
      return undefined;
  }
};

/** An expectation as trailers and older clients write it. */
export const expectedNumber = (expected: ExpectedRevision): number =>
  typeof expected === 'number' ? expected : { no_stream: -1, any: -2, stream_exists: -4 }[expected];

/** The only message of `DeleteReq` and `TombstoneReq`. */
export const readDeletion = (message: Buffer): WriteOptions => {
  const request = new Reader(message);
  while (request.next()) if (request.field === 1) return readWriteOptions(request.nested());
  throw new MalformedMessage();
};
