import {
  effectiveDated,
  eventCatalogue,
  integerFrom,
  inWords,
  listOf,
  oneOf,
  orNull,
  partsOf,
  readerOf,
  someOf,
  textOf,
  type Check,
  type DefinitionEvent,
} from '#kernel';
import { allowanceFrom, calendarOrNone, faultsOfCalendar, type Allowance } from '#domain/calendars';
import {
  ESCALATION_TARGETS,
  ESCALATION_TRIGGERS,
  NAME,
  RANKED_DEFAULTS,
  rankedFields,
  type EscalationTargetKind,
  type EscalationTrigger,
  type Ranked,
} from '#domain/incident';

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

export const ESCALATION_LIMITS = { steps: 20, targets: 10, repeats: 9 } as const;

const target = partsOf<EscalationTarget>({
  kind: oneOf(ESCALATION_TARGETS),
  id: inWords(textOf(NAME.max), 'the id of whom it turns to'),
});

const stepAfter = (wait: Check): Check =>
  partsOf<EscalationStep>({ wait, targets: listOf(target, { min: 1, max: ESCALATION_LIMITS.targets }) });
const firstStep = stepAfter(allowanceFrom(0));
/** Steps that follow each other at once, round after round, would all be taken in one instant. */
const laterStep = stepAfter(allowanceFrom(1));

const read = readerOf<EscalationPolicy>({
  code: 'ESCALATION_POLICY_INVALID',
  noun: 'escalation policy',
  fields: {
    ...rankedFields,
    triggers: someOf(ESCALATION_TRIGGERS, { min: 1, repeats: true }),
    steps: listOf((value, field, n) => (n === 0 ? firstStep : laterStep)(value, field), { min: 1, max: ESCALATION_LIMITS.steps }),
    repeats: integerFrom(0, ESCALATION_LIMITS.repeats),
    repeatAfter: orNull(allowanceFrom(1)),
    calendar: calendarOrNone,
  },
  defaults: { ...RANKED_DEFAULTS, repeats: 0, repeatAfter: null, calendar: null },
  together: ({ repeats, repeatAfter, steps, calendar }) => [
    ...(repeats === 0 && repeatAfter !== null ? [{ field: 'repeatAfter', message: 'goes with repeats, and there are none' }] : []),
    ...(repeats > 0 ? allowanceFrom(1)(repeatAfter, 'repeatAfter') : []),
    ...faultsOfCalendar(calendar, [...steps.map(({ wait }) => wait), ...(repeatAfter === null ? [] : [repeatAfter])]),
  ],
});

/**
 * An escalation policy from a request or a file. `when` may be left out (it is for every incident), and so may `repeats` (0, else with
 * `repeatAfter`) and `calendar` where no wait needs one.
 * @throws InvalidInput ESCALATION_POLICY_INVALID, with every fault
 */
export const parseEscalationPolicy = (input: unknown): EscalationPolicy => {
  const policy = read(input);
  return { ...policy, triggers: [...new Set(policy.triggers)] };
};
