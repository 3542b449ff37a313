import type { IndexInfo } from '../catalogue.js';
import { conditionsOf, type Condition } from './conditions.js';
import { Filter, type Predicate } from './filter.js';
import { covers, descending, EVERY_VALUE, intersect, type Range } from './ranges.js';
import type { Sort } from './sort.js';

/** A span of whole keys of one index, without its id: from `start` (inclusive) to `end` (exclusive). */
export interface Interval {
  start: Buffer;
  end: Buffer;
  /** Length of the part that is the same in the whole interval; what follows it decides the order when intervals are merged. */
  fixed: number;
}

/** An index as the planner sees it. `_id` is one too, whose entries are the documents. */
export interface Candidate {
  index: IndexInfo | undefined;
  pattern: readonly (readonly [string, 1 | -1])[];
  unique: boolean;
  multikey: boolean;
}

/** The order of `_id`, in which the documents lie. */
export const BY_ID: Candidate = { index: undefined, pattern: [['_id', 1]], unique: true, multikey: false };

export const candidateOf = (index: IndexInfo): Candidate => ({
  index,
  pattern: index.pattern,
  unique: index.unique,
  multikey: index.multikey,
});

/** Where in an index the documents lie that a filter matches. */
export interface Narrowed {
  candidate: Candidate;
  intervals: readonly Interval[];
  /** Whether any condition narrows the index. */
  bounded: boolean;
  /** The intervals are single values of all fields that are narrowed. */
  points: boolean;
  /** So many leading fields have one value, ... */
  singles: number;
  /** ... whose keys these are. */
  singleKeys: readonly Buffer[];
  /** So many leading fields have single values. */
  pointFields: number;
  /** The conditions that hold of all that lies in the intervals. */
  known: ReadonlySet<Predicate>;
  /** How well the filter is served: 2 for each field with single values, 1 for a range. */
  score: number;
}

/** More intervals than this are not worth their planning: a later field's ranges are then tested, not looked up. */
const MAX_INTERVALS = 4_000;

/** What the filter says of one field of an index. */
interface FieldBounds {
  ranges: readonly Range[];
  known: Predicate[];
  present: boolean;
  bounded: boolean;
}

const UNBOUNDED: FieldBounds = { ranges: [EVERY_VALUE], known: [], present: false, bounded: false };

const isPoints = (ranges: readonly Range[]): boolean => ranges.every(({ point }) => point);

const boundsFor = (dotted: string, multikey: boolean, conditions: readonly Condition[]): FieldBounds => {
  let field = UNBOUNDED;
  for (const condition of conditions) {
    if (condition.dotted !== dotted) continue;
    // In an array different items may satisfy different conditions: only one of them may narrow the scan; one on single values if there is one.
    if (multikey && field.bounded) {
      if (isPoints(field.ranges) || !isPoints(condition.ranges)) continue;
      field = { ...UNBOUNDED, present: field.present };
    }
    field = {
      ranges: intersect(field.ranges, condition.ranges),
      known: condition.predicate ? [...field.known, condition.predicate] : field.known,
      present: field.present || condition.present,
      bounded: true,
    };
  }
  return field;
};

/** Whether the partial index holds every document that the filter matches; answers the conditions that its own filter makes certain. */
const impliedBy = (partial: Filter, conditions: readonly Condition[]): Predicate[] | undefined => {
  const certain: Predicate[] = [];
  for (const predicate of partial.predicates) {
    const [outer, ...more] = conditionsOf(new Filter([predicate])) ?? [];
    if (!outer || more.length > 0) return undefined;
    const inner = conditions.find(({ dotted, ranges, present }) => {
      if (dotted !== outer.dotted) return false;
      return predicate.kind === 'exists' ? present : outer.predicate !== undefined && covers(outer.ranges, ranges);
    });
    if (!inner) return undefined;
    if (inner.predicate && covers(inner.ranges, outer.ranges)) certain.push(inner.predicate);
  }
  return certain;
};

const EMPTY = Buffer.alloc(0);
const WHOLE: Interval = { start: EMPTY, end: Buffer.from([0xff]), fixed: 0 };

const topOf = (dotted: string): string => dotted.split('.', 1)[0] as string;

