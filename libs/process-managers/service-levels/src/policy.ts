import {
  andThen,
  eachOf,
  effectiveDated,
  eventCatalogue,
  integerFrom,
  inWords,
  listOf,
  oneOf,
  optional,
  passing,
  readerOf,
  recordOf,
  someOf,
  type DefinitionEvent,
} from '#kernel';
import { allowanceFrom, calendarOrNone, faultsOfCalendar, type Allowance } from '#domain/calendars';
import {
  conditions,
  HOLD_REASONS,
  RANKED_DEFAULTS,
  rankedFields,
  SLA_KINDS,
  SLA_TARGETS,
  type Conditions,
  type HoldReason,
  type Ranked,
  type SlaKind,
  type SlaTarget,
} from '#domain/incident';

export const SERVICE_LEVEL_POLICY_STREAM_PREFIX = 'service-level-policy-';

/** How long each target may take; one that is not named is not promised. */
export type Targets = Readonly<Partial<Record<SlaTarget, Allowance>>>;

/**
 * What is promised, to whom, about which incidents. Of the policies of one kind, the first one by rank whose conditions hold applies; of its
 * entries, the first one whose conditions hold gives the targets.
 */
export type ServiceLevelPolicy = Ranked &
  Readonly<{
    kind: SlaKind;
    entries: readonly Readonly<{ when: Conditions; targets: Targets }>[];
    /** The id of the calendar that business time is measured by; `null` where every target is in elapsed time. */
    calendar: string | null;
    /** Reasons of a hold during which its clocks do not run. */
    pausesOn: readonly HoldReason[];
    /** At which shares of the time to warn, in percent, ascending. */
    warnAt: readonly number[];
  }>;

export type ServiceLevelPolicyEvent = DefinitionEvent<'ServiceLevelPolicy', ServiceLevelPolicy>;

export const serviceLevelPolicyCatalogue = eventCatalogue<ServiceLevelPolicyEvent>({
  ServiceLevelPolicyDefined: { storedName: 'ServiceLevelPolicyDefined' },
  ServiceLevelPolicyRetired: { storedName: 'ServiceLevelPolicyRetired' },
});

/** How policies are defined and retired. */
export const serviceLevelPolicies = effectiveDated<'ServiceLevelPolicy', ServiceLevelPolicy>('ServiceLevelPolicy');

export const POLICY_LIMITS = { entries: 50, warnings: 9 } as const;
export const DEFAULT_WARNINGS: readonly number[] = [50, 75, 90];

const isAscending = (list: readonly number[]) => list.every((item, n) => n === 0 || item > (list[n - 1] as number));

const shares = inWords(
  andThen(
    listOf(integerFrom(1, 99), { max: POLICY_LIMITS.warnings }),
    passing((list) => isAscending(list as number[]), 'ascending'),
  ),
  `a list of up to ${POLICY_LIMITS.warnings} whole percentages from 1 to 99, ascending`,
);

const entry = recordOf<ServiceLevelPolicy['entries'][number]>({
  when: optional(conditions),
  targets: recordOf<Targets>(eachOf(SLA_TARGETS, optional(allowanceFrom(1)))),
});

const read = readerOf<ServiceLevelPolicy>({
  code: 'SERVICE_LEVEL_POLICY_INVALID',
  noun: 'service level policy',
  fields: {
    ...rankedFields,
    kind: oneOf(SLA_KINDS),
    entries: listOf(entry, { min: 1, max: POLICY_LIMITS.entries }),
    calendar: calendarOrNone,
    pausesOn: someOf(HOLD_REASONS, { repeats: true }),
    warnAt: shares,
  },
  defaults: { ...RANKED_DEFAULTS, calendar: null, pausesOn: [], warnAt: DEFAULT_WARNINGS },
  together: ({ calendar, entries }) =>
    faultsOfCalendar(
      calendar,
      entries.flatMap(({ targets }) => Object.values(targets)),
    ),
});

/**
 * A policy from a request or a file. `when` and the entries' may be left out (it is for every incident), and so may `pausesOn` (nothing pauses
 * it), `warnAt` (50, 75 and 90 %), and `calendar` where no target needs one.
 * @throws InvalidInput SERVICE_LEVEL_POLICY_INVALID, with every fault
 */
export const parseServiceLevelPolicy = (input: unknown): ServiceLevelPolicy => {
  const policy = read(input);
  return {
    ...policy,
    entries: policy.entries.map(({ when = {}, targets }) => ({ when, targets })),
    pausesOn: [...new Set(policy.pausesOn)],
  };
};
