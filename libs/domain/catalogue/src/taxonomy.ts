import {
  effectiveDated,
  eventCatalogue,
  isTrue,
  lineOf,
  optional,
  readerOf,
  recordOf,
  setOf,
  type DefinitionEvent,
  type FieldFault,
} from '#kernel';
import { faultOfChoice, type Category, type TaxonomyEntry } from './category.js';
import { faultsOfPaths, guideCheck, type DecisionGuide } from './decision-guide.js';
import { CATALOGUE_LIMITS } from './limits.js';

/**
 * How a site sorts its incidents: categories, and subcategories below them. Names are their identity, for incidents carry them: one that is to
 * be called otherwise is retired, and the new name stands beside it.
 */
export type Taxonomy = Readonly<{
  categories: readonly Category[];
  /** The category for what fits in no other. */
  other: string;
  /** Leads somebody who does not know the categories to one of them. */
  guide?: DecisionGuide;
}>;

/** The one stream is `taxonomy-site`. */
export const TAXONOMY_STREAM_PREFIX = 'taxonomy-';

export type TaxonomyEvent = DefinitionEvent<'Taxonomy', Taxonomy>;

export const taxonomyCatalogue = eventCatalogue<TaxonomyEvent>({
  TaxonomyDefined: { storedName: 'TaxonomyDefined' },
  TaxonomyRetired: { storedName: 'TaxonomyRetired' },
});

/** How the taxonomy is defined and retired. */
export const taxonomies = effectiveDated<'Taxonomy', Taxonomy>('Taxonomy');

const entry = { name: lineOf(CATALOGUE_LIMITS.nameLength), retired: optional(isTrue) };

/** Names that differ in capitals only are the same to whoever reads them. */
const byName = { by: 'name', alike: (name: string) => name.toLowerCase() } as const;

const faultsTogether = ({ categories, other, guide }: Taxonomy): FieldFault[] => {
  const ofOther = faultOfChoice(categories, other, null);
  return [...(ofOther ? [{ field: 'other', message: ofOther.message }] : []), ...(guide ? faultsOfPaths(guide, categories) : [])];
};

/**
 * A taxonomy from a request or a file.
 * @throws InvalidInput TAXONOMY_INVALID, with every fault (the reader does)
 */
export const parseTaxonomy = readerOf<Taxonomy>({
  code: 'TAXONOMY_INVALID',
  noun: 'taxonomy',
  fields: {
    categories: setOf(
      recordOf<Category>({
        ...entry,
        subcategories: optional(setOf(recordOf<TaxonomyEntry>(entry), { max: CATALOGUE_LIMITS.subcategories, ...byName })),
      }),
      { min: 1, max: CATALOGUE_LIMITS.categories, ...byName },
    ),
    other: entry.name,
    guide: optional(guideCheck),
  },
  together: faultsTogether,
});

/**
 * How much lies in the category for what fits in no other: when it grows, the others do not fit any more. Counts are by name of category;
 * what has no category yet is not counted. The rate is from 0 to 1, and `null` where there is nothing to count.
 */
export const otherShare = (
  { other }: Taxonomy,
  counts: Iterable<readonly [category: string, count: number]>,
): Readonly<{ numerator: number; denominator: number; rate: number | null }> => {
  let [numerator, denominator] = [0, 0];
  for (const [category, count] of counts) {
    denominator += count;
    if (category === other) numerator += count;
  }
  return { numerator, denominator, rate: denominator === 0 ? null : numerator / denominator };
};
