import { RpcError, status } from './grpc/status.js';
import { DataDamaged } from './log/damage.js';
import { DiskFull } from './log/transaction-log.js';
import { MalformedMessage } from './wire/protobuf.js';

/** The errors of the protocol, as clients tell them apart: by the trailer `exception`, else by the status. */
export { RpcError } from './grpc/status.js';

export const streamDeleted = (streamName: string): RpcError =>
  new RpcError(status.FAILED_PRECONDITION, `Event stream '${streamName}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': streamName,
  });

export const wrongExpectedVersion = (streamName: string, expected: number, actual: number): RpcError =>
  new RpcError(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${streamName}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': streamName,
      'expected-version': expected.toString(),
      'actual-version': actual.toString(),
    },
  );

export const accessDenied = (): RpcError => new RpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const unauthenticated = (message: string): RpcError => new RpcError(status.UNAUTHENTICATED, message);

export const maximumAppendSizeExceeded = (limit: number): RpcError =>
  new RpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });

export const missingMetadata = (): RpcError =>
  new RpcError(status.INVALID_ARGUMENT, 'Required Metadata Property Missing: type, content-type', {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

export const invalidArgument = (message: string): RpcError => new RpcError(status.INVALID_ARGUMENT, message);

/** What a server answers where one of its handlers fails: no detail of it leaves the node. */
export const handlerFailed = (): RpcError => new RpcError(status.UNKNOWN, 'Exception was thrown by handler.');

/** What a client is told of a failure; `undefined` for faults of the node's own, of which it is told nothing. */
const known = (error: unknown): RpcError | undefined => {
  if (error instanceof RpcError) return error;
  if (error instanceof MalformedMessage) return invalidArgument(error.message);
  if (error instanceof DataDamaged) return new RpcError(status.DATA_LOSS, error.message);
  if (error instanceof DiskFull) return new RpcError(status.RESOURCE_EXHAUSTED, error.message);
  return undefined;
};

/** A failure as a call ends with it. @param onFault told of those that the client is not at fault for */
export const asRpcError = (error: unknown, onFault: (error: Error) => void): RpcError => {
  const answer = known(error);
  if (!(error instanceof RpcError) && !(error instanceof MalformedMessage)) onFault(error as Error);
  return answer ?? handlerFailed();
};
