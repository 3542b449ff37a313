import { findField, BsonType, itemsOf, RawValue } from '../bson/raw.js';
import type { Path, Segment } from '../bson/path.js';
import { writeDocument } from '../bson/writer.js';
import { Filter, type Predicate } from './filter.js';

/** The first array on the path, and the steps that lead to it; undefined where there is none. */
const firstArray = (document: RawValue, path: Path): { array: RawValue; steps: readonly string[] } | undefined => {
  let value = document;
  const steps: string[] = [];
  for (const { name, bytes } of path as readonly Segment[]) {
    const next = findField(value.bytes, value.start, bytes);
    if (!next) return undefined;
    steps.push(name);
    if (next.type === BsonType.array) return { array: next, steps };
    if (next.type !== BsonType.object) return undefined;
    value = next;
  }
  return undefined;
};

const nested = (steps: readonly string[], value: object): object => steps.reduceRight<object>((inner, step) => ({ [step]: inner }), value);

/** The first item of the array on the predicate's path for whose sake it holds: it would hold of the array with this item alone. */
const itemFor = (predicate: Predicate, document: RawValue): number | undefined => {
  if (!('path' in predicate)) {
    if (predicate.kind !== 'or') return undefined;
    for (const part of predicate.parts) {
      const index = part.matches(document) ? matchedItem(part, document) : undefined;
      if (index !== undefined) return index;
    }
    return undefined;
  }
  const found = firstArray(document, predicate.path);
  if (!found) return undefined;
  const alone = new Filter([predicate]);
  const index = itemsOf(found.array).findIndex((item) => alone.matches(RawValue.document(writeDocument(nested(found.steps, [item])))));
  return index < 0 ? undefined : index;
};

/** The array item that a query matched, which `$` stands for in an update or a projection; undefined where no condition is on an array. */
export const matchedItem = (filter: Filter, document: RawValue): number | undefined => {
  for (const predicate of filter.predicates) {
    const index = itemFor(predicate, document);
    if (index !== undefined) return index;
  }
  return undefined;
};
