import { effectiveDated, eventCatalogue, integerFrom, orNull, readerOf, type DefinitionEvent } from '#kernel';
import { allowanceFrom, calendarOrNone, faultsOfCalendar, type Allowance } from '#domain/calendars';
import { CLOSE_AFTER_DAYS, RANKED_DEFAULTS, rankedFields, type Ranked } from '#domain/incident';

export const CLOSURE_POLICY_STREAM_PREFIX = 'closure-policy-';

/** When a resolved incident closes by itself, and how long a closed one may be reopened. */
export type ClosurePolicy = Ranked &
  Readonly<{
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

/**
 * A closure policy from a request or a file. `when` (for every incident), `reopenWithin` (for ever) and `calendar` (where none is needed) may
 * be left out.
 * @throws InvalidInput CLOSURE_POLICY_INVALID, with every fault (the reader does)
 */
export const parseClosurePolicy = readerOf<ClosurePolicy>({
  code: 'CLOSURE_POLICY_INVALID',
  noun: 'closure policy',
  fields: {
    ...rankedFields,
    closeAfterBusinessDays: integerFrom(CLOSE_AFTER_DAYS.min, CLOSE_AFTER_DAYS.max),
    reopenWithin: orNull(allowanceFrom(1)),
    calendar: calendarOrNone,
  },
  defaults: { ...RANKED_DEFAULTS, reopenWithin: null, calendar: null },
  together: ({ calendar, closeAfterBusinessDays, reopenWithin }) =>
    faultsOfCalendar(calendar, [
      ...(closeAfterBusinessDays === 0 ? [] : [{ amount: closeAfterBusinessDays, unit: 'business-days' } as const]),
      ...(reopenWithin === null ? [] : [reopenWithin]),
    ]),
});
