import { Metadata, status, type ServiceError } from '@grpc/grpc-js';

/** An error as the protocol carries it: a gRPC status, and trailers of which `exception` names what the client raises. */
export class RpcError extends Error implements Pick<ServiceError, 'code' | 'details' | 'metadata'> {
  readonly details: string;
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    message: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'RpcError';
    this.details = message;
    // trailers are ASCII; what is not is written as a question mark rather than failing the answer
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, value.replace(/[^\x20-\x7e]/g, '?'));
  }
}

export const streamDeleted = (streamName: string): RpcError =>
  new RpcError(status.FAILED_PRECONDITION, `Event stream '${streamName}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': streamName,
  });

export const wrongExpectedVersion = (streamName: string, expected: bigint, actual: bigint): RpcError =>
  new RpcError(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${streamName}, Expected version: ${expected}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': streamName,
      'expected-version': expected.toString(),
      'actual-version': actual.toString(),
    },
  );

export const accessDenied = (): RpcError => new RpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

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
