import type { CollectionInfo } from '../catalogue.js';
import type { Scope } from '../aggregate/scope.js';
import type { Documents } from '../documents.js';
import type { Store } from '../storage/store.js';
import type { Filter } from './filter.js';
import { planQuery, type Access, type Hint, type Plan } from './plan.js';
import type { Projection } from './projection.js';
import { countKeys, Scan } from './scan.js';
import { Chain, Held, Limiting, Mapping, Once, Matching, Skipping, Sorting, type Source } from './source.js';
import type { Sort } from './sort.js';

export interface FindOptions {
  sort?: Sort | undefined;
  skip?: number | undefined;
  limit?: number | undefined;
  hint?: Hint | undefined;
  projection?: Projection | undefined;
  /** What the projection's expressions may use. */
  variables?: Scope['variables'];
}

/** A query as it is carried out: the plan, its scans (for explain), and what comes out. */
export interface Found {
  plan: Plan;
  scans: readonly Scan[];
  source: Source;
}

/** What a query finds in a collection, by the best plan, in the order asked for. */
export const find = (
  { store, documents }: { store: Store; documents: Documents },
  collection: CollectionInfo,
  filter: Filter,
  { sort, skip = 0, limit, hint, projection, variables = {} }: FindOptions,
): Found => {
  const wanted = limit === undefined ? undefined : skip + limit;
  const count = (access: Access, most: number) => countKeys(store, collection, access, most);
  const plan = planQuery(collection, filter, { sort, limit: wanted, hint, count });
  const scans = plan.accesses.map((access) => new Scan(store, documents, collection, access));
  const matching = plan.accesses.map(({ residual }, at) => new Matching(scans[at] as Scan, residual));
  let source: Source = matching.length === 1 ? (matching[0] as Source) : new Once(new Chain(matching));
  if (sort && !plan.sorted) source = new Sorting(source, sort, wanted);
  if (skip > 0) source = new Skipping(source, skip);
  if (limit !== undefined) source = new Limiting(source, limit);
  if (projection) source = new Mapping(source, (root) => projection({ root, variables }));
  return { plan, scans, source };
};

/** What is found where there is no collection. */
export const NOTHING: Source = new Held([]);
