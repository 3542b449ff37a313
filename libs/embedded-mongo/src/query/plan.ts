import type { CollectionInfo, IndexInfo } from '../catalogue.js';
import { CommandError } from '../errors.js';
import { EVERYTHING, type Filter, type Predicate } from './filter.js';
import { boundsOf, covers, descending, EVERY_VALUE, intersect, type Bounds, type Range } from './ranges.js';
import type { Sort } from './sort.js';

/** A span of whole keys of one index, without its id: from `start` (inclusive) to `end` (exclusive). */
export interface Interval {
  start: Buffer;
  end: Buffer;
  /** Length of the part that is the same in the whole interval; what follows it decides the order when intervals are merged. */
  fixed: number;
}

/** How to reach the documents that a filter matches. */
export interface Plan {
  /** Undefined: the documents themselves, which lie in the order of `_id`. */
  index: IndexInfo | undefined;
  /** Ascending, disjoint. */
  intervals: readonly Interval[];
  /** All intervals are single values of `_id`. */
  points: boolean;
  reverse: boolean;
  /** The intervals are read at once, merged by what follows their fixed part. */
  merge: boolean;
  /** What is still to be tested. */
  residual: Filter;
  /** The documents come in the order that was asked for. */
  sorted: boolean;
  stage: 'IDHACK' | 'IXSCAN' | 'COLLSCAN' | 'CLUSTERED_IXSCAN' | 'EOF';
}

/** An index as the planner sees it. `_id` is one too, whose entries are the documents. */
interface Candidate {
  index: IndexInfo | undefined;
  pattern: readonly (readonly [string, 1 | -1])[];
  unique: boolean;
  multikey: boolean;
}

const ID: Candidate = { index: undefined, pattern: [['_id', 1]], unique: true, multikey: false };

/** More intervals than this are not worth their planning: a later field's ranges are then tested, not looked up. */
const MAX_INTERVALS = 4000;
/** So many ranges of an index are read side by side to keep its order. */
const MAX_MERGED = 256;

/** What the filter says of one field of an index. */
interface FieldBounds {
  ranges: readonly Range[];
  known: Predicate[];
  present: boolean;
  bounded: boolean;
}

const boundsFor = (dotted: string, multikey: boolean, bounds: ReadonlyMap<Predicate, Bounds>): FieldBounds => {
  let field: FieldBounds = { ranges: [EVERY_VALUE], known: [], present: false, bounded: false };
  for (const [predicate, { ranges, exact, present }] of bounds) {
    if (!('dotted' in predicate) || predicate.dotted !== dotted) continue;
    // In an array different items may satisfy different conditions: only one of them may narrow the scan; the one on single values if there is one.
    if (multikey && field.bounded) {
      if (field.ranges.every(({ point }) => point) || !ranges.every(({ point }) => point)) continue;
      field = { ranges: [EVERY_VALUE], known: [], present: field.present, bounded: false };
    }
    field = {
      ranges: intersect(field.ranges, ranges),
      known: exact ? [...field.known, predicate] : field.known,
      present: field.present || present,
      bounded: true,
    };
  }
  return field;
};

/** The partial index holds every document the filter matches; answers the conditions that its own filter makes certain. */
const impliedBy = (partial: Filter, bounds: ReadonlyMap<Predicate, Bounds>): Predicate[] | undefined => {
  const certain: Predicate[] = [];
  for (const condition of partial.predicates) {
    const outer = boundsOf(condition);
    if (!outer || !('dotted' in condition)) return undefined;
    const inner = [...bounds].find(
      ([predicate, each]) =>
        'dotted' in predicate &&
        predicate.dotted === condition.dotted &&
        (condition.kind === 'exists'
          ? each.present === condition.wanted && each.present
          : outer.exact && covers(outer.ranges, each.ranges)),
    );
    if (!inner) return undefined;
    const [predicate, each] = inner;
    if (outer.exact && each.exact && covers(each.ranges, outer.ranges)) certain.push(predicate);
  }
  return certain;
};

interface Built {
  plan: Plan;
  /** Fields narrowed to single values, and whether a range follows: what makes a plan good. */
  score: number;
}

