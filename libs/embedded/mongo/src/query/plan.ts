import type { CollectionInfo, IndexInfo } from '../catalogue.js';
import { CommandError } from '../errors.js';
import { alternativesOf } from './alternatives.js';
import { BY_ID, candidateOf, narrow, orderGiven, type Candidate, type Interval, type Narrowed, type Order } from './candidate.js';
import { conditionsOf } from './conditions.js';
import { EVERYTHING, type Filter } from './filter.js';
import { union } from './ranges.js';
import type { Sort } from './sort.js';

/** One way to reach documents: an index, or the documents themselves in the order of their `_id`. */
export interface Access {
  /** Undefined: the documents themselves. */
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
  stage: 'IDHACK' | 'IXSCAN' | 'COLLSCAN' | 'CLUSTERED_IXSCAN' | 'EOF';
}

/** How to reach the documents that a filter matches: by one access, or, for an $or, by several that may give the same document. */
export interface Plan {
  accesses: readonly Access[];
  /** The documents come in the order that was asked for. */
  sorted: boolean;
}

/** The name or the key pattern of the index to use; `$natural` is `_id`'s order. */
export type Hint = string | Readonly<Record<string, unknown>>;

export interface PlanOptions {
  sort?: Sort | undefined;
  /** Documents wanted at most, skipped ones included; undefined for all. */
  limit?: number | undefined;
  hint?: Hint | undefined;
  /** How many keys the intervals hold, counted no further than `most`. */
  count: (access: Access, most: number) => number;
}

/** Sorting so many documents is quicker than reading an index in order until enough of them match. */
const FEW = 2_000;

const NOTHING: Plan = {
  accesses: [{ index: undefined, intervals: [], points: false, reverse: false, merge: false, residual: EVERYTHING, stage: 'EOF' }],
  sorted: true,
};

const stageOf = ({ candidate, bounded, points, intervals }: Narrowed, order: Order | undefined): Access['stage'] => {
  if (intervals.length === 0) return 'EOF';
  if (candidate.index) return 'IXSCAN';
  if (!bounded) return order ? 'CLUSTERED_IXSCAN' : 'COLLSCAN';
  return points && intervals.length === 1 ? 'IDHACK' : 'CLUSTERED_IXSCAN';
};

const accessOf = (narrowed: Narrowed, filter: Filter, order: Order | undefined): Access => ({
  index: narrowed.candidate.index,
  intervals: narrowed.intervals,
  points: !narrowed.candidate.index && narrowed.points,
  reverse: order?.reverse ?? false,
  merge: order?.merge ?? false,
  residual: filter.without(narrowed.known),
  stage: stageOf(narrowed, order),
});

/** A narrowed index, weighed. */
interface Weighed {
  narrowed: Narrowed;
  order: Order | undefined;
  score: number;
}

/**
 * Narrows one index by a filter and, where that helps, by each alternative of its $or: their intervals together are then read as those of
 * one question, in the order of the index.
 */
const weigh = (
  candidate: Candidate,
  filter: Filter,
  alternatives: readonly Filter[] | undefined,
  sort: Sort | undefined,
): Weighed | undefined => {
  const conditions = conditionsOf(filter);
  const plain = conditions && narrow(candidate, conditions);
  const narrowed = (alternatives && narrowByAll(candidate, alternatives, plain?.score ?? 0)) ?? plain;
  return narrowed && { narrowed, order: sort && orderGiven(narrowed, sort), score: narrowed.score };
};

const narrowByAll = (candidate: Candidate, alternatives: readonly Filter[], least: number): Narrowed | undefined => {
  const parts: Narrowed[] = [];
  for (const alternative of alternatives) {
    const conditions = conditionsOf(alternative);
    // what cannot hold of any document needs no interval
    if (!conditions) continue;
    const part = narrow(candidate, conditions);
    if (!part || part.score <= least) return undefined;
    parts.push(part);
  }
  const [first] = parts;
  if (!first) return undefined;
  const intervals = union(parts.flatMap((part) => part.intervals));
  const singleKeys = sharedSingles(parts);
  const singles = singleKeys.length;
  return {
    candidate,
    intervals,
    bounded: true,
    points: parts.every(({ points }) => points),
    ...{ singles, singleKeys },
    // what is behind the shared fields differs: nothing to merge by
    pointFields: singles,
    known: new Set(),
    score: Math.min(...parts.map(({ score }) => score)),
  };
};

