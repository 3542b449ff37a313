/** How much of anything a site's catalogue takes. */
export const CATALOGUE_LIMITS = {
  nameLength: 200,
  /** A question or an answer of the decision guide. */
  questionLength: 500,
  categories: 100,
  /** Of one category. */
  subcategories: 100,
  questions: 50,
  /** To one question. */
  answers: 12,
} as const;
