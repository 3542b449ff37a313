import { IllegalTransition, optional, refuseFaulty, wrongField } from '#kernel';
import { refuseInterval } from './intervals.js';
import { nameText, reasonText } from './on-call-schedule.js';
import { onCallAt } from './shifts.js';
import type { OnCallEvent, OnCallTimeline, PersonInterval, Swap } from './timeline.js';

/** `id` is the schedule's; every instant is ISO 8601, UTC. */
export type SwapShifts = Swap & Readonly<{ id: string; now: string }>;

/** What is named is theirs: they are on call when it begins, and up to its end. Others may be between, as with somebody's nights. */
const refuseOthersTime = ({ person, from, to }: PersonInterval, timeline: OnCallTimeline): void => {
  for (const [edge, instantMs] of [
    ['when it begins', Date.parse(from)],
    ['up to its end', Date.parse(to) - 1],
  ] as const) {
    const there = onCallAt(timeline, instantMs)?.person;
    if (there === person) continue;
    throw new IllegalTransition(
      'SWAP_NOT_ON_CALL',
      `${person} is not on call from ${from} to ${to}: ${edge}, ${there === undefined ? 'nobody' : there} is`,
    );
  }
};

/**
 * Lets two people take each other's time. Each must be on call in what is named for them, by everything that holds now: rotation, overrides
 * and swaps. What lies between, and is not theirs, stays as it is. They swap back by swapping again.
 * @throws NotFound DEFINITION_NOT_FOUND
 * @throws InvalidInput SWAP_INVALID, SWAP_WITH_ONESELF, INTERVAL_INVALID, INTERVAL_IN_PAST
 * @throws IllegalTransition SCHEDULE_NOT_IN_USE, SWAP_EXISTS, SWAP_NOT_ON_CALL
 */
export const swapShifts = ({ id, swapId, first, second, reason, now }: SwapShifts, timeline: OnCallTimeline): OnCallEvent[] => {
  refuseFaulty('SWAP_INVALID', 'This is no swap', [
    ...nameText(first.person, 'first.person'),
    ...nameText(second.person, 'second.person'),
    ...optional(reasonText)(reason, 'reason'),
  ]);
  if (first.person === second.person) throw wrongField('SWAP_WITH_ONESELF', 'second.person', `is somebody else than ${first.person}`);
  refuseInterval(first, 'first.', timeline, now);
  refuseInterval(second, 'second.', timeline, now);
  if (timeline.exceptions.some((exception) => exception.kind === 'swap' && exception.swapId === swapId)) {
    throw new IllegalTransition('SWAP_EXISTS', `There is a swap ${swapId} already: give this one an id of its own`);
  }
  refuseOthersTime(first, timeline);
  refuseOthersTime(second, timeline);
  return [{ type: 'ShiftsSwapped', data: { id, swapId, first, second, ...(reason !== undefined && { reason }) } }];
};
