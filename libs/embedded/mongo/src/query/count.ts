import type { CollectionInfo } from '../catalogue.js';
import type { Documents } from '../documents.js';
import type { Patience } from '../slices.js';
import type { Store } from '../storage/store.js';
import type { Filter } from './filter.js';
import { find } from './find.js';
import type { Hint } from './plan.js';
import { countKeys } from './scan.js';
import { drain } from './source.js';

/**
 * How many documents match. Where an index knows all that the filter asks, its keys are counted and no document is read.
 */
export const countMatching = async (
  node: { store: Store; documents: Documents },
  collection: CollectionInfo,
  filter: Filter,
  hint: Hint | undefined,
  patience: Patience,
): Promise<number> => {
  const { plan, source } = find(node, collection, filter, { hint });
  const [only, ...more] = plan.accesses;
  // an array has several keys, of an _id there may be no document, and what is left to be tested needs the documents
  if (only && more.length === 0 && only.residual.predicates.length === 0 && !only.index?.multikey && !only.points)
    return countKeys(node.store, collection, only);
  let matching = 0;
  await drain(source, () => ++matching > 0, patience);
  return matching;
};