/** The keys of the leading fields that have the same single value in all parts. */
const sharedSingles = ([first, ...others]: readonly Narrowed[]): readonly Buffer[] => {
  const keys = first?.singleKeys ?? [];
  const shared = keys.findIndex((key, at) => !others.every(({ singleKeys }) => singleKeys[at]?.equals(key)));
  return shared < 0 ? keys : keys.slice(0, shared);
};

const hinted = (collection: CollectionInfo, hint: Hint): Candidate => {
  const pattern = typeof hint === 'string' ? undefined : JSON.stringify(Object.entries(hint).map(([name, value]) => [name, Number(value)]));
  if (hint === '_id_' || pattern === '[["_id",1]]' || (typeof hint === 'object' && '$natural' in hint)) return BY_ID;
  const index = usable(collection).find((each) => (pattern === undefined ? each.name === hint : JSON.stringify(each.pattern) === pattern));
  if (!index) throw new CommandError('BadValue', 'error processing query: hint provided does not correspond to an existing index');
  return candidateOf(index);
};

const usable = ({ indexes }: CollectionInfo): readonly IndexInfo[] => indexes.filter(({ building }) => !building);

const best = (all: readonly Weighed[]): Weighed | undefined =>
  all.reduce<Weighed | undefined>((found, each) => (!found || each.score > found.score ? each : found), undefined);

const single = ({ narrowed, order }: Weighed, filter: Filter, sort: Sort | undefined): Plan => ({
  accesses: [accessOf(narrowed, filter, order)],
  sorted: sort === undefined || order !== undefined,
});

/**
 * Chooses how to reach what the filter matches: the index that most conditions narrow, and among equals the one that gives the order. Where
 * one index narrows and another gives the order, the first is taken if what it narrows to is few. An $or whose alternatives need different
 * indexes is several questions.
 * @throws CommandError BadValue, for a hint at an index that is not there
 */
export const planQuery = (collection: CollectionInfo, filter: Filter, options: PlanOptions): Plan => {
  const { sort, limit, hint, count } = options;
  if (!conditionsOf(filter)) return NOTHING;
  const alternatives = alternativesOf(filter);
  if (hint !== undefined) return planHinted(hinted(collection, hint), filter, alternatives, sort);

  const byId = weigh(BY_ID, filter, alternatives, sort) as Weighed;
  // nothing narrows more than one _id
  if (byId.narrowed.points && byId.narrowed.intervals.length === 1) return single(byId, filter, sort);
  const all = [byId];
  for (const index of usable(collection)) {
    const each = weigh(candidateOf(index), filter, alternatives, sort);
    // an index that neither narrows nor orders is no better than the documents themselves, unless it holds but a part of them
    if (each && (each.narrowed.bounded || each.order || index.filter)) all.push(each);
  }
  const narrowest = best(all) as Weighed;
  const ordered = best(all.filter(({ order }) => sort === undefined || order !== undefined));
  if (narrowest.score < 1 && alternatives) {
    const plans = alternatives.map((alternative) => planQuery(collection, alternative, { count }));
    if (plans.every(({ accesses }) => accesses.every(({ stage }) => stage !== 'COLLSCAN')))
      return { accesses: plans.flatMap(({ accesses }) => accesses), sorted: sort === undefined };
  }
  if (!ordered || ordered === narrowest || ordered.score >= narrowest.score) return single(ordered ?? narrowest, filter, sort);
  if (limit === undefined) return single(narrowest, filter, sort);
  return single(count(accessOf(narrowest.narrowed, filter, undefined), FEW) < FEW ? narrowest : ordered, filter, sort);
};

const planHinted = (candidate: Candidate, filter: Filter, alternatives: readonly Filter[] | undefined, sort: Sort | undefined): Plan => {
  const weighed = weigh(candidate, filter, alternatives, sort) ?? (weigh(BY_ID, filter, alternatives, sort) as Weighed);
  return single(weighed, filter, sort);
};
