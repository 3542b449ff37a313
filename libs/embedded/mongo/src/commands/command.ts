import { Long } from 'bson';
import { BsonType, fieldsOf, itemsOf, type RawValue } from '../bson/raw.js';
import { typeName } from '../bson/type-name.js';
import { decodeValue, isTruthy } from '../bson/values.js';
import { CommandError } from '../errors.js';
import type { Request } from '../wire/message.js';

/** Fields that any command may carry (MongoDB's "generic arguments"); those that say something here are read where they matter. */
const GENERIC: ReadonlySet<string> = new Set([
  '$db',
  '$readPreference',
  '$clusterTime',
  '$audit',
  '$client',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'autocommit',
  'comment',
  'lsid',
  'maxTimeMS',
  'readConcern',
  'startTransaction',
  'stmtId',
  'stmtIds',
  'txnNumber',
  'writeConcern',
  'mayBypassWriteBlocking',
]);

/** A document inside a command (a statement, a specification), read field by field; a field of another type than expected is an error. */
export class Arguments {
  readonly fields: ReadonlyMap<string, RawValue>;

  constructor(
    /** What messages call it: the command, or the statement within it. */
    readonly what: string,
    readonly document: RawValue,
  ) {
    this.fields = fieldsOf(document);
  }

  /** @throws CommandError IDLUnknownField, for a field that is not one of these */
  allow(known: ReadonlySet<string>): void {
    for (const field of this.fields.keys())
      if (!known.has(field)) throw new CommandError('IDLUnknownField', `BSON field '${this.what}.${field}' is an unknown field.`);
  }

  /** The field, where it is there and not null. */
  get(field: string): RawValue | undefined {
    const value = this.fields.get(field);
    return value?.type === BsonType.null || value?.type === BsonType.undefined ? undefined : value;
  }

  require(field: string): RawValue {
    const value = this.fields.get(field);
    if (!value) throw new CommandError('IDLFailedToParse', `BSON field '${this.what}.${field}' is missing but a required field`);
    return value;
  }

  string(field: string): string | undefined {
    const value = this.get(field);
    if (value && value.type !== BsonType.string) throw this.wrongType(field, value, 'string');
    return value?.text();
  }

  boolean(field: string): boolean {
    const value = this.get(field);
    if (value && value.type !== BsonType.bool && !value.isNumber) throw this.wrongType(field, value, '[bool, long, int, decimal, double]');
    return value !== undefined && isTruthy(value);
  }

  /** A whole number in the range; a fraction is cut off. */
  integer(field: string, least = 0): number | undefined {
    const value = this.get(field);
    if (!value) return undefined;
    if (!value.isNumber) throw this.wrongType(field, value, '[long, int, decimal, double]');
    const number = Math.trunc(Number(String(decodeValue(value))));
    if (!Number.isSafeInteger(number)) throw new CommandError('FailedToParse', `BSON field '${this.what}.${field}' is out of range`);
    if (number < least)
      throw new CommandError('Location51024', `BSON field '${field}' value must be >= ${least}, actual value '${number}'`);
    return number;
  }

  long(field: string): bigint | undefined {
    const value = this.get(field);
    if (!value) return undefined;
    if (!value.isNumber) throw this.wrongType(field, value, 'long');
    const decoded = decodeValue(value);
    return Long.isLong(decoded) ? decoded.toBigInt() : BigInt(Math.trunc(Number(String(decoded))));
  }

  object(field: string): RawValue | undefined {
    const value = this.get(field);
    if (value && value.type !== BsonType.object) throw this.wrongType(field, value, 'object');
    return value;
  }

  array(field: string): RawValue[] | undefined {
    const value = this.get(field);
    if (!value) return undefined;
    if (value.type !== BsonType.array) throw this.wrongType(field, value, 'array');
    return itemsOf(value);
  }

  /** An array of documents. */
  objects(field: string): RawValue[] | undefined {
    const items = this.array(field);
    const stranger = items?.find(({ type }) => type !== BsonType.object);
    if (stranger) throw this.wrongType(`${field}.${items?.indexOf(stranger)}`, stranger, 'object');
    return items;
  }

  wrongType(field: string, value: RawValue, expected: string): CommandError {
    const types = expected.startsWith('[') ? `types '${expected}'` : `type '${expected}'`;
    return new CommandError(
      'TypeMismatch',
      `BSON field '${this.what}.${field}' is the wrong type '${typeName(value.type)}', expected ${types}`,
    );
  }
}

/** One command: its name is its first field, its collection, where it speaks of one, that field's value. */
export class Command extends Arguments {
  readonly db: string;

  /** @throws CommandError for a body that is no command */
  constructor(readonly request: Request) {
    const [name = ''] = fieldsOf(request.body).keys();
    super(name, request.body);
    if (name === '') throw new CommandError('FailedToParse', 'The command is an empty document');
    const db = request.db ?? this.string('$db');
    if (db === undefined) throw new CommandError('IDLFailedToParse', 'OP_MSG requests require a $db argument');
    this.db = db;
  }

  get name(): string {
    return this.what;
  }

  /** The collection that the command's first field names. @throws CommandError InvalidNamespace */
  collection(field = this.name): string {
    const value = this.require(field);
    if (value.type !== BsonType.string)
      throw new CommandError('InvalidNamespace', `collection name has invalid type ${typeName(value.type)}`);
    const name = value.text();
    if (name === '') throw new CommandError('InvalidNamespace', `Invalid namespace specified '${this.db}.'`);
    return name;
  }

  /** @throws CommandError IDLUnknownField */
  override allow(known: ReadonlySet<string>): void {
    for (const field of this.fields.keys())
      if (field !== this.name && !known.has(field) && !GENERIC.has(field))
        throw new CommandError('IDLUnknownField', `BSON field '${this.name}.${field}' is an unknown field.`);
    for (const field of this.request.sequences.keys())
      if (!known.has(field)) throw new CommandError('IDLUnknownField', `BSON field '${this.name}.${field}' is an unknown field.`);
  }

  /** A list of documents, which may travel beside the body. @throws CommandError IDLFailedToParse */
  list(field: string): RawValue[] {
    const sequence = this.request.sequences.get(field);
    if (sequence) return sequence;
    this.require(field);
    return this.objects(field) ?? [];
  }
}
