import { Filter, type Predicate } from './filter.js';

/** An $or is planned as so many alternatives at most. */
const MAX_ALTERNATIVES = 64;

/**
 * A filter with $or as alternatives, each a list of conditions without one: `{a: 1, $or: [{b: 2}, {c: 3}]}` is `a: 1, b: 2` or
 * `a: 1, c: 3`. Undefined where there is no $or, or they would be too many.
 */
export const alternativesOf = (filter: Filter): Filter[] | undefined => {
  if (!filter.predicates.some(({ kind }) => kind === 'or')) return undefined;
  const lists = expand(filter);
  return lists && lists.length > 0 ? lists.map((predicates) => new Filter(predicates)) : undefined;
};

const expand = ({ predicates }: Filter): Predicate[][] | undefined => {
  let lists: Predicate[][] = [[]];
  for (const predicate of predicates) {
    if (predicate.kind !== 'or') {
      for (const list of lists) list.push(predicate);
      continue;
    }
    const parts = predicate.parts.map(expand);
    const inner = parts.flatMap((part) => part ?? []);
    if (parts.includes(undefined) || lists.length * inner.length > MAX_ALTERNATIVES) return undefined;
    lists = lists.flatMap((list) => inner.map((each) => [...list, ...each]));
  }
  return lists;
};
