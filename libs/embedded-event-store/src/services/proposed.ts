import type { ExpectedRevision } from '../log/append-decision.js';
import { MAX_STREAM_NAME_BYTES } from '../log/event-log.js';
import type { ProposedEvent } from '../log/record.js';
import { invalidArgument, missingMetadata } from '../errors.js';

/** The most data that one append carries, as servers are set by default. */
export const MAX_APPEND_BYTES = 1_048_576;

/** The parts of `AppendReq`, `DeleteReq`, `TombstoneReq` and `BatchAppendReq` that say which stream is meant. */
type Identified = { getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined };

/** @throws RpcError when no stream is named, or one whose name cannot be stored */
export const streamNameOf = (options: Identified | undefined): string => {
  const bytes = options?.getStreamIdentifier()?.getStreamName_asU8();
  if (!bytes || bytes.length === 0) throw invalidArgument('A stream has a name');
  if (bytes.length > MAX_STREAM_NAME_BYTES) throw invalidArgument(`A stream's name has at most ${MAX_STREAM_NAME_BYTES} bytes in UTF-8`);
  const name = Buffer.from(bytes).toString();
  if (name.includes('\0')) throw invalidArgument("A stream's name holds no zero byte");
  // the real server ends at an append to this one
  if (name === '$$') throw invalidArgument('There is no stream whose metadata $$ could be');
  return name;
};

type Expecting = {
  hasRevision(): boolean;
  getRevision(): string;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
};

export const expectedOf = (options: Expecting): ExpectedRevision => {
  if (options.hasRevision()) return BigInt(options.getRevision());
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
};

/** An expectation as trailers and older clients write it. */
export const expectedNumber = (expected: ExpectedRevision): bigint => {
  if (typeof expected === 'bigint') return expected;
  return { no_stream: -1n, any: -2n, stream_exists: -4n }[expected];
};

type ProposedMessage = {
  getId():
    | {
        hasStructured(): boolean;
        getStructured(): { getMostSignificantBits(): string; getLeastSignificantBits(): string } | undefined;
        getString(): string;
      }
    | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
};

const idOf = (message: ProposedMessage): Buffer => {
  const id = message.getId();
  const structured = id?.getStructured();
  if (structured) {
    const bytes = Buffer.allocUnsafe(16);
    bytes.writeBigInt64BE(BigInt(structured.getMostSignificantBits()), 0);
    bytes.writeBigInt64BE(BigInt(structured.getLeastSignificantBits()), 8);
    return bytes;
  }
  const bytes = Buffer.from((id?.getString() ?? '').replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw invalidArgument('An event has a UUID');
  return bytes;
};

/**
 * The event that a message proposes.
 * @throws RpcError when it lacks its type or content type, or has no UUID
 */
export const proposedEventOf = (message: ProposedMessage): ProposedEvent => {
  const metadata = message.getMetadataMap();
  const type = metadata.get('type');
  const contentType = metadata.get('content-type');
  if (type === undefined || contentType === undefined) throw missingMetadata();
  return {
    id: idOf(message),
    type,
    isJson: contentType === 'application/json',
    data: message.getData_asU8(),
    customMetadata: message.getCustomMetadata_asU8(),
  };
};
