/**
 * The error codes of MongoDB that this node answers with, in one table (names and numbers as in MongoDB's error_codes.yml).
 * A driver decides by the number, people by the name: both go out with every error.
 */
export const ERROR_CODES = {
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
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  CommandNotFound: 59,
  CannotIndexParallelArrays: 171,
  QueryPlanKilled: 175,
  CommandNotSupported: 115,
  NotImplemented: 238,
  QueryExceededMemoryLimitNoDiskUseAllowed: 292,
  BSONObjectTooLarge: 10334,
  KeyTooLong: 17280,
  UnknownField: 40415,
  DuplicateKey: 11000,
} as const;

export type ErrorName = keyof typeof ERROR_CODES;

/** An error that the client is told, with MongoDB's own code; `details` are further fields of the reply (keyPattern, keyValue …). */
export class CommandError extends Error {
  readonly code: number;

  constructor(
    readonly codeName: ErrorName,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.code = ERROR_CODES[codeName];
  }
}

/** What a failed command answers. An error that is not ours is a defect: it is reported as such, never hidden. */
export const errorReply = (error: unknown): Record<string, unknown> => {
  const known =
    error instanceof CommandError ? error : new CommandError('InternalError', error instanceof Error ? error.message : String(error));
  return { ok: 0, errmsg: known.message, code: known.code, codeName: known.codeName, ...known.details };
};
