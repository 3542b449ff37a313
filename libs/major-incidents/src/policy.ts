import { effectiveDated, eventCatalogue, InvalidInput, type DefinitionEvent, type FieldFault } from '#kernel';
import { faultsOfConditions, NAME, RISKS, type Ranked, type Risk } from '#incident';

export const MAJOR_INCIDENT_POLICY_STREAM_PREFIX = 'major-incident-policy-';

/**
 * When an incident is proposed as a major one: it fits `when`, and each of the signs that are given is there. A person decides: nothing is
 * declared by a rule.
 */
export type MajorIncidentPolicy = Ranked &
  Readonly<{
    name: string;
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

const MOST_RANK = 9_999;
const MOST_NAMES = 20;
const MOST_CHILDREN = 10_000;
const KNOWN = ['name', 'rank', 'when', 'criticalities', 'childrenAtLeast', 'risks', 'dataAtRisk'];

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.trim().length >= NAME.min && value.length <= NAME.max;
const isWhole = (value: unknown, least: number, most: number) =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

const faultsOfNames = (field: string, value: unknown): FieldFault[] =>
  value === null || (Array.isArray(value) && value.length > 0 && value.length <= MOST_NAMES && value.every(isName))
    ? []
    : [{ field, message: `is a list of 1 to ${MOST_NAMES} names, or null` }];

/**
 * A policy from a request or a file. Every sign may be left out; with none of them, `when` decides alone, and then has to say something.
 * @throws InvalidInput MAJOR_INCIDENT_POLICY_INVALID, with every fault
 */
export const parseMajorIncidentPolicy = (input: unknown): MajorIncidentPolicy => {
  const given = (typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {}) as Readonly<Record<string, unknown>>;
  const { name, rank, when = {}, criticalities = null, childrenAtLeast = null, risks = null, dataAtRisk = null } = given;
  const isRisks = Array.isArray(risks) && risks.length > 0 && risks.every((risk) => (RISKS as readonly unknown[]).includes(risk));
  const isEmpty =
    [criticalities, childrenAtLeast, risks, dataAtRisk].every((sign) => sign === null) && Object.keys(when as object).length === 0;
  const faults: FieldFault[] = [
    ...Object.keys(given)
      .filter((field) => !KNOWN.includes(field))
      .map((field) => ({ field, message: `is not known here: there is ${KNOWN.join(', ')}` })),
    ...(isName(name) ? [] : [{ field: 'name', message: `is a text of ${NAME.min} to ${NAME.max} characters` }]),
    ...(isWhole(rank, 0, MOST_RANK) ? [] : [{ field: 'rank', message: `is a whole number from 0 to ${MOST_RANK}` }]),
    ...faultsOfConditions('when', when),
    ...faultsOfNames('criticalities', criticalities),
    ...faultsOfNames('dataAtRisk', dataAtRisk),
    ...(childrenAtLeast === null || isWhole(childrenAtLeast, 1, MOST_CHILDREN)
      ? []
      : [{ field: 'childrenAtLeast', message: `is a whole number from 1 to ${MOST_CHILDREN}, or null` }]),
    ...(risks === null || isRisks ? [] : [{ field: 'risks', message: `is some of ${RISKS.join(', ')}, or null` }]),
    ...(isEmpty ? [{ field: 'when', message: 'has to say something where no sign does: not every incident is a major one' }] : []),
  ];
  if (faults.length > 0) {
    const all = faults.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new InvalidInput('MAJOR_INCIDENT_POLICY_INVALID', `This is no policy about major incidents: ${all}`, faults);
  }
  return structuredClone({ name, rank, when, criticalities, childrenAtLeast, risks, dataAtRisk }) as MajorIncidentPolicy;
};
