import { parsePath } from '../bson/path.js';
import type { Filter, Predicate } from './filter.js';
import { boundsOf, intersect, type Bounds } from './ranges.js';

/** What one condition of a filter says of the values of one field. */
export interface Condition extends Bounds {
  dotted: string;
  /** The condition itself, where the bounds say all of it. */
  predicate: Predicate | undefined;
}

/** What a filter says of its fields' values, condition by condition; undefined where it cannot hold of any document. */
export const conditionsOf = ({ predicates }: Filter): Condition[] | undefined => {
  const conditions = predicates.flatMap((predicate): Condition[] => {
    if (predicate.kind === 'elemMatch') return itemConditions(predicate);
    const bounds = boundsOf(predicate);
    return bounds && 'dotted' in predicate
      ? [{ ...bounds, dotted: predicate.dotted, predicate: bounds.exact ? predicate : undefined }]
      : [];
  });
  return conditions.some(({ ranges }) => ranges.length === 0) ? undefined : conditions;
};

/** What $elemMatch says of each field of its items. All its conditions are about one item, so that together they narrow. */
const itemConditions = ({ dotted, filter, items }: Extract<Predicate, { kind: 'elemMatch' }>): Condition[] => {
  const byPath = new Map<string, Condition>();
  for (const { dotted: inner, ranges, present } of conditionsOf(filter) ?? []) {
    const path = items === 'values' ? dotted : `${dotted}.${inner}`;
    const other = byPath.get(path);
    byPath.set(path, {
      dotted: path,
      ranges: other ? intersect(other.ranges, ranges) : ranges,
      exact: false,
      present: (other?.present ?? false) || present,
      predicate: undefined,
    });
  }
  // an array within an array is no value of the index
  return items === 'values' || [...byPath.keys()].every((path) => parsePath(path).length > 1) ? [...byPath.values()] : [];
};
