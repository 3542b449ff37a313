import { deserialize, type Document } from 'bson';
import { BsonType, Elements, findField, RawValue } from './raw.js';
import { writeDocument, type Writable } from './writer.js';

const ID = Buffer.from('_id');

/** Decodes for evaluation by mingo and for reading options: numbers become JavaScript numbers, everything else keeps its class. */
export const decode = (document: RawValue): Document => deserialize(document.slice());

/** Any value, decoded as `decode` does. */
export const decodeValue = (value: RawValue): unknown => decode(RawValue.document(wrap(value)))['v'];

/** A JavaScript value as BSON, by the rules of `BsonWriter.value`. */
export const encodeValue = (value: Writable | undefined): RawValue => {
  const element = new Elements(writeDocument({ v: value ?? null }), 0);
  element.next();
  return element.value();
};

/** `{v: value}` as bytes. */
export const wrap = (value: RawValue): Buffer => {
  const bytes = Buffer.allocUnsafe(value.length + 8);
  bytes.writeInt32LE(bytes.length, 0);
  bytes[4] = value.type;
  bytes[5] = 0x76;
  bytes[6] = 0;
  value.bytes.copy(bytes, 7, value.start, value.end);
  bytes[bytes.length - 1] = 0;
  return bytes;
};

export const idOf = (document: RawValue): RawValue | undefined => findField(document.bytes, document.start, ID);

/**
 * The document with `_id` as its first field, as MongoDB stores it: moved there if it stands elsewhere, set to `id` if it is absent.
 * The bytes themselves where they are so already.
 */
export const withIdFirst = (document: RawValue, id: () => RawValue): Buffer => {
  const { bytes, start, end } = document;
  const element = new Elements(bytes, start);
  if (element.next() && element.nameIs(ID)) return document.slice();
  let found: { from: number; to: number; value: RawValue } | undefined;
  for (const each = new Elements(bytes, start); each.next();)
    if (each.nameIs(ID)) {
      found = { from: each.nameStart - 1, to: each.valueEnd, value: each.value() };
      break;
    }
  const value = found?.value ?? id();
  const rest = found ? [bytes.subarray(start + 4, found.from), bytes.subarray(found.to, end)] : [bytes.subarray(start + 4, end)];
  const head = Buffer.allocUnsafe(9);
  head[4] = value.type;
  head.write('_id\0', 5, 'latin1');
  const whole = Buffer.concat([head, value.slice(), ...rest]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
};

/** Truth as commands read their flags: booleans and numbers. */
export const isTruthy = (value: RawValue): boolean => {
  switch (value.type) {
    case BsonType.bool:
      return value.bytes[value.start] !== 0;
    case BsonType.null:
    case BsonType.undefined:
      return false;
    default:
      return value.isNumber ? Number(decodeValue(value)) !== 0 : true;
  }
};
