import { MongoBulkWriteError, MongoError, MongoServerError, type WriteError } from 'mongodb';
import { InvalidInput, Unavailable } from '#kernel';

const CONNECTION_STRING = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?(?<hosts>[^@/?]+)(?:[/?]|$)/;

/** What is wrong with a connection string; the string itself, password and all, is not repeated. */
export const unreadable = (why: string) => new InvalidInput('MONGODB_URI_INVALID', `The connection string of the MongoDB ${why}`);

/**
 * What to call a server in messages: its hosts and ports.
 * @throws InvalidInput MONGODB_URI_INVALID when this is no MongoDB connection string; the message does not repeat it
 */
export const endpointOf = (uri: string): string => {
  const hosts = CONNECTION_STRING.exec(uri.trim())?.groups?.['hosts'];
  if (!hosts) throw unreadable('must look like mongodb://HOST:PORT or mongodb+srv://HOST');
  return hosts;
};

/** Errors of the driver that mean: nobody answered, the answer got lost, or the client was closed meanwhile. */
const NOBODY_ANSWERED: ReadonlySet<string> = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoOperationTimeoutError',
  'MongoWaitQueueTimeoutError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoPoolClearedOnNetworkError',
  'MongoConnectionPoolClearedError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoClientClosedError',
  'MongoExpiredSessionError',
]);

/**
 * Codes of a server that is there and cannot serve now: unreachable shards, shutting down, electing, too slow, or not acknowledged by a
 * majority in time (https://www.mongodb.com/docs/manual/reference/error-codes/).
 */
const CANNOT_SERVE: ReadonlySet<unknown> = new Set([
  6, 7, 24, 46, 50, 64, 89, 91, 112, 133, 134, 175, 189, 202, 262, 317, 358, 9001, 10107, 11600, 11602, 13388, 13435, 13436,
]);

/** Whether the same call may well succeed later. */
export const isConnectionFailure = (error: unknown): error is Error => {
  if (!(error instanceof MongoError)) return false;
  if (NOBODY_ANSWERED.has(error.name) || error.hasErrorLabel('RetryableWriteError')) return true;
  return error instanceof MongoServerError && CANNOT_SERVE.has(error.code);
};

const ACCESS_DENIED: ReadonlySet<unknown> = new Set([13, 18]);

/** The driver lets the first call that waited for a server say why there was none; those that waited with it are told of a closed topology. */
const reasonOf = ({ name, message }: Error) => (name === 'MongoTopologyClosedError' ? 'no server answered in time' : message);

/** The error to hand on: a lost or absent server becomes `Unavailable`, refused credentials say so, the rest stays what it is. */
export const failureAt = (endpoint: string, error: unknown): unknown => {
  if (isConnectionFailure(error)) {
    const message = `The MongoDB at ${endpoint} cannot be reached: ${reasonOf(error)}`;
    return new Unavailable('READ_MODELS_UNAVAILABLE', message, { cause: error });
  }
  if (error instanceof MongoServerError && ACCESS_DENIED.has(error.code)) {
    return new Error(`The MongoDB at ${endpoint} denies access: check the credentials and their rights`, { cause: error });
  }
  return error;
};

/** The result, or the error to hand on. */
export const reaching = async <Result>(endpoint: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    throw failureAt(endpoint, error);
  }
};

const DUPLICATE_KEY = 11_000;

/** The index that refused is named by the server: `E11000 duplicate key error collection: … index: _id_ dup key: …`. */
const OF_THE_ID = /\bindex: _id_\b/;

const isDuplicateId = ({ code, errmsg }: { code?: unknown; errmsg?: unknown }) =>
  code === DUPLICATE_KEY && typeof errmsg === 'string' && OF_THE_ID.test(errmsg);

/**
 * The single writes of a bulk that were refused for another reason than that a document with this id is there already. `undefined` where
 * the error is not about single writes at all.
 */
export const refusedWrites = (error: unknown): readonly WriteError[] | undefined => {
  if (!(error instanceof MongoBulkWriteError) || isConnectionFailure(error)) return undefined;
  const { writeErrors } = error;
  const all = Array.isArray(writeErrors) ? writeErrors : [writeErrors];
  if (all.length === 0) return undefined;
  return all.filter(({ code, errmsg }) => !isDuplicateId({ code, errmsg }));
};
