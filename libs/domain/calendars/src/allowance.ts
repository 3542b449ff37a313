import { integerFrom, inWords, oneOf, orNull, partsOf, textOf, type Check, type FieldFault } from '#kernel';
import { HOUR_MS, MINUTE_MS } from '#domain/local-time';
import { CALENDAR_LIMITS } from './business-calendar.js';
import type { Measure } from './working-time.js';

/**
 * How much time something may take. What kind of time is always said: `8 business hours` are not `1 business day`, and neither is
 * `24 elapsed hours`. Elapsed time has no days, for a day of it is 23 to 25 hours long.
 */
export type Allowance = Readonly<{ amount: number; unit: AllowanceUnit }>;

export const ALLOWANCE_UNITS = ['elapsed-minutes', 'elapsed-hours', 'business-minutes', 'business-hours', 'business-days'] as const;
export type AllowanceUnit = (typeof ALLOWANCE_UNITS)[number];

/** The most of any unit: a year of minutes. */
export const MOST_ALLOWED = 527_040;

const UNITS: Readonly<Record<AllowanceUnit, readonly [measure: Measure, size: number, one: string, many: string]>> = {
  'elapsed-minutes': ['elapsed', MINUTE_MS, 'elapsed minute', 'elapsed minutes'],
  'elapsed-hours': ['elapsed', HOUR_MS, 'elapsed hour', 'elapsed hours'],
  'business-minutes': ['business', MINUTE_MS, 'business minute', 'business minutes'],
  'business-hours': ['business', HOUR_MS, 'business hour', 'business hours'],
  'business-days': ['business-days', 1, 'business day', 'business days'],
};

/** What an allowance is measured by, and how much of it: milliseconds, or days of `business-days`. */
export const measured = ({ amount, unit }: Allowance): Readonly<{ measure: Measure; quantity: number }> => {
  const [measure, size] = UNITS[unit];
  return { measure, quantity: amount * size };
};

/** In words: `4 business hours`. */
export const allowanceText = ({ amount, unit }: Allowance): string => {
  const [, , one, many] = UNITS[unit];
  return `${amount} ${amount === 1 ? one : many}`;
};

const HOURS_OF_A_DAY = 24;

/**
 * What it may be taken for, and is not: the same number in time of the other kind, and days as so many hours, or hours as so many days.
 * `1 business day` is neither `24 business hours` nor `24 elapsed hours`.
 */
export const takenFor = ({ amount, unit }: Allowance): readonly Allowance[] => {
  const days: readonly Allowance[] = amount % HOURS_OF_A_DAY === 0 ? [{ amount: amount / HOURS_OF_A_DAY, unit: 'business-days' }] : [];
  switch (unit) {
    case 'business-days':
      return (['business-hours', 'elapsed-hours'] as const).map((hours) => ({ amount: amount * HOURS_OF_A_DAY, unit: hours }));
    case 'business-hours':
      return [...days, { amount, unit: 'elapsed-hours' }];
    case 'elapsed-hours':
      return [...days, { amount, unit: 'business-hours' }];
    case 'business-minutes':
      return [{ amount, unit: 'elapsed-minutes' }];
    case 'elapsed-minutes':
      return [{ amount, unit: 'business-minutes' }];
    default:
      return unit satisfies never;
  }
};

/** Whether it needs a calendar. */
const needsCalendar = ({ unit }: Allowance): boolean => !unit.startsWith('elapsed');

/** An allowance from outside. `least` is 0 where an allowance of nothing makes sense. */
export const allowanceFrom = (least: 0 | 1): Check =>
  partsOf<Allowance>({ amount: integerFrom(least, MOST_ALLOWED), unit: oneOf(ALLOWANCE_UNITS) });

/** The id of the calendar that something is measured by, from outside; `null` where it needs none. */
export const calendarOrNone: Check = orNull(inWords(textOf(CALENDAR_LIMITS.nameLength), 'the id of a calendar'));

/** Whoever allows business time names the calendar that it is counted by. */
export const faultsOfCalendar = (calendar: string | null, allowances: readonly Allowance[]): FieldFault[] =>
  calendar === null && allowances.some(needsCalendar)
    ? [{ field: 'calendar', message: 'is needed: business time is counted by a calendar' }]
    : [];
