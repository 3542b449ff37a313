import { InvalidInput } from '#kernel';
import { DAY_MS } from '#domain/local-time';

/** A stretch of time: ISO 8601, UTC; `to` is exclusive. */
export type Period = Readonly<{ from: string; to: string }>;

/** What is taken where nothing is said, and the longest that is answered at once. */
export type PeriodBounds = Readonly<{ now: string; days: number; mostDays: number }>;

/**
 * The period that is asked for; from now on, for so many days, where nothing is said.
 * @throws InvalidInput PERIOD_INVALID
 */
export const periodOf = (asked: Partial<Period>, { now, days, mostDays }: PeriodBounds): Period => {
  const from = asked.from ?? now;
  const to = asked.to ?? new Date(Date.parse(from) + days * DAY_MS).toISOString();
  const lengthMs = Date.parse(to) - Date.parse(from);
  if (lengthMs > 0 && lengthMs <= mostDays * DAY_MS) return { from, to };
  const message = `is after \`from\` (${from}), by ${mostDays} days or less`;
  throw new InvalidInput('PERIOD_INVALID', `The period cannot be asked for: \`to\` ${message}`, [{ field: 'to', message }]);
};
