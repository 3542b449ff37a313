import { Inject, Injectable } from '@nestjs/common';
import { checkCategory, matrixOf, risksBy } from '#domain/catalogue';
import { DEFAULT_PRIORITY_MATRIX, type AtRisk, type PriorityMatrix, type RatedFacts } from '#domain/incident';
import { SITE_ID } from '#kernel';
import { PRIORITY_POLICIES, SERVICES, TAXONOMIES, type SiteDefinitions } from '#domain/definitions';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { taxonomyName } from '../taxonomy/taxonomy-in-force.js';

/** How long a change of the site that another process made may take to be heeded here, in milliseconds; one made here is heeded at once. */
const RECENT_MS = 250;

/** What a site has decided about its incidents, as it holds at an instant. */
export type RulesInForce = Readonly<{
  matrix: PriorityMatrix;
  atRisk: (facts: RatedFacts) => AtRisk;
  /**
   * Holds a new categorization to the taxonomy. Answers its version; `undefined` where the site has none, and names are free.
   * @throws InvalidInput CATEGORY_UNKNOWN, CATEGORY_RETIRED
   */
  checkCategory: (category: string | null, subcategory: string | null) => string | undefined;
}>;

const rulesAt = (site: SiteDefinitions, instant: string): RulesInForce => {
  const policy = site.inForce(PRIORITY_POLICIES, SITE_ID, instant);
  const taxonomy = site.inForce(TAXONOMIES, SITE_ID, instant);
  return {
    matrix: policy ? matrixOf(policy) : DEFAULT_PRIORITY_MATRIX,
    atRisk: ({ service, category, subcategory }) => {
      if (!policy) return { risks: [], rule: null };
      const { criticality = null, dataClassification = null } = site.inForce(SERVICES, service, instant)?.definition ?? {};
      return risksBy(policy, { criticality, dataClassification, category, subcategory });
    },
    checkCategory: (category, subcategory) => {
      if (!taxonomy) return undefined;
      if (category !== null) checkCategory(taxonomy.definition, category, subcategory);
      return taxonomyName(taxonomy);
    },
  };
};

/** The rules of the site, for commands. */
@Injectable()
export class SiteRules {
  /** What they are read from. */
  readonly definitions: SiteDefinitions;

  constructor(@Inject(API_OPTIONS) { site }: ApiOptions) {
    this.definitions = site;
  }

  /** The rules that hold at an instant (ISO 8601, UTC). */
  async at(instant: string): Promise<RulesInForce> {
    await this.definitions.recent(RECENT_MS);
    return rulesAt(this.definitions, instant);
  }
}
