import { CommandError } from '../errors.js';

/** The BSON element types (bsonspec.org, version 1.1). */
export const BsonType = {
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  bool: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  dbPointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int: 0x10,
  timestamp: 0x11,
  long: 0x12,
  decimal: 0x13,
  maxKey: 0x7f,
  minKey: 0xff,
} as const;

/** Null, or what is deprecated and counts as null: undefined. */
export const isNullType = (type: number): boolean => type === BsonType.null || type === BsonType.undefined;

/** MongoDB's own limit on nesting; deeper documents are refused rather than walked. */
const MAX_DEPTH = 180;
/** A stored document's limit, in bytes. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** One BSON value where it lies: its type and the span of its bytes. Nothing is copied or decoded until somebody asks. */
export class RawValue {
  constructor(
    readonly type: number,
    readonly bytes: Buffer,
    readonly start: number,
    readonly end: number,
  ) {}

  /** A whole buffer as one document. */
  static document(bytes: Buffer): RawValue {
    return new RawValue(BsonType.object, bytes, 0, bytes.length);
  }

  get length(): number {
    return this.end - this.start;
  }

  get isNumber(): boolean {
    return this.type === BsonType.int || this.type === BsonType.double || this.type === BsonType.long || this.type === BsonType.decimal;
  }

  /** The bytes themselves, shared with the buffer they lie in. */
  slice(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }

  /** The same value in bytes of its own, where it lies in a larger buffer: to be kept without keeping that buffer. */
  owned(): RawValue {
    if (this.length * 2 >= this.bytes.length) return this;
    const bytes = Buffer.from(this.slice());
    return new RawValue(this.type, bytes, 0, bytes.length);
  }

  sameBytes(other: RawValue): boolean {
    return this.type === other.type && this.bytes.compare(other.bytes, other.start, other.end, this.start, this.end) === 0;
  }

  /** The text of a string, symbol or code value. */
  text(): string {
    return this.bytes.toString('utf8', this.start + 4, this.end - 1);
  }
}

const invalid = (what: string): CommandError => new CommandError('InvalidBSON', `Invalid BSON: ${what}`);

const cstringEnd = (bytes: Buffer, offset: number, limit: number): number => {
  const end = bytes.indexOf(0, offset);
  if (end < 0 || end >= limit) throw invalid('an unterminated name');
  return end;
};

/** The offset after a value of the type that begins at `offset`. Only for bytes that `validateDocument` has passed. */
export const valueEnd = (type: number, bytes: Buffer, offset: number): number => {
  switch (type) {
    case BsonType.int:
      return offset + 4;
    case BsonType.double:
    case BsonType.long:
    case BsonType.date:
    case BsonType.timestamp:
      return offset + 8;
    case BsonType.string:
    case BsonType.code:
    case BsonType.symbol:
      return offset + 4 + bytes.readInt32LE(offset);
    case BsonType.object:
    case BsonType.array:
    case BsonType.codeWithScope:
      return offset + bytes.readInt32LE(offset);
    case BsonType.objectId:
      return offset + 12;
    case BsonType.bool:
      return offset + 1;
    case BsonType.null:
    case BsonType.undefined:
    case BsonType.minKey:
    case BsonType.maxKey:
      return offset;
    case BsonType.binary:
      return offset + 5 + bytes.readInt32LE(offset);
    case BsonType.decimal:
      return offset + 16;
    case BsonType.regex:
      return bytes.indexOf(0, bytes.indexOf(0, offset) + 1) + 1;
    case BsonType.dbPointer:
      return offset + 4 + bytes.readInt32LE(offset) + 12;
    default:
      throw invalid(`the type 0x${type.toString(16)}`);
  }
};

const checkString = (bytes: Buffer, offset: number, limit: number): number => {
  if (offset + 5 > limit) throw invalid('a string past the end');
  const length = bytes.readInt32LE(offset);
  const end = offset + 4 + length;
  if (length < 1 || end > limit) throw invalid('the length of a string');
  if (bytes[end - 1] !== 0) throw invalid('an unterminated string');
  return end;
};