/** Narrows an index by conditions; undefined where the index does not hold all documents that satisfy them. */
export const narrow = (candidate: Candidate, conditions: readonly Condition[]): Narrowed | undefined => {
  const { index, pattern, multikey } = candidate;
  const known = new Set<Predicate>();
  if (index?.filter) {
    const certain = impliedBy(index.filter, conditions);
    if (!certain) return undefined;
    for (const predicate of certain) known.add(predicate);
  }
  let intervals: Interval[] = [{ start: EMPTY, end: EMPTY, fixed: 0 }];
  // an index that holds but a part of the documents narrows by itself
  let [singles, pointFields, score, open] = [0, 0, index?.filter ? 0.5 : 0, false];
  const narrowedTops = new Set<string>();
  const singleKeys: Buffer[] = [];
  for (const [at, [dotted, direction]] of pattern.entries()) {
    // a number may be a position or a name, and two fields of one array may be those of different items
    if (/(^|\.)\d/.test(dotted) || (multikey && narrowedTops.has(topOf(dotted)))) break;
    const field = boundsFor(dotted, multikey, conditions);
    if (!field.bounded) break;
    const ranges = direction > 0 ? field.ranges : field.ranges.map(descending).reverse();
    if (intervals.length * ranges.length > MAX_INTERVALS && at > 0) break;
    const single = isPoints(ranges);
    intervals = intervals.flatMap(({ start, fixed }) =>
      ranges.map(({ low, high }) => ({
        start: Buffer.concat([start, low.bytes]),
        end: Buffer.concat([start, high.bytes]),
        fixed: single ? fixed + low.key.length : fixed,
      })),
    );
    for (const predicate of field.known) known.add(predicate);
    narrowedTops.add(topOf(dotted));
    if (!single) {
      // that a field is there at all narrows hardly
      score += field.ranges[0] === EVERY_VALUE ? 0.1 : 1;
      open = true;
      break;
    }
    if (ranges.length === 1 && singles === at) {
      singles++;
      singleKeys.push((ranges[0] as Range).low.key);
    }
    pointFields++;
    score += 2;
  }
  const bounded = pointFields > 0 || open;
  if (index?.sparse && !conditions.some(({ dotted, present }) => present && pattern.some(([field]) => field === dotted))) return undefined;
  return {
    candidate,
    intervals: bounded ? intervals : [WHOLE],
    bounded,
    points: bounded && !open,
    singles,
    singleKeys,
    pointFields,
    known,
    score,
  };
};

/** How an index gives an order: read backwards, or all its intervals side by side. */
export interface Order {
  reverse: boolean;
  merge: boolean;
}

/** So many ranges of an index are read side by side to keep its order. */
const MAX_MERGED = 256;

/** Whether what was narrowed comes in the order asked for: by the fields behind those that are fixed, forwards or all backwards. */
export const orderGiven = ({ candidate, intervals, singles, pointFields }: Narrowed, sort: Sort): Order | undefined => {
  const { index, pattern, unique, multikey } = candidate;
  if (multikey || sort.some(({ collator }) => collator)) return undefined;
  const fixed = new Set(pattern.slice(0, singles).map(([dotted]) => dotted));
  const wanted = sort.filter(({ dotted }) => !fixed.has(dotted));
  // between equal keys the entries lie in the order of _id
  const whole = unique || !index ? pattern : [...pattern, ['_id', 1] as const];
  const follows = (from: number): { reverse: boolean } | undefined => {
    let reverse: boolean | undefined;
    for (const [at, { dotted, direction }] of wanted.entries()) {
      const field = whole[from + at];
      // where the key is unique nothing is left to be ordered
      if (!field) return unique && !index?.filter && !index?.sparse ? { reverse: reverse ?? false } : undefined;
      if (field[0] !== dotted) return undefined;
      const backwards = field[1] !== direction;
      if (reverse !== undefined && reverse !== backwards) return undefined;
      reverse = backwards;
    }
    return { reverse: reverse ?? false };
  };
  const direct = follows(singles);
  if (direct) return { ...direct, merge: false };
  if (pointFields <= singles || unique || intervals.length > MAX_MERGED) return undefined;
  const merged = follows(pointFields);
  return merged && { ...merged, merge: true };
};
