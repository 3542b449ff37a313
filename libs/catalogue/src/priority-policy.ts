import {
  criteriaOf,
  definitionId,
  effectiveDated,
  eventCatalogue,
  faultsOfRepeats,
  faultsOfUnreached,
  firstRule,
  InvalidInput,
  isRecord,
  lineOf,
  oneOf,
  readerOf,
  rulesOf,
  setOf,
  type Check,
  type Criteria,
  type DefinitionEvent,
  type Facts,
  type Version,
} from '#kernel';
import { parsePriorityMatrix, priorityOf, RISKS, type PriorityMatrix, type Risk } from '#incident';
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

/** A matrix as a policy holds it. @throws InvalidInput PRIORITY_MATRIX_INVALID */
const unversioned = (given: object): PriorityPolicy['matrix'] => {
  const { version: _, ...matrix } = parsePriorityMatrix({ ...given, version: 'of the policy' });
  return matrix;
};

const matrixCheck: Check = (value, field) => {
  const given = isRecord(value) ? value : {};
  if ('version' in given) return [{ field: `${field}.version`, message: 'is left out: it is that of the policy' }];
  try {
    unversioned(given);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.faults.map((fault) => ({ ...fault, field: `${field}.${fault.field}` }));
  }
};

const read = readerOf<PriorityPolicy>({
  code: 'PRIORITY_POLICY_INVALID',
  noun: 'priority policy',
  fields: {
    matrix: matrixCheck,
    riskRules: rulesOf<RiskRule>({
      id: definitionId,
      when: criteriaOf<RiskCriterion>({
        criticalities: oneOf(CRITICALITIES),
        dataClassifications: oneOf(DATA_CLASSIFICATIONS),
        categories: name,
        subcategories: name,
      }),
      risks: setOf(oneOf(RISKS), { min: 1, max: RISKS.length }),
    }),
  },
  defaults: { riskRules: [] },
  together: ({ riskRules }) => [
    ...faultsOfRepeats(
      riskRules,
      ({ id }) => id,
      (n) => `riskRules[${n}].id`,
    ),
    ...faultsOfUnreached('riskRules', riskRules),
  ],
});

/**
 * A priority policy from a request or a file. Without risk rules nothing is at risk by itself; without raises each risk raises by one level.
 * @throws InvalidInput PRIORITY_POLICY_INVALID, with every fault
 */
export const parsePriorityPolicy = (input: unknown): PriorityPolicy => {
  const { matrix, riskRules } = read(input);
  return { matrix: unversioned(matrix), riskRules };
};

/** What an incident is rated by. `risks` are those that somebody said. */
export type PriorityFacts = Facts<RiskFact> & Readonly<{ impact: string; urgency: string; risks: readonly Risk[] }>;

/** A priority and what gave it: `rule` is the id of the risk rule that held, `null` where none did. */
export type DerivedPriority = Readonly<{
  priority: string;
  impact: string;
  urgency: string;
  /** Those that were said, and those of the rule. */
  risks: readonly Risk[];
  rule: string | null;
  matrixVersion: string;
}>;

/**
 * The priority of an incident under the policy in force.
 * @throws InvalidInput PRIORITY_LEVEL_UNKNOWN, naming the levels that would be right
 */
export const derivePriority = (policy: Version<PriorityPolicy>, facts: PriorityFacts): DerivedPriority => {
  const { impact, urgency } = facts;
  const rule = firstRule(FACT_OF, policy.definition.riskRules, facts)?.rule;
  const risks = RISKS.filter((risk) => facts.risks.includes(risk) || rule?.risks.includes(risk));
  const matrix = matrixOf(policy);
  return {
    priority: priorityOf(matrix, impact, urgency, risks),
    impact,
    urgency,
    risks,
    rule: rule?.id ?? null,
    matrixVersion: matrix.version,
  };
};
