import { InvalidInput } from '#kernel';
import { shifts, type KnownSchedule, type Shift } from '#domain/on-call';
import type { Period } from '../http/period.js';

/** The most shifts that one answer looks at: a second or two of work, in which nobody else is answered. */
export const MOST_SHIFTS = 10_000;

/** A shift, and the schedule that it is in. */
export type ShiftIn = Readonly<{ schedule: KnownSchedule; shift: Shift }>;

/**
 * The shifts of schedules that reach into a period, schedule by schedule.
 * @throws InvalidInput PERIOD_INVALID where there are more than are looked at
 */
export const shiftsOf = (schedules: readonly KnownSchedule[], { from, to }: Period): ShiftIn[] => {
  const found: ShiftIn[] = [];
  for (const schedule of schedules) {
    for (const shift of shifts(schedule.timeline, Date.parse(from), Date.parse(to))) {
      found.push({ schedule, shift });
      if (found.length <= MOST_SHIFTS) continue;
      const message = `is so late that more than ${MOST_SHIFTS} shifts were to be looked at: take a shorter period, or fewer schedules`;
      throw new InvalidInput('PERIOD_INVALID', `The period cannot be asked for: \`to\` ${message}`, [{ field: 'to', message }]);
    }
  }
  return found;
};
