import { IllegalTransition, NotFound, refuseFaulty } from '#kernel';
import { reasonText } from './on-call-schedule.js';
import type { OnCallEvent, OnCallTimeline } from './timeline.js';

/** `id` is the schedule's; `now` is ISO 8601, UTC. */
export type RemoveOverride = Readonly<{ id: string; overrideId: string; reason: string; now: string }>;

/**
 * Ends an override now, or keeps it from beginning: what it covers then goes back to whoever has it without. Until now it held.
 * @throws NotFound OVERRIDE_NOT_FOUND
 * @throws InvalidInput OVERRIDE_INVALID
 * @throws IllegalTransition OVERRIDE_OVER: it has ended by itself
 */
export const removeOverride = ({ id, overrideId, reason, now }: RemoveOverride, { exceptions }: OnCallTimeline): OnCallEvent[] => {
  refuseFaulty('OVERRIDE_INVALID', 'This removes no override', reasonText(reason, 'reason'));
  const override = exceptions.find((exception) => exception.kind === 'override' && exception.overrideId === overrideId);
  if (override?.kind !== 'override') throw new NotFound('OVERRIDE_NOT_FOUND', `The schedule has no override ${overrideId}`);
  if (override.removedFrom !== undefined) return [];
  if (Date.parse(override.to) <= Date.parse(now)) {
    throw new IllegalTransition('OVERRIDE_OVER', `It ended at ${override.to}: who was on call, was`);
  }
  return [{ type: 'OverrideRemoved', data: { id, overrideId, effectiveFrom: now, reason } }];
};
