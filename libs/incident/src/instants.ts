import { CLOCK_SKEW_MS } from './limits.js';

/** Instants are ISO 8601 text and compared by the time they mean, not by how it is written. */
export const isAfter = (instant: string, other: string): boolean => Date.parse(instant) > Date.parse(other);

/** Lies ahead of `now` by more than another system's clock may run ahead. */
export const isInFuture = (instant: string, now: string): boolean => Date.parse(instant) > Date.parse(now) + CLOCK_SKEW_MS;

export const isSameInstant = (instant: string | null, other: string | null): boolean =>
  instant === other || (instant !== null && other !== null && Date.parse(instant) === Date.parse(other));
