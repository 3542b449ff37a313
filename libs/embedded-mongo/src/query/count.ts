import type { CollectionInfo } from '../catalogue.js';
import type { Documents } from '../documents.js';
import type { Patience } from '../slices.js';
import type { Store } from '../storage/store.js';
import type { Filter } from './filter.js';
import { planQuery, type Hint, type Plan } from './plan.js';
import { countKeys, Scan } from './scan.js';
import { drain, Matching } from './source.js';

/**
 * How many documents match. Where an index knows all that the filter asks, its keys are counted and no document is read.
 */
export const countMatching = async (
  { store, documents }: { store: Store; documents: Documents },
  collection: CollectionInfo,
  filter: Filter,
  hint: Hint | undefined,
  patience: Patience,
): Promise<number> => {
  const count = (plan: Plan, most: number) => countKeys(store, collection, plan, most);
  const plan = planQuery(collection, filter, { hint, count });
  // an array has several keys, and an equality with null also matches what has none
  if (plan.residual.predicates.length === 0 && !plan.index?.multikey && !plan.points) return countKeys(store, collection, plan);
  let matching = 0;
  await drain(new Matching(new Scan(store, documents, collection, plan), plan.residual), () => ++matching > 0, patience);
  return matching;
};
