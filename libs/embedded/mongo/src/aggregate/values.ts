import { arrayOf } from '../bson/build.js';
import { BsonType, Elements, findField, type RawValue } from '../bson/raw.js';
import type { Path } from '../bson/path.js';
import { isTruthy } from '../bson/values.js';
import { compareWithKey, KEY_OF_UNDEFINED, keyOf } from '../keys/value-key.js';
import type { Value } from './scope.js';

export const isNullish = (value: Value): value is undefined =>
  value === undefined || value.type === BsonType.null || value.type === BsonType.undefined;

/** The key by which values are compared and grouped; a missing one stands below null. */
export const keyOfValue = (value: Value): Buffer => (value ? keyOf(value) : KEY_OF_UNDEFINED);

/** Below 0, 0 or above 0, in MongoDB's order. */
export const compareValues = (a: Value, b: Value): number => {
  const key = keyOfValue(b);
  return a ? compareWithKey(a, key) : KEY_OF_UNDEFINED.compare(key);
};

/** Truth as expressions see it: all but false, null, 0 and what is missing. */
export const holds = (value: Value): boolean => value !== undefined && isTruthy(value);

/** What a field path of an expression reaches: through an array on the way, the array of what its documents have there. */
export const fieldAt = (from: Value, path: Path, depth = 0): Value => {
  let value = from;
  for (let at = depth; at < path.length; at++) {
    if (value?.type === BsonType.array) {
      const items: RawValue[] = [];
      for (const element = Elements.of(value); element.next();) {
        const item = element.type === BsonType.object || element.type === BsonType.array ? fieldAt(element.value(), path, at) : undefined;
        if (item) items.push(item);
      }
      return arrayOf(items);
    }
    if (value?.type !== BsonType.object) return undefined;
    value = findField(value.bytes, value.start, (path[at] as Path[number]).bytes);
  }
  return value;
};
