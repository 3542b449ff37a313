import { effectiveDated, eventCatalogue, InvalidInput, type DefinitionEvent, type FieldFault } from '#kernel';
import { faultsOfAllowance, needsCalendar, type Allowance } from '#calendars';
import { CLOSE_AFTER_DAYS, faultsOfConditions, NAME, type Ranked } from '#incident';

export const CLOSURE_POLICY_STREAM_PREFIX = 'closure-policy-';

/** When a resolved incident closes by itself, and how long a closed one may be reopened. */
export type ClosurePolicy = Ranked &
  Readonly<{
    name: string;
    /** Business days after its resolution; 0: never. A major incident never does. */
    closeAfterBusinessDays: number;
    /** How long after its closure it may be reopened; later, a new incident is opened and linked. `null`: for ever. */
    reopenWithin: Allowance | null;
    /** The id of the calendar that business days are of; `null` where none is needed. */
    calendar: string | null;
  }>;

export type ClosurePolicyEvent = DefinitionEvent<'ClosurePolicy', ClosurePolicy>;

export const closurePolicyCatalogue = eventCatalogue<ClosurePolicyEvent>({
  ClosurePolicyDefined: { storedName: 'ClosurePolicyDefined' },
  ClosurePolicyRetired: { storedName: 'ClosurePolicyRetired' },
});

/** How closure policies are defined and retired. */
export const closurePolicies = effectiveDated<'ClosurePolicy', ClosurePolicy>('ClosurePolicy');

const MOST_RANK = 9_999;
const KNOWN = ['name', 'rank', 'when', 'closeAfterBusinessDays', 'reopenWithin', 'calendar'];

const isWhole = (value: unknown, most: number) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
const isName = (value: unknown) => typeof value === 'string' && value.trim().length >= NAME.min && value.length <= NAME.max;

/**
 * A closure policy from a request or a file. `when` (for every incident), `reopenWithin` (for ever) and `calendar` (where none is needed) may
 * be left out.
 * @throws InvalidInput CLOSURE_POLICY_INVALID, with every fault
 */
export const parseClosurePolicy = (input: unknown): ClosurePolicy => {
  const given = (typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {}) as Readonly<Record<string, unknown>>;
  const { name, rank, when = {}, closeAfterBusinessDays, reopenWithin = null, calendar = null } = given;
  const ofWindow = reopenWithin === null ? [] : faultsOfAllowance('reopenWithin', reopenWithin);
  const isNeeded =
    closeAfterBusinessDays !== 0 || (reopenWithin !== null && ofWindow.length === 0 && needsCalendar(reopenWithin as Allowance));
  const faults: FieldFault[] = [
    ...Object.keys(given)
      .filter((field) => !KNOWN.includes(field))
      .map((field) => ({ field, message: `is not known here: there is ${KNOWN.join(', ')}` })),
    ...(isName(name) ? [] : [{ field: 'name', message: `is a text of ${NAME.min} to ${NAME.max} characters` }]),
    ...(isWhole(rank, MOST_RANK) ? [] : [{ field: 'rank', message: `is a whole number from 0 to ${MOST_RANK}` }]),
    ...faultsOfConditions('when', when),
    ...(isWhole(closeAfterBusinessDays, CLOSE_AFTER_DAYS.max)
      ? []
      : [{ field: 'closeAfterBusinessDays', message: `is a whole number from 0 (never) to ${CLOSE_AFTER_DAYS.max}` }]),
    ...ofWindow,
    ...(calendar === null || isName(calendar) ? [] : [{ field: 'calendar', message: 'is the id of a calendar, or null' }]),
    ...(calendar === null && isNeeded ? [{ field: 'calendar', message: 'is needed: business days are of a calendar' }] : []),
  ];
  if (faults.length > 0) {
    const all = faults.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new InvalidInput('CLOSURE_POLICY_INVALID', `This is no closure policy: ${all}`, faults);
  }
  return structuredClone({ name, rank, when, closeAfterBusinessDays, reopenWithin, calendar }) as ClosurePolicy;
};
