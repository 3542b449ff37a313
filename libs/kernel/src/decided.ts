import type { Event, Recorded } from './event.js';

/** An event that a rule decided; and when it happened, where that is another instant than its command's. ISO 8601, UTC. */
export type Decided<E extends Event> = E | Readonly<{ event: E; occurredAt: string }>;

/** What was decided, and when it happened: at an instant of its own, or when it was decided. ISO 8601, UTC. */
export const happened = <E extends Event>(decided: Decided<E>, now: string): Readonly<{ event: E; occurredAt: string }> =>
  'event' in decided ? decided : { event: decided, occurredAt: now };

/**
 * The same, as the log would hand it over: for a judge that goes on from what it has just said. It has no place in the log, and nothing
 * that was recorded has its revision.
 */
export const asIfRecorded = <E extends Event>(decided: Decided<E>, now: string): Recorded<E> => {
  const { event, occurredAt } = happened(decided, now);
  return { ...event, occurredAt, revision: -1n } as unknown as Recorded<E>;
};
