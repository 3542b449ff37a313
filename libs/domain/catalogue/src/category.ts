import { wrongField, type FieldFault } from '#kernel';

/** A word of the taxonomy. What is retired is not chosen any more, and stays what it was to those for whom it was chosen. */
export type TaxonomyEntry = Readonly<{ name: string; retired?: true }>;

export type Category = TaxonomyEntry & Readonly<{ subcategories?: readonly TaxonomyEntry[] }>;

type ChoiceFault = FieldFault & Readonly<{ code: 'CATEGORY_UNKNOWN' | 'CATEGORY_RETIRED' }>;

const faultOfEntry = (field: string, entries: readonly TaxonomyEntry[], chosen: string): ChoiceFault | undefined => {
  const entry = entries.find(({ name }) => name === chosen);
  if (entry && !entry.retired) return undefined;
  const inUse = entries.filter(({ retired }) => !retired).map(({ name }) => name);
  const right = inUse.length === 0 ? 'there is none' : `it is one of ${inUse.join(', ')}`;
  return entry
    ? { code: 'CATEGORY_RETIRED', field, message: `${chosen} is retired: ${right}` }
    : { code: 'CATEGORY_UNKNOWN', field, message: `${chosen} is not known: ${right}` };
};

/** What forbids to choose these, names of the taxonomy; nothing where they can be chosen. A category alone is enough. */
export const faultOfChoice = (categories: readonly Category[], category: string, subcategory: string | null): ChoiceFault | undefined => {
  const fault = faultOfEntry('category', categories, category);
  if (fault || subcategory === null) return fault;
  const below = categories.find(({ name }) => name === category)?.subcategories ?? [];
  return faultOfEntry('subcategory', below, subcategory);
};

/**
 * Holds a new categorization to the taxonomy in force. Older ones keep what was chosen then.
 * @throws InvalidInput CATEGORY_UNKNOWN, CATEGORY_RETIRED, with the names that would be right
 */
export const checkCategory = (
  { categories }: Readonly<{ categories: readonly Category[] }>,
  category: string,
  subcategory: string | null,
): void => {
  const fault = faultOfChoice(categories, category, subcategory);
  if (fault) throw wrongField(fault.code, fault.field, fault.message);
};