const build = (candidate: Candidate, filter: Filter, bounds: ReadonlyMap<Predicate, Bounds>, sort: Sort | undefined): Built | undefined => {
  const { index, pattern, multikey } = candidate;
  const known = new Set<Predicate>();
  if (index?.filter) {
    const certain = impliedBy(index.filter, bounds);
    if (!certain) return undefined;
    for (const predicate of certain) known.add(predicate);
  }
  let intervals: Interval[] = [{ start: Buffer.alloc(0), end: Buffer.alloc(0), fixed: 0 }];
  let open = false;
  let singles = 0;
  let points = 0;
  let score = 0;
  let present = false;
  for (const [i, [dotted, direction]] of pattern.entries()) {
    if (/(^|\.)\d/.test(dotted)) break;
    const field = boundsFor(dotted, multikey, bounds);
    present ||= field.present;
    if (!field.bounded) break;
    const ranges = field.ranges.map((range) => (direction > 0 ? range : descending(range)));
    if (direction < 0) ranges.reverse();
    if (intervals.length * ranges.length > MAX_INTERVALS && i > 0) break;
    const fixedHere = ranges.every(({ point }) => point);
    intervals = intervals.flatMap(({ start, fixed }) =>
      ranges.map(({ low, high }) => ({
        start: Buffer.concat([start, low.bytes]),
        end: Buffer.concat([start, high.bytes]),
        fixed: fixedHere ? fixed + low.key.length : fixed,
      })),
    );
    for (const predicate of field.known) known.add(predicate);
    open = !fixedHere;
    if (open) {
      score += ranges.length === 1 && ranges[0] === EVERY_VALUE ? 0.1 : 1;
      break;
    }
    points++;
    if (ranges.length === 1 && singles === i) singles++;
    score += 2;
  }
  const bounded = points > 0 || open;
  if (index?.sparse && !(bounded && present) && !presentSomewhere(pattern, bounds)) return undefined;
  if (!bounded) intervals = [{ start: Buffer.alloc(0), end: Buffer.from([0xff]), fixed: 0 }];

  const order = sort && (multikey ? undefined : orderGiven(candidate, sort, points, intervals.length, singles));
  if (!bounded && index && sort && !order) return index.filter ? plain() : undefined;
  if (!bounded && index && !sort && !index.filter) return undefined;
  return plain();

  function plain(): Built {
    const isId = index === undefined;
    return {
      plan: {
        index,
        intervals,
        points: isId && bounded && !open,
        reverse: order?.reverse ?? false,
        merge: order?.merge ?? false,
        residual: filter.without(known),
        sorted: sort === undefined || order !== undefined,
        stage: stageOf(isId, bounded, open, intervals.length),
      },
      score,
    };
  }
};

const stageOf = (isId: boolean, bounded: boolean, open: boolean, intervals: number): Plan['stage'] => {
  if (intervals === 0) return 'EOF';
  if (!isId) return 'IXSCAN';
  if (!bounded) return 'COLLSCAN';
  return open || intervals > 1 ? 'CLUSTERED_IXSCAN' : 'IDHACK';
};

const presentSomewhere = (pattern: Candidate['pattern'], bounds: ReadonlyMap<Predicate, Bounds>): boolean =>
  [...bounds].some(
    ([predicate, { present }]) => present && 'dotted' in predicate && pattern.some(([dotted]) => dotted === predicate.dotted),
  );

/** Whether the index yields the order: the fields after those that are fixed, forwards or all backwards. */
const orderGiven = (
  { pattern, unique, index }: Candidate,
  sort: Sort,
  points: number,
  intervals: number,
  singles: number,
): { reverse: boolean; merge: boolean } | undefined => {
  const fixed = new Set(pattern.slice(0, singles).map(([dotted]) => dotted));
  const wanted = sort.filter(({ dotted }) => !fixed.has(dotted));
  // Between equal keys the entries lie in the order of _id.
  const given = (from: number): readonly (readonly [string, 1 | -1])[] =>
    unique || !index ? pattern.slice(from) : [...pattern.slice(from), ['_id', 1] as const];
  const follows = (from: number): { reverse: boolean } | undefined => {
    const fields = given(from);
    let reverse: boolean | undefined;
    for (const [i, { dotted, direction }] of wanted.entries()) {
      const field = fields[i];
      if (!field) return unique ? { reverse: reverse ?? false } : undefined;
      if (field[0] !== dotted) return undefined;
      const backwards = field[1] !== direction;
      if (reverse !== undefined && reverse !== backwards) return undefined;
      reverse = backwards;
    }
    return { reverse: reverse ?? false };
  };
  const direct = follows(singles);
  if (direct) return { ...direct, merge: false };
  if (points <= singles || unique || intervals > MAX_MERGED) return undefined;
  const merged = follows(points);
  return merged && { ...merged, merge: true };
};

