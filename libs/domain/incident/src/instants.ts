import { CLOCK_SKEW_MS } from './limits.js';

/** Instants are ISO 8601 text and compared by the time they mean, not by how it is written. */
export const isAfter = (instant: string, other: string): boolean => Date.parse(instant) > Date.parse(other);

const UTC_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

/** An instant in UTC to the millisecond, on a day that the calendar has: `Date` alone takes a 30th of February for the 2nd of March. */
export const isUtcInstant = (value: unknown): value is string => {
  if (typeof value !== 'string' || !UTC_INSTANT.test(value)) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(value.slice(0, 19));
};

/** Lies ahead of `now` by more than another system's clock may run ahead. */
export const isInFuture = (instant: string, now: string): boolean => Date.parse(instant) > Date.parse(now) + CLOCK_SKEW_MS;

export const isSameInstant = (instant: string | null, other: string | null): boolean =>
  instant === other || (instant !== null && other !== null && Date.parse(instant) === Date.parse(other));
