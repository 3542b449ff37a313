import { effectiveDated, eventCatalogue, InvalidInput, type DefinitionEvent, type FieldFault } from '#kernel';
import { faultsOfAllowance, needsCalendar, type Allowance } from '#calendars';
import {
  ESCALATION_TARGETS,
  ESCALATION_TRIGGERS,
  faultsOfConditions,
  NAME,
  type EscalationTargetKind,
  type EscalationTrigger,
  type Ranked,
} from '#incident';

export const ESCALATION_POLICY_STREAM_PREFIX = 'escalation-policy-';

/** Whom a step turns to: a person, a team, whoever is on call by a schedule, or the manager of a person. `id` is theirs. */
export type EscalationTarget = Readonly<{ kind: EscalationTargetKind; id: string }>;

/**
 * One step: how long to wait for an answer before it is taken, counted from the step before it (the first one from the trigger), and whom
 * it turns to. A team takes the incident over (functional), a manager is asked to decide (hierarchical), the others are paged.
 */
export type EscalationStep = Readonly<{ wait: Allowance; targets: readonly EscalationTarget[] }>;

/** Who is to move, and when, while nobody answers. */
export type EscalationPolicy = Ranked &
  Readonly<{
    name: string;
    triggers: readonly EscalationTrigger[];
    steps: readonly EscalationStep[];
    /** How often all steps are taken again while nobody answers, and how long after the last one; `null` where there are no repeats. */
    repeats: number;
    repeatAfter: Allowance | null;
    /** The id of the calendar that waits in business time are measured by; `null` where every wait is in elapsed time. */
    calendar: string | null;
  }>;

export type EscalationPolicyEvent = DefinitionEvent<'EscalationPolicy', EscalationPolicy>;

export const escalationPolicyCatalogue = eventCatalogue<EscalationPolicyEvent>({
  EscalationPolicyDefined: { storedName: 'EscalationPolicyDefined' },
  EscalationPolicyRetired: { storedName: 'EscalationPolicyRetired' },
});

/** How escalation policies are defined and retired. */
export const escalationPolicies = effectiveDated<'EscalationPolicy', EscalationPolicy>('EscalationPolicy');

export const ESCALATION_LIMITS = { rank: 9_999, steps: 20, targets: 10, repeats: 9 } as const;

type Unknown = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Unknown => typeof value === 'object' && value !== null && !Array.isArray(value);
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.trim().length >= NAME.min && value.length <= NAME.max;
const isWhole = (value: unknown, most: number) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

const faultsOfTarget = (field: string, target: unknown): FieldFault[] => {
  const { kind, id } = isRecord(target) ? target : {};
  return [
    ...((ESCALATION_TARGETS as readonly unknown[]).includes(kind)
      ? []
      : [{ field: `${field}.kind`, message: `is one of ${ESCALATION_TARGETS.join(', ')}` }]),
    ...(isName(id) ? [] : [{ field: `${field}.id`, message: 'is the id of whom it turns to' }]),
  ];
};

const faultsOfSteps = (steps: unknown): FieldFault[] => {
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > ESCALATION_LIMITS.steps) {
    return [{ field: 'steps', message: `is a list of 1 to ${ESCALATION_LIMITS.steps}, each with wait and targets` }];
  }
  return steps.flatMap((step: unknown, n): FieldFault[] => {
    const field = `steps[${n}]`;
    const { wait, targets } = isRecord(step) ? step : {};
    const isList = Array.isArray(targets) && targets.length > 0 && targets.length <= ESCALATION_LIMITS.targets;
    return [
      // steps that follow each other at once, round after round, would all be taken in one instant
      ...faultsOfAllowance(`${field}.wait`, wait, n === 0 ? 0 : 1),
      ...(isList
        ? targets.flatMap((target: unknown, m) => faultsOfTarget(`${field}.targets[${m}]`, target))
        : [{ field: `${field}.targets`, message: `is a list of 1 to ${ESCALATION_LIMITS.targets}` }]),
    ];
  });
};

const needsOne = (steps: unknown, repeatAfter: unknown): boolean => {
  const waits = [repeatAfter, ...(Array.isArray(steps) ? steps.map((step: unknown) => (isRecord(step) ? step['wait'] : undefined)) : [])];
  return waits.some((wait) => isRecord(wait) && needsCalendar(wait as Allowance));
};

const KNOWN = ['name', 'rank', 'when', 'triggers', 'steps', 'repeats', 'repeatAfter', 'calendar'];

/**
 * An escalation policy from a request or a file. `when` may be left out (it is for every incident), and so may `repeats` (0, else with
 * `repeatAfter`) and `calendar` where no wait needs one.
 * @throws InvalidInput ESCALATION_POLICY_INVALID, with every fault
 */
export const parseEscalationPolicy = (input: unknown): EscalationPolicy => {
  const given = isRecord(input) ? input : {};
  const { name, rank, when = {}, triggers, steps, repeats = 0, repeatAfter = null, calendar = null } = given;
  const ofSteps = faultsOfSteps(steps);
  const isTriggers =
    Array.isArray(triggers) &&
    triggers.length > 0 &&
    triggers.every((trigger) => (ESCALATION_TRIGGERS as readonly unknown[]).includes(trigger));
  const faults: FieldFault[] = [
    ...Object.keys(given)
      .filter((field) => !KNOWN.includes(field))
      .map((field) => ({ field, message: `is not known here: there is ${KNOWN.join(', ')}` })),
    ...(isName(name) ? [] : [{ field: 'name', message: `is a text of ${NAME.min} to ${NAME.max} characters` }]),
    ...(isWhole(rank, ESCALATION_LIMITS.rank) ? [] : [{ field: 'rank', message: `is a whole number from 0 to ${ESCALATION_LIMITS.rank}` }]),
    ...faultsOfConditions('when', when),
    ...(isTriggers ? [] : [{ field: 'triggers', message: `is some of ${ESCALATION_TRIGGERS.join(', ')}` }]),
    ...ofSteps,
    ...(isWhole(repeats, ESCALATION_LIMITS.repeats)
      ? []
      : [{ field: 'repeats', message: `is a whole number from 0 to ${ESCALATION_LIMITS.repeats}` }]),
    ...(repeats === 0
      ? repeatAfter === null
        ? []
        : [{ field: 'repeatAfter', message: 'goes with repeats, and there are none' }]
      : faultsOfAllowance('repeatAfter', repeatAfter)),
    ...(calendar === null || isName(calendar) ? [] : [{ field: 'calendar', message: 'is the id of a calendar, or null' }]),
    ...(ofSteps.length === 0 && calendar === null && needsOne(steps, repeatAfter)
      ? [{ field: 'calendar', message: 'is needed: a step waits in business time' }]
      : []),
  ];
  if (faults.length > 0) {
    const all = faults.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new InvalidInput('ESCALATION_POLICY_INVALID', `This is no escalation policy: ${all}`, faults);
  }
  const distinct = [...new Set(triggers as EscalationTrigger[])];
  return structuredClone({ name, rank, when, triggers: distinct, steps, repeats, repeatAfter, calendar }) as EscalationPolicy;
};
