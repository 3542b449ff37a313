import { BsonType, Elements, RawValue } from './raw.js';
import { BsonWriter, positionName } from './writer.js';

/** BSON values made from others, without decoding them. */

export const NULL = new RawValue(BsonType.null, Buffer.alloc(0), 0, 0);
export const TRUE = new RawValue(BsonType.bool, Buffer.from([1]), 0, 1);
export const FALSE = new RawValue(BsonType.bool, Buffer.from([0]), 0, 1);

export const boolValue = (value: boolean): RawValue => (value ? TRUE : FALSE);

export const intValue = (value: number): RawValue => {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32LE(value);
  return new RawValue(BsonType.int, bytes, 0, 4);
};

const writer = new BsonWriter();

/** A document of fields in order; a field that is undefined is left out. */
export const documentOf = (fields: Iterable<readonly [string, RawValue | undefined]>): RawValue => {
  const at = writer.begin();
  for (const [name, value] of fields) if (value) writer.raw(name, value);
  writer.end(at);
  return RawValue.document(writer.take());
};

export const arrayOf = (items: Iterable<RawValue>): RawValue => {
  const begun = writer.begin();
  let at = 0;
  for (const item of items) writer.raw(positionName(at++), item);
  writer.end(begun);
  const bytes = writer.take();
  return new RawValue(BsonType.array, bytes, 0, bytes.length);
};

/** All elements of the documents, in order; of a name that occurs twice the last value, at the first place. */
export const merged = (documents: Iterable<RawValue>): RawValue => {
  const fields = new Map<string, RawValue>();
  for (const document of documents)
    for (const element = Elements.of(document); element.next();) fields.set(element.name(), element.value());
  return documentOf(fields);
};
