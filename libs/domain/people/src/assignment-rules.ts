import {
  criteriaOf,
  definitionId,
  effectiveDated,
  eventCatalogue,
  factsText,
  faultsOfUnreached,
  firstRule,
  lineOf,
  optional,
  readerOf,
  rulesOf,
  type Criteria,
  type DefinitionEvent,
  type Facts,
  type Version,
} from '#kernel';
import { PEOPLE_LIMITS } from './limits.js';

const FACT_OF = {
  categories: 'category',
  subcategories: 'subcategory',
  services: 'service',
  priorities: 'priority',
  locations: 'location',
  channels: 'channel',
} as const;
export type AssignmentCriterion = keyof typeof FACT_OF;

/** What of an incident decides which team gets it. */
export type AssignmentFact = (typeof FACT_OF)[AssignmentCriterion];

/** Incidents of which this holds go to a team, to somebody who has a skill where one is named. */
export type AssignmentRule = Readonly<{ when: Criteria<AssignmentCriterion>; team: string; skill?: string }>;

/** In order: the first rule that holds decides. The last one may ask nothing, and so take what is left. */
export type AssignmentRules = Readonly<{ rules: readonly AssignmentRule[] }>;

/** The one stream is `assignment-rules-site`. */
export const ASSIGNMENT_RULES_STREAM_PREFIX = 'assignment-rules-';

export type AssignmentRulesEvent = DefinitionEvent<'AssignmentRules', AssignmentRules>;

export const assignmentRulesCatalogue = eventCatalogue<AssignmentRulesEvent>({
  AssignmentRulesDefined: { storedName: 'AssignmentRulesDefined' },
  AssignmentRulesRetired: { storedName: 'AssignmentRulesRetired' },
});

/** How assignment rules are defined and retired. */
export const assignmentRules = effectiveDated<'AssignmentRules', AssignmentRules>('AssignmentRules');

const name = lineOf(PEOPLE_LIMITS.nameLength);

/**
 * Assignment rules from a request or a file.
 * @throws InvalidInput ASSIGNMENT_RULES_INVALID, with every fault (the reader does)
 */
export const parseAssignmentRules = readerOf<AssignmentRules>({
  code: 'ASSIGNMENT_RULES_INVALID',
  noun: 'set of assignment rules',
  fields: {
    rules: rulesOf<AssignmentRule>({
      when: criteriaOf<AssignmentCriterion>({
        categories: name,
        subcategories: name,
        services: name,
        priorities: name,
        locations: name,
        channels: name,
      }),
      team: definitionId,
      skill: optional(name),
    }),
  },
  together: ({ rules }) => faultsOfUnreached('rules', rules),
});

/** Which team, and why: the rule's number, from 1, and the version of the rules that it is of. No rule, no team. */
export type TeamChoice = Readonly<{ team: string | null; skill: string | null; rule: number | null; version: number; reason: string }>;

/** The team that the rules in force give an incident to. */
export const chooseTeam = ({ version, definition: { rules } }: Version<AssignmentRules>, facts: Facts<AssignmentFact>): TeamChoice => {
  const source = `assignment-rules@${version}`;
  const found = firstRule(FACT_OF, rules, facts);
  if (!found) {
    const reason = `no rule of ${source} holds for ${factsText(facts) || 'an incident of which nothing is known'}`;
    return { team: null, skill: null, rule: null, version, reason };
  }
  const { rule, number } = found;
  const asked = (Object.keys(rule.when) as AssignmentCriterion[]).map((criterion) => FACT_OF[criterion]);
  const decisive = factsText(facts, asked) || 'whatever is left';
  const reason = `rule ${number} of ${source}: ${decisive} → team ${rule.team}`;
  return { team: rule.team, skill: rule.skill ?? null, rule: number, version, reason };
};
