import type { ExpectedRevision } from '../log/append-decision.js';
import { TOMBSTONE } from '../log/revision.js';
import type { WriteResult } from '../log/writing.js';
import { status, type RpcError, type StatusCode } from '../grpc/status.js';
import { encoded } from './protobuf.js';

/** The answers to appends and deletions. */

type Written = Extract<WriteResult, { kind: 'written' }>;

const revisionField = (field: number, revision: number): Buffer =>
  revision === TOMBSTONE ? encoded.longMax(field) : encoded.number(field, revision);

const positionMessage = (field: number, position: number): Buffer =>
  encoded.message(field, encoded.number(1, position), encoded.number(2, position));

/** `Success`, of either kind of append. */
const success = (field: number, { revision, position }: Written): Buffer =>
  encoded.message(
    field,
    revision < 0 ? encoded.message(2) : revisionField(1, revision),
    position === undefined ? encoded.message(4) : positionMessage(3, position),
  );

/** `AppendResp` of an append that succeeded. */
export const appendedResponse = (written: Written): Buffer => success(1, written);

/** `AppendResp` of a lost revision: not an error of the classic append, the client decides whether to raise it. */
export const refusedResponse = (expected: ExpectedRevision, current: number): Buffer => {
  const expectation = {
    any: () => encoded.message(9),
    stream_exists: () => encoded.message(10),
    no_stream: () => encoded.message(11),
  };
  return encoded.message(
    2,
    current < 0 ? encoded.message(7) : revisionField(6, current),
    typeof expected === 'number' ? revisionField(8, expected) : expectation[expected](),
  );
};

/** `DeleteResp` and `TombstoneResp`. */
export const deletedResponse = (position: number): Buffer => positionMessage(1, position);

/** What one append of a batch is told apart by, as the client wrote it. */
export type BatchHead = Readonly<{
  correlationId: Buffer;
  /** `StreamIdentifier`; absent where the append never said which. */
  stream?: Buffer;
  expected: ExpectedRevision;
}>;

const batchHead = ({ correlationId, stream, expected }: BatchHead): Buffer[] => {
  const expectation = { no_stream: 6, any: 7, stream_exists: 8 };
  return [
    encoded.message(1, correlationId),
    ...(stream ? [encoded.message(4, stream)] : []),
    typeof expected === 'number' ? revisionField(5, expected) : encoded.message(expectation[expected]),
  ];
};

/** `BatchAppendResp` of an append that succeeded. */
export const batchAppendedResponse = (head: BatchHead, written: Written): Buffer =>
  Buffer.concat([...batchHead(head), success(3, written)]);

/** `google.rpc.Status`, with a message of the protocol's own that says more. */
export type BatchError = Readonly<{ code: StatusCode; message: string; type: string; detail?: Buffer }>;

export const batchRefusedResponse = (head: BatchHead, { code, message, type, detail = Buffer.alloc(0) }: BatchError): Buffer => {
  const any = encoded.message(3, encoded.text(1, `type.googleapis.com/event_store.client.${type}`), encoded.message(2, detail));
  return Buffer.concat([...batchHead(head), encoded.message(2, encoded.number(1, code), encoded.text(2, message), any)]);
};

export const batchErrors = {
  wrongExpectedVersion: (expected: ExpectedRevision, current: number): BatchError => {
    const expectation = { any: 4, stream_exists: 5, no_stream: 6 };
    const detail = Buffer.concat([
      current < 0 ? encoded.message(2) : revisionField(1, current),
      typeof expected === 'number' ? revisionField(3, expected) : encoded.message(expectation[expected]),
    ]);
    return { code: status.FAILED_PRECONDITION, message: 'WrongExpectedVersion', type: 'WrongExpectedVersion', detail };
  },
  streamDeleted: (stream: Buffer): BatchError => ({
    code: status.FAILED_PRECONDITION,
    message: 'StreamDeleted',
    type: 'StreamDeleted',
    detail: encoded.message(1, stream),
  }),
  tooLarge: (limit: number): BatchError => ({
    code: status.INVALID_ARGUMENT,
    message: `Maximum Append Size of ${limit} Exceeded.`,
    type: 'MaximumAppendSizeExceeded',
    detail: encoded.number(1, limit),
  }),
  badRequest: (message: string): BatchError => ({
    code: status.INVALID_ARGUMENT,
    message,
    type: 'BadRequest',
    detail: encoded.text(1, message),
  }),
  timedOut: (): BatchError => ({ code: status.DEADLINE_EXCEEDED, message: 'Timeout', type: 'Timeout' }),
  accessDenied: (): BatchError => ({ code: status.PERMISSION_DENIED, message: 'AccessDenied', type: 'AccessDenied' }),
  /** Whatever else: clients pass on the message of a `BadRequest`, and nothing of the others. */
  failed: ({ code, message }: RpcError): BatchError =>
    code === status.UNKNOWN ? { code, message, type: 'Unknown' } : { code, message, type: 'BadRequest', detail: encoded.text(1, message) },
} as const;