const checkValue = (type: number, bytes: Buffer, offset: number, limit: number, depth: number): number => {
  switch (type) {
    case BsonType.object:
    case BsonType.array:
      return validateDocument(bytes, offset, limit, depth + 1);
    case BsonType.string:
    case BsonType.code:
    case BsonType.symbol:
      return checkString(bytes, offset, limit);
    case BsonType.binary:
      if (offset + 5 > limit || bytes.readInt32LE(offset) < 0) throw invalid('the length of a binary');
      break;
    case BsonType.regex:
      return cstringEnd(bytes, cstringEnd(bytes, offset, limit) + 1, limit) + 1;
    case BsonType.dbPointer:
      checkString(bytes, offset, limit);
      break;
    case BsonType.codeWithScope: {
      if (offset + 14 > limit) throw invalid('code with scope past the end');
      const end = offset + bytes.readInt32LE(offset);
      if (end > limit || validateDocument(bytes, checkString(bytes, offset + 4, limit), limit, depth + 1) !== end)
        throw invalid('the length of code with scope');
      return end;
    }
    default:
  }
  const end = valueEnd(type, bytes, offset);
  if (end > limit) throw invalid('a value past the end');
  return end;
};

/**
 * Checks that a whole, well-formed document begins at `start` and ends by `limit`; answers where it ends.
 * Everything that came over the wire passes here once, so that no later walk needs to look for the edge.
 * @throws CommandError InvalidBSON
 */
export function validateDocument(bytes: Buffer, start: number, limit: number, depth = 0): number {
  if (depth > MAX_DEPTH) throw invalid(`nested deeper than ${MAX_DEPTH}`);
  if (start + 5 > limit) throw invalid('a document past the end');
  const end = start + bytes.readInt32LE(start);
  if (end < start + 5 || end > limit) throw invalid('the length of a document');
  if (bytes[end - 1] !== 0) throw invalid('an unterminated document');
  let at = start + 4;
  while (at < end - 1) {
    const type = bytes[at] as number;
    if (type === 0) throw invalid('a document shorter than its length');
    let name = at + 1;
    while (name < end && bytes[name] !== 0) name++;
    if (name >= end - 1) throw invalid('an unterminated name');
    at = checkValue(type, bytes, name + 1, end - 1, depth);
  }
  if (at !== end - 1) throw invalid('a value past the end of its document');
  return end;
}

/** Walks the elements of one document or array, without allocating for those it passes. */
export class Elements {
  type = 0;
  nameStart = 0;
  nameEnd = 0;
  valueStart = 0;
  valueEnd: number;
  readonly #last: number;

  constructor(
    readonly bytes: Buffer,
    start: number,
  ) {
    this.valueEnd = start + 4;
    this.#last = start + bytes.readInt32LE(start) - 1;
  }

  static of(value: RawValue): Elements {
    return new Elements(value.bytes, value.start);
  }

  next(): boolean {
    const at = this.valueEnd;
    if (at >= this.#last) return false;
    const { bytes } = this;
    this.type = bytes[at] as number;
    this.nameStart = at + 1;
    let end = at + 1;
    while (bytes[end] !== 0) end++;
    this.nameEnd = end;
    this.valueStart = end + 1;
    this.valueEnd = valueEnd(this.type, bytes, end + 1);
    return true;
  }

  name(): string {
    const { bytes, nameStart, nameEnd } = this;
    let name = '';
    for (let at = nameStart; at < nameEnd; at++) {
      const byte = bytes[at] as number;
      if (byte > 127) return bytes.toString('utf8', nameStart, nameEnd);
      name += String.fromCharCode(byte);
    }
    return name;
  }

  nameIs(name: Buffer): boolean {
    const { bytes, nameStart } = this;
    if (this.nameEnd - nameStart !== name.length) return false;
    for (let i = 0; i < name.length; i++) if (bytes[nameStart + i] !== name[i]) return false;
    return true;
  }

  value(): RawValue {
    return new RawValue(this.type, this.bytes, this.valueStart, this.valueEnd);
  }
}

/** The elements of a document, by name, in order. Of a name that occurs twice the first counts, as in MongoDB's own look-ups. */
export const fieldsOf = (document: RawValue): Map<string, RawValue> => {
  const fields = new Map<string, RawValue>();
  for (const element = Elements.of(document); element.next();) {
    const name = element.name();
    if (!fields.has(name)) fields.set(name, element.value());
  }
  return fields;
};

/** The values of an array, in order. */
export const itemsOf = (array: RawValue): RawValue[] => {
  const items: RawValue[] = [];
  for (const element = Elements.of(array); element.next();) items.push(element.value());
  return items;
};

/** The first field of that name. */
export const findField = (bytes: Buffer, start: number, name: Buffer): RawValue | undefined => {
  for (const element = new Elements(bytes, start); element.next();) if (element.nameIs(name)) return element.value();
  return undefined;
};
