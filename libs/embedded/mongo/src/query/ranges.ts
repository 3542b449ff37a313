import { BsonType, isNullType, type RawValue } from '../bson/raw.js';
import { afterKey, invertKey, KEY_OF_NULL, KEY_OF_UNDEFINED, Rank, rankOf } from '../keys/value-key.js';
import type { Predicate } from './filter.js';

/** A place between keys: just before all that begin with `key`, or just after them. */
export interface Edge {
  key: Buffer;
  after: boolean;
  /** The place as a bound: the first key that stands behind it. */
  bytes: Buffer;
}

const before = (key: Buffer): Edge => ({ key, after: false, bytes: key });
const after = (key: Buffer): Edge => ({ key, after: true, bytes: afterKey(key) });

/** The place in an index whose order is turned round. */
const turned = ({ key, after: isAfter }: Edge): Edge => (isAfter ? before(invertKey(key)) : after(invertKey(key)));

/** A span of value keys. A point is one value. */
export interface Range {
  low: Edge;
  high: Edge;
  point: boolean;
}

/** The span in a descending field. */
export const descending = ({ low, high, point }: Range): Range => ({ low: turned(high), high: turned(low), point });

/** Where in the order of one field's values a condition can hold. `exact`: it holds exactly there, and need not be tested again. */
export interface Bounds {
  ranges: readonly Range[];
  exact: boolean;
  /** It cannot hold where the field is missing. */
  present: boolean;
}

const point = (key: Buffer): Range => ({ low: before(key), high: after(key), point: true });

export const EVERY_VALUE: Range = { low: before(Buffer.from([1])), high: before(Buffer.from([0xfe])), point: false };

const NULLISH = [point(KEY_OF_UNDEFINED), point(KEY_OF_NULL)];

/** A NaN is below all numbers in the order, and no comparison but equality holds for it. */
const AFTER_NAN = after(Buffer.from([Rank.number, 0, 0, 0, 0, 0, 0, 0, 0, 0]));

const sorted = (ranges: Range[]): Range[] => {
  ranges.sort((a, b) => a.low.bytes.compare(b.low.bytes));
  return ranges.filter((range, i) => i === 0 || !range.low.bytes.equals((ranges[i - 1] as Range).low.bytes));
};

const compareBounds = ({ op, value, key }: Extract<Predicate, { kind: 'compare' }>): Bounds | undefined => {
  const { type } = value;
  // An array as operand also matches as a whole, which an index on its items does not hold.
  if (type === BsonType.array) return undefined;
  if (isNullType(type)) return { ranges: op === 'lt' || op === 'gt' ? [] : NULLISH, exact: false, present: false };
  if (op === 'eq') return { ranges: [point(key)], exact: true, present: true };
  if (type === BsonType.minKey || type === BsonType.maxKey) return undefined;
  const rank = rankOf(type);
  const isNaNKey = rank === Rank.number && key.compare(AFTER_NAN.bytes) < 0;
  if (isNaNKey)
    return op === 'lt' || op === 'gt' ? { ranges: [], exact: true, present: true } : { ranges: [point(key)], exact: true, present: true };
  const bottom = rank === Rank.number ? AFTER_NAN : before(Buffer.from([rank]));
  const top = before(Buffer.from([rank + 1]));
  const span = (low: Edge, high: Edge): Bounds => ({ ranges: [{ low, high, point: false }], exact: true, present: true });
  switch (op) {
    case 'lt':
      return span(bottom, before(key));
    case 'lte':
      return span(bottom, after(key));
    case 'gt':
      return span(after(key), top);
    case 'gte':
      return span(before(key), top);
    default:
      return op satisfies never;
  }
};

/** The text that every match of an anchored pattern begins with; empty where there is none. */
const literalPrefix = ({ source, flags }: RegExp): string => {
  if (!source.startsWith('^') || source.includes('|') || /[im]/.test(flags)) return '';
  const literal = /^\^([\w\- @:,;#]+)/.exec(source)?.[1] ?? '';
  return /^[*?{]/.test(source.slice(1 + literal.length)) ? literal.slice(0, -1) : literal;
};

const regexBounds = ({ regex, key }: Extract<Predicate, { kind: 'regex' }>): Bounds | undefined => {
  const prefix = literalPrefix(regex);
  if (prefix === '') return undefined;
  const low = Buffer.concat([Buffer.from([Rank.string]), Buffer.from(prefix)]);
  return {
    ranges: sorted([{ low: before(low), high: after(low), point: false }, ...(key ? [point(key)] : [])]),
    exact: false,
    present: true,
  };
};

/**
 * What a condition says about where its field's values lie; undefined where it says nothing that an index knows.
 * Of $elemMatch, see `itemBounds`.
 */
export const boundsOf = (predicate: Predicate): Bounds | undefined => {
  switch (predicate.kind) {
    case 'compare':
      return compareBounds(predicate);
    case 'in': {
      const { values, keys, missing } = predicate;
      if (values.some((value: RawValue) => value.type === BsonType.array)) return undefined;
      const points = keys.map(point);
      return { ranges: sorted(missing ? [...points, ...NULLISH] : points), exact: !missing, present: !missing };
    }
    case 'exists':
      return predicate.wanted
        ? { ranges: [EVERY_VALUE], exact: false, present: true }
        : { ranges: [point(KEY_OF_NULL)], exact: false, present: false };
    case 'regex':
      return regexBounds(predicate);
    default:
      return undefined;
  }
};

const compare = (a: Edge, b: Edge): number => a.bytes.compare(b.bytes);

/** Both at once. */
export const intersect = (a: readonly Range[], b: readonly Range[]): Range[] => {
  const both: Range[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [left, right] = [a[i] as Range, b[j] as Range];
    const low = compare(left.low, right.low) >= 0 ? left.low : right.low;
    const high = compare(left.high, right.high) <= 0 ? left.high : right.high;
    if (compare(low, high) < 0) both.push({ low, high, point: left.point || right.point });
    if (compare(left.high, right.high) <= 0) i++;
    else j++;
  }
  return both;
};

/** Spans that overlap become one; all in order. Neighbours stay apart, for two single values are still two. */
export const union = <T extends { start: Buffer; end: Buffer }>(spans: readonly T[]): T[] => {
  const joined: T[] = [];
  for (const span of [...spans].sort((a, b) => a.start.compare(b.start))) {
    const last = joined.at(-1);
    if (last && span.start.compare(last.end) < 0) {
      if (span.end.compare(last.end) > 0) joined[joined.length - 1] = { ...last, end: span.end };
    } else joined.push(span);
  }
  return joined;
};

/** Whether every value of `inner` lies in `outer`. */
export const covers = (outer: readonly Range[], inner: readonly Range[]): boolean =>
  inner.every((range) => outer.some(({ low, high }) => compare(low, range.low) <= 0 && compare(range.high, high) <= 0));
