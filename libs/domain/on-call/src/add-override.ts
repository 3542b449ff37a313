import { IllegalTransition, optional, refuseFaulty } from '#kernel';
import { refuseInterval } from './intervals.js';
import { nameText, reasonText } from './on-call-schedule.js';
import type { OnCallEvent, OnCallTimeline, Override } from './timeline.js';

/** `id` is the schedule's; `from`, `to` and `now` are ISO 8601, UTC. */
export type AddOverride = Override & Readonly<{ id: string; now: string }>;

/**
 * Puts somebody on call for a while, whoever's turn it is, and whether or not they are in the rotation. Where overrides overlap, the one
 * that was added last holds, and the others hold around it.
 * @throws NotFound DEFINITION_NOT_FOUND
 * @throws InvalidInput OVERRIDE_INVALID, INTERVAL_INVALID, INTERVAL_IN_PAST
 * @throws IllegalTransition SCHEDULE_NOT_IN_USE, OVERRIDE_EXISTS
 */
export const addOverride = ({ id, now, ...override }: AddOverride, timeline: OnCallTimeline): OnCallEvent[] => {
  const { overrideId, person, from, to, reason, addedBy } = override;
  refuseFaulty('OVERRIDE_INVALID', 'This is no override', [
    ...nameText(person, 'person'),
    ...reasonText(reason, 'reason'),
    ...optional(nameText)(addedBy, 'addedBy'),
  ]);
  refuseInterval(override, '', timeline, now);
  if (timeline.exceptions.some((exception) => exception.kind === 'override' && exception.overrideId === overrideId)) {
    throw new IllegalTransition('OVERRIDE_EXISTS', `There is an override ${overrideId} already: give this one an id of its own`);
  }
  return [{ type: 'OverrideAdded', data: { id, overrideId, person, from, to, reason, ...(addedBy !== undefined && { addedBy }) } }];
};