const NOTHING: Plan = {
  ...{ index: undefined, intervals: [], points: false, reverse: false, merge: false, residual: EVERYTHING, sorted: true },
  stage: 'EOF',
};

/** The name or the key pattern of the index to use; `$natural` is `_id`'s order. */
export type Hint = string | Readonly<Record<string, unknown>>;

export interface PlanOptions {
  sort?: Sort | undefined;
  /** Documents wanted at most, skipped ones included; undefined for all. */
  limit?: number | undefined;
  hint?: Hint | undefined;
  /** How many keys the intervals hold, counted no further than `most`. */
  count: (plan: Plan, most: number) => number;
}

/** Sorting so many documents is quicker than reading an index in order until enough of them match. */
const FEW = 2000;

const hinted = (collection: CollectionInfo, hint: Hint): Candidate => {
  const pattern = typeof hint === 'string' ? undefined : JSON.stringify(Object.entries(hint).map(([name, value]) => [name, Number(value)]));
  if (hint === '_id_' || pattern === '[["_id",1]]' || (typeof hint === 'object' && '$natural' in hint)) return ID;
  const index = collection.indexes.find((each) => (pattern === undefined ? each.name === hint : JSON.stringify(each.pattern) === pattern));
  if (!index) throw new CommandError('BadValue', 'error processing query: hint provided does not correspond to an existing index');
  return { index, pattern: index.pattern, unique: index.unique, multikey: index.multikey };
};

/**
 * Chooses how to reach what the filter matches: the index that most conditions narrow, and among equals the one that gives the order.
 * Where one index narrows and another gives the order, the first is taken if what it narrows to is few.
 */
export const planQuery = (collection: CollectionInfo, filter: Filter, options: PlanOptions): Plan => {
  const { sort, limit, hint, count } = options;
  const bounds = new Map<Predicate, Bounds>();
  for (const predicate of filter.predicates) {
    const each = boundsOf(predicate);
    if (each) bounds.set(predicate, each);
    if (each && each.ranges.length === 0) return NOTHING;
  }
  const whole = build(ID, filter, bounds, sort) as Built;
  if (hint !== undefined) {
    const built = build(hinted(collection, hint), filter, bounds, sort);
    if (built) return built.plan;
    const index = hinted(collection, hint);
    if (index.index?.filter || index.index?.sparse) return whole.plan;
    return {
      ...whole.plan,
      index: index.index,
      intervals: [{ start: Buffer.alloc(0), end: Buffer.from([0xff]), fixed: 0 }],
      points: false,
      residual: filter,
      sorted: sort === undefined,
      merge: false,
      reverse: false,
      stage: 'IXSCAN',
    };
  }
  const built = [whole];
  for (const index of collection.indexes) {
    const each = build({ index, pattern: index.pattern, unique: index.unique, multikey: index.multikey }, filter, bounds, sort);
    if (each) built.push(each);
  }
  const best = (plans: Built[]): Built | undefined =>
    plans.reduce<Built | undefined>((found, each) => (!found || each.score > found.score ? each : found), undefined);
  const narrow = best(built) as Built;
  const ordered = best(built.filter(({ plan }) => plan.sorted));
  if (!ordered || narrow === ordered || ordered.score >= narrow.score) return (ordered ?? narrow).plan;
  if (limit === undefined) return narrow.plan;
  return count(narrow.plan, FEW) < FEW ? narrow.plan : ordered.plan;
};
