import {
  criteriaOf,
  definitionId,
  effectiveDated,
  eventCatalogue,
  faultsOfUnreached,
  firstRule,
  lineOf,
  oneOf,
  readerOf,
  rulesOf,
  setOf,
  type Criteria,
  type DefinitionEvent,
  type Facts,
  type Version,
} from '#kernel';
import { DEFAULT_PRIORITY_MATRIX, RISKS, unversionedMatrix, type PriorityMatrix, type Risk } from '#domain/incident';
import { CATALOGUE_LIMITS } from './limits.js';
import { CRITICALITIES, DATA_CLASSIFICATIONS } from './service.js';

const FACT_OF = {
  criticalities: 'criticality',
  dataClassifications: 'dataClassification',
  categories: 'category',
  subcategories: 'subcategory',
} as const;
export type RiskCriterion = keyof typeof FACT_OF;

/** What of an incident, and of the service it is about, says what is at risk. */
export type RiskFact = (typeof FACT_OF)[RiskCriterion];

/** Incidents of which this holds put these at risk. Its id stays with those incidents whose priority it gave. */
export type RiskRule = Readonly<{ id: string; when: Criteria<RiskCriterion>; risks: readonly Risk[] }>;

/** How a site derives priorities. */
export type PriorityPolicy = Readonly<{
  /** Impact by urgency, and by how much each risk raises it. Its version is the policy's. */
  matrix: Omit<PriorityMatrix, 'version'>;
  /** In order: the first rule that holds decides. */
  riskRules: readonly RiskRule[];
}>;

/** The one stream is `priority-policy-site`. */
export const PRIORITY_POLICY_STREAM_PREFIX = 'priority-policy-';

export type PriorityPolicyEvent = DefinitionEvent<'PriorityPolicy', PriorityPolicy>;

export const priorityPolicyCatalogue = eventCatalogue<PriorityPolicyEvent>({
  PriorityPolicyDefined: { storedName: 'PriorityPolicyDefined' },
  PriorityPolicyRetired: { storedName: 'PriorityPolicyRetired' },
});

/** How the priority policy is defined and retired. */
export const priorityPolicies = effectiveDated<'PriorityPolicy', PriorityPolicy>('PriorityPolicy');

const name = lineOf(CATALOGUE_LIMITS.nameLength);

/** The matrix in force at a version of the policy, as incidents are rated by it and name it: `priority-policy@3`. */
export const matrixOf = ({ version, definition }: Version<PriorityPolicy>): PriorityMatrix => ({
  version: `priority-policy@${version}`,
  ...definition.matrix,
});

const read = readerOf<PriorityPolicy>({
  code: 'PRIORITY_POLICY_INVALID',
  noun: 'priority policy',
  fields: {
    matrix: unversionedMatrix,
    riskRules: rulesOf<RiskRule>(
      {
        id: definitionId,
        when: criteriaOf<RiskCriterion>({
          criticalities: oneOf(CRITICALITIES),
          dataClassifications: oneOf(DATA_CLASSIFICATIONS),
          categories: name,
          subcategories: name,
        }),
        risks: setOf(oneOf(RISKS), { min: 1, max: RISKS.length }),
      },
      'id',
    ),
  },
  defaults: { riskRules: [] },
  together: ({ riskRules }) => faultsOfUnreached('riskRules', riskRules),
});

/**
 * A priority policy from a request or a file. Without risk rules nothing is at risk by itself; without raises each risk raises by one level.
 * @throws InvalidInput PRIORITY_POLICY_INVALID, with every fault
 */
export const parsePriorityPolicy = (input: unknown): PriorityPolicy => {
  const { matrix, riskRules } = read(input);
  return { matrix: { ...matrix, raises: matrix.raises ?? DEFAULT_PRIORITY_MATRIX.raises }, riskRules };
};

/** What the rules of a policy say is at risk: of the first one that holds. Its id stays with the incident; `null` where none held. */
export const risksBy = (
  { definition: { riskRules } }: Version<PriorityPolicy>,
  facts: Facts<RiskFact>,
): Readonly<{ risks: readonly Risk[]; rule: string | null }> => {
  const rule = firstRule(FACT_OF, riskRules, facts)?.rule;
  return { risks: rule?.risks ?? [], rule: rule?.id ?? null };
};
