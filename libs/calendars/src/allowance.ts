import { InvalidInput, type FieldFault } from '#kernel';
import { HOUR_MS, MINUTE_MS } from '#local-time';
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

/** Whether it needs a calendar. */
export const needsCalendar = ({ unit }: Allowance): boolean => !unit.startsWith('elapsed');

/** What is wrong with an allowance; nothing where it is one. `least` is 1 where an allowance of nothing makes no sense. */
export const faultsOfAllowance = (field: string, value: unknown, least = 1): FieldFault[] => {
  const { amount, unit } = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const faults: FieldFault[] = [];
  if (!Number.isInteger(amount) || (amount as number) < least || (amount as number) > MOST_ALLOWED) {
    faults.push({ field: `${field}.amount`, message: `is a whole number from ${least} to ${MOST_ALLOWED}` });
  }
  if (!ALLOWANCE_UNITS.includes(unit as AllowanceUnit)) {
    faults.push({ field: `${field}.unit`, message: `is one of ${ALLOWANCE_UNITS.join(', ')}` });
  }
  return faults;
};

/** @throws InvalidInput ALLOWANCE_INVALID */
export const parseAllowance = (field: string, value: unknown): Allowance => {
  const faults = faultsOfAllowance(field, value);
  if (faults.length > 0)
    throw new InvalidInput('ALLOWANCE_INVALID', faults.map((fault) => `${fault.field} ${fault.message}`).join('; '), faults);
  const { amount, unit } = value as Allowance;
  return { amount, unit };
};
