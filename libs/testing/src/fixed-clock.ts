/** Tells the time: ISO 8601, UTC. */
export type Clock = Readonly<{ now(): string }>;

/** A clock that stands still until it is told to go on. */
export type FixedClock = Clock & { advance(ms: number): void };

/** A Monday morning. */
export const MONDAY_MORNING = '2026-01-05T09:00:00.000Z';

/** A clock that shows `start` (ISO 8601, UTC) until it is advanced. */
export const fixedClock = (start = MONDAY_MORNING): FixedClock => {
  let time = Date.parse(start);
  return {
    now: () => new Date(time).toISOString(),
    advance: (ms) => {
      time += ms;
    },
  };
};
