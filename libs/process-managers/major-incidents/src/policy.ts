import { effectiveDated, eventCatalogue, integerFrom, listOf, orNull, readerOf, someOf, textOf, type DefinitionEvent } from '#kernel';
import { NAME, RANKED_DEFAULTS, rankedFields, RISKS, type Ranked, type Risk } from '#domain/incident';

export const MAJOR_INCIDENT_POLICY_STREAM_PREFIX = 'major-incident-policy-';

/**
 * When an incident is proposed as a major one: it fits `when`, and each of the signs that are given is there. A person decides: nothing is
 * declared by a rule.
 */
export type MajorIncidentPolicy = Ranked &
  Readonly<{
    /** The service it is about is one of these criticalities, as the catalogue of services names them. */
    criticalities: readonly string[] | null;
    /** So many incidents are linked below it. */
    childrenAtLeast: number | null;
    /** One of these risks was named when it was rated. */
    risks: readonly Risk[] | null;
    /** The service holds data of one of these classes, as the catalogue of services names them. */
    dataAtRisk: readonly string[] | null;
  }>;

export type MajorIncidentPolicyEvent = DefinitionEvent<'MajorIncidentPolicy', MajorIncidentPolicy>;

export const majorIncidentPolicyCatalogue = eventCatalogue<MajorIncidentPolicyEvent>({
  MajorIncidentPolicyDefined: { storedName: 'MajorIncidentPolicyDefined' },
  MajorIncidentPolicyRetired: { storedName: 'MajorIncidentPolicyRetired' },
});

/** How policies about major incidents are defined and retired. */
export const majorIncidentPolicies = effectiveDated<'MajorIncidentPolicy', MajorIncidentPolicy>('MajorIncidentPolicy');

const MOST_NAMES = 20;
const MOST_CHILDREN = 10_000;

const names = orNull(listOf(textOf(NAME.max), { min: 1, max: MOST_NAMES }));

/**
 * A policy from a request or a file. Every sign may be left out; with none of them, `when` decides alone, and then has to say something.
 * @throws InvalidInput MAJOR_INCIDENT_POLICY_INVALID, with every fault (the reader does)
 */
export const parseMajorIncidentPolicy = readerOf<MajorIncidentPolicy>({
  code: 'MAJOR_INCIDENT_POLICY_INVALID',
  noun: 'policy about major incidents',
  fields: {
    ...rankedFields,
    criticalities: names,
    childrenAtLeast: orNull(integerFrom(1, MOST_CHILDREN)),
    risks: orNull(someOf(RISKS, { min: 1, repeats: true })),
    dataAtRisk: names,
  },
  defaults: { ...RANKED_DEFAULTS, criticalities: null, childrenAtLeast: null, risks: null, dataAtRisk: null },
  together: ({ when, criticalities, childrenAtLeast, risks, dataAtRisk }) =>
    [criticalities, childrenAtLeast, risks, dataAtRisk].every((sign) => sign === null) && Object.keys(when).length === 0
      ? [{ field: 'when', message: 'has to say something where no sign does: not every incident is a major one' }]
      : [],
});
