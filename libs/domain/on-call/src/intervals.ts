import { CLOCK_SKEW_MS, IllegalTransition, NotFound, versionAt, wrongField } from '#kernel';
import { DAY_MS } from '#domain/local-time';
import { ON_CALL_LIMITS } from './on-call-schedule.js';
import type { OnCallTimeline, PersonInterval } from './timeline.js';

/**
 * Refuses time that cannot be arranged anew; `within` names where it stands in the input, with a dot behind it.
 * @throws NotFound DEFINITION_NOT_FOUND
 * @throws InvalidInput INTERVAL_INVALID: it does not end after it begins, or is too long; INTERVAL_IN_PAST: who was on call, was
 * @throws IllegalTransition SCHEDULE_NOT_IN_USE: no version of the schedule holds when it begins
 */
export const refuseInterval = ({ from, to }: PersonInterval, within: string, timeline: OnCallTimeline, now: string): void => {
  if (timeline.versions.length === 0) throw new NotFound('DEFINITION_NOT_FOUND', 'No on-call schedule is defined under that name');
  const lengthMs = Date.parse(to) - Date.parse(from);
  const { intervalDays } = ON_CALL_LIMITS;
  if (!(lengthMs > 0 && lengthMs <= intervalDays * DAY_MS)) {
    throw wrongField('INTERVAL_INVALID', `${within}to`, `is after ${within}from, by ${intervalDays} days or less`);
  }
  if (Date.parse(from) < Date.parse(now) - CLOCK_SKEW_MS) {
    throw wrongField('INTERVAL_IN_PAST', `${within}from`, `must not be before now (${now}): who was on call, was`);
  }
  if (!versionAt(timeline, from)) {
    throw new IllegalTransition('SCHEDULE_NOT_IN_USE', `The schedule is not in use at ${from}: no version of it holds then`);
  }
};
