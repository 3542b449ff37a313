import { effectiveDated, eventCatalogue, InvalidInput, type DefinitionEvent, type FieldFault } from '#kernel';
import { faultsOfAllowance, needsCalendar, type Allowance } from '#calendars';
import {
  faultsOfConditions,
  HOLD_REASONS,
  NAME,
  SLA_KINDS,
  SLA_TARGETS,
  type Conditions,
  type HoldReason,
  type Ranked,
  type SlaKind,
  type SlaTarget,
} from '#incident';

export const SERVICE_LEVEL_POLICY_STREAM_PREFIX = 'service-level-policy-';

/** How long each target may take; one that is not named is not promised. */
export type Targets = Readonly<Partial<Record<SlaTarget, Allowance>>>;

/**
 * What is promised, to whom, about which incidents. Of the policies of one kind, the first one by rank whose conditions hold applies; of its
 * entries, the first one whose conditions hold gives the targets.
 */
export type ServiceLevelPolicy = Ranked &
  Readonly<{
    name: string;
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

export const POLICY_LIMITS = { rank: 9_999, entries: 50, warnings: 9 } as const;
export const DEFAULT_WARNINGS: readonly number[] = [50, 75, 90];

type Unknown = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Unknown => typeof value === 'object' && value !== null && !Array.isArray(value);

const faultsOfTargets = (field: string, value: unknown): FieldFault[] => {
  if (!isRecord(value)) return [{ field, message: `is a table of ${SLA_TARGETS.join(', ')}` }];
  const strangers = Object.keys(value).filter((target) => !(SLA_TARGETS as readonly string[]).includes(target));
  return [
    ...strangers.map((target) => ({ field: `${field}.${target}`, message: `is no target: there is ${SLA_TARGETS.join(', ')}` })),
    ...SLA_TARGETS.flatMap((target) => (value[target] === undefined ? [] : faultsOfAllowance(`${field}.${target}`, value[target]))),
  ];
};

const faultsOfEntries = (value: unknown): FieldFault[] => {
  if (!Array.isArray(value) || value.length === 0 || value.length > POLICY_LIMITS.entries) {
    return [{ field: 'entries', message: `is a list of 1 to ${POLICY_LIMITS.entries}, each with when and targets` }];
  }
  return value.flatMap((entry: unknown, n): FieldFault[] => {
    const field = `entries[${n}]`;
    if (!isRecord(entry)) return [{ field, message: 'has when and targets' }];
    return [...faultsOfConditions(`${field}.when`, entry['when'] ?? {}), ...faultsOfTargets(`${field}.targets`, entry['targets'])];
  });
};

const isAscending = (list: readonly unknown[]) => list.every((item, n) => n === 0 || (item as number) > (list[n - 1] as number));

const faultsOfWarnings = (value: unknown): FieldFault[] => {
  const isShare = (share: unknown) => Number.isInteger(share) && (share as number) >= 1 && (share as number) <= 99;
  if (Array.isArray(value) && value.length <= POLICY_LIMITS.warnings && value.every(isShare) && isAscending(value)) return [];
  return [{ field: 'warnAt', message: `is a list of up to ${POLICY_LIMITS.warnings} whole percentages from 1 to 99, ascending` }];
};

const needsOne = (entries: unknown): boolean =>
  Array.isArray(entries) &&
  entries.some((entry: { targets?: Targets }) => Object.values(entry.targets ?? {}).some((allowance) => needsCalendar(allowance)));

const KNOWN = ['name', 'kind', 'rank', 'when', 'entries', 'calendar', 'pausesOn', 'warnAt'];

/**
 * A policy from a request or a file. `when` and the entries' may be left out (it is for every incident), and so may `pausesOn` (nothing pauses
 * it), `warnAt` (50, 75 and 90 %), and `calendar` where no target needs one.
 * @throws InvalidInput SERVICE_LEVEL_POLICY_INVALID, with every fault
 */
export const parseServiceLevelPolicy = (input: unknown): ServiceLevelPolicy => {
  const given = isRecord(input) ? input : {};
  const { name, kind, rank, when = {}, entries, calendar = null, pausesOn = [], warnAt = DEFAULT_WARNINGS } = given;
  const isName = (value: unknown) => typeof value === 'string' && value.trim().length >= NAME.min && value.length <= NAME.max;
  const ofEntries = faultsOfEntries(entries);
  const faults: FieldFault[] = [
    ...Object.keys(given)
      .filter((field) => !KNOWN.includes(field))
      .map((field) => ({ field, message: `is not known here: there is ${KNOWN.join(', ')}` })),
    ...(isName(name) ? [] : [{ field: 'name', message: `is a text of ${NAME.min} to ${NAME.max} characters` }]),
    ...((SLA_KINDS as readonly unknown[]).includes(kind) ? [] : [{ field: 'kind', message: `is one of ${SLA_KINDS.join(', ')}` }]),
    ...(Number.isInteger(rank) && (rank as number) >= 0 && (rank as number) <= POLICY_LIMITS.rank
      ? []
      : [{ field: 'rank', message: `is a whole number from 0 to ${POLICY_LIMITS.rank}` }]),
    ...faultsOfConditions('when', when),
    ...ofEntries,
    ...(calendar === null || isName(calendar) ? [] : [{ field: 'calendar', message: 'is the id of a calendar, or null' }]),
    ...(ofEntries.length === 0 && calendar === null && needsOne(entries)
      ? [{ field: 'calendar', message: 'is needed: a target is in business time' }]
      : []),
    ...(Array.isArray(pausesOn) && pausesOn.every((reason) => (HOLD_REASONS as readonly unknown[]).includes(reason))
      ? []
      : [{ field: 'pausesOn', message: `is some of ${HOLD_REASONS.join(', ')}` }]),
    ...faultsOfWarnings(warnAt),
  ];
  if (faults.length > 0) {
    const all = faults.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new InvalidInput('SERVICE_LEVEL_POLICY_INVALID', `This is no service level policy: ${all}`, faults);
  }
  const whole = (entries as readonly Unknown[]).map(({ when: of = {}, targets }) => ({ when: of, targets }));
  return structuredClone({
    name,
    kind,
    rank,
    when,
    entries: whole,
    calendar,
    pausesOn: [...new Set(pausesOn as HoldReason[])],
    warnAt,
  }) as ServiceLevelPolicy;
};
