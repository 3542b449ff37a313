import { Double } from 'bson';

/**
 * The error codes of MongoDB that this node answers with, in one table (names and numbers as in MongoDB's error_codes.yml).
 * A driver decides by the number, people by the name: both go out with every error.
 */
const ERROR_CODES = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  InvalidLength: 16,
  ProtocolError: 17,
  AuthenticationFailed: 18,
  IllegalOperation: 20,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  NotSingleValueField: 54,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  CommandNotSupported: 115,
  NotAReplicaSet: 123,
  InvalidPipelineOperator: 168,
  CannotIndexParallelArrays: 171,
  QueryPlanKilled: 175,
  InvalidIndexSpecificationOption: 197,
  TransactionTooOld: 225,
  NotImplemented: 238,
  ConversionFailure: 241,
  IndexBuildAborted: 276,
  QueryExceededMemoryLimitNoDiskUseAllowed: 292,
  APIVersionError: 322,
  APIStrictError: 323,
  MechanismUnavailable: 334,
  UnsupportedOpQueryCommand: 352,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  InterruptedAtShutdown: 11600,
  Interrupted: 11601,
  CursorInUse: 12051,
  OutOfDiskSpace: 14031,
  KeyTooLong: 17280,
  IDLFailedToParse: 40414,
  IDLUnknownField: 40415,
} as const;

/** What MongoDB calls an error; one without a name is called by its number. */
export type ErrorName = keyof typeof ERROR_CODES | `Location${number}`;

const codeOf = (name: ErrorName): number =>
  name in ERROR_CODES ? ERROR_CODES[name as keyof typeof ERROR_CODES] : Number(name.slice('Location'.length));

/** An error that the client is told, with MongoDB's own code; `details` are further fields of the reply (keyPattern, keyValue …). */
export class CommandError extends Error {
  readonly code: number;

  constructor(
    readonly codeName: ErrorName,
    message: string,
    readonly details: Readonly<Record<string, string | number | object>> = {},
  ) {
    super(message);
    this.code = codeOf(codeName);
  }
}

/** An error as the client is told it. One that is not ours is a defect: it is reported as such, never hidden. */
const asCommandError = (error: unknown): CommandError =>
  error instanceof CommandError ? error : new CommandError('InternalError', error instanceof Error ? error.message : String(error));

/** What a failed command answers. */
export const errorReply = (error: unknown): Readonly<Record<string, string | number | object>> => {
  const { message, code, codeName, details } = asCommandError(error);
  return { ok: new Double(0), errmsg: message, code, codeName, ...details };
};
