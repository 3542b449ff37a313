import { ErrorType, isCommandError } from '@eventstore/db-client';
import { Unavailable } from '#kernel';

/** Whether the driver gave the error one of these types. */
export const isOfType = (error: unknown, ...types: readonly ErrorType[]): boolean =>
  error instanceof Error && isCommandError(error) && types.includes(error.type);

/** Status codes of a gRPC call that broke on the way (https://grpc.io/docs/guides/status-codes/): RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE. */
const BROKEN_CALLS: ReadonlySet<unknown> = new Set([8, 13, 14]);

/** What the driver throws as a plain Error: no node answers the discovery, or the call was made on a channel that had just been dropped. */
const BROKEN_CHANNEL = /^Failed to discover|channel has been (shut down|closed)/i;

/** Whether the same call may well succeed later: the engine is down, restarting, electing, overloaded or out of reach. */
export const isConnectionFailure = (error: unknown): error is Error => {
  if (!(error instanceof Error)) return false;
  const { UNAVAILABLE, CANCELLED, DEADLINE_EXCEEDED, TIMEOUT, NOT_LEADER } = ErrorType;
  if (isOfType(error, UNAVAILABLE, CANCELLED, DEADLINE_EXCEEDED, TIMEOUT, NOT_LEADER)) return true;
  return ('code' in error && BROKEN_CALLS.has(error.code)) || BROKEN_CHANNEL.test(error.message);
};

export const unavailable = (endpoint: string, reason: string, cause?: unknown): Unavailable =>
  new Unavailable('EVENT_STORE_UNAVAILABLE', `The event store at ${endpoint} cannot be reached: ${reason}`, { cause });

/** The error to hand on: a connection's failure becomes `Unavailable`, refused credentials say so, the rest stays what it is. */
export const failureAt = (endpoint: string, error: unknown): unknown => {
  if (isConnectionFailure(error)) return unavailable(endpoint, error.message, error);
  if (isOfType(error, ErrorType.ACCESS_DENIED)) {
    return new Error(`The event store at ${endpoint} denies access: check the credentials and their rights`, { cause: error });
  }
  return error;
};
