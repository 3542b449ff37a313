import { InvalidInput, type Recorded } from '#kernel';
import { isUtcInstant, type IncidentEvent } from '#domain/incident';
import type { IncidentDetails } from './incident-details.document.js';
import { incidentDetails } from './incident-details.projection.js';

/** Which time an instant is of: when things happened, or when the log learned of them. They differ for what was recorded afterwards. */
export const REPLAY_CLOCKS = ['occurred', 'recorded'] as const;
export type ReplayClock = (typeof REPLAY_CLOCKS)[number];

/** Up to where an incident is replayed, inclusive: so many of its events, or an instant. */
export type ReplayPoint = Readonly<{ events: number } | { instant: string; clock: ReplayClock }>;

/** An incident as it was: folded from so many events, the last of them at `revision` and `position`. */
export type Replayed = Readonly<{ incident: IncidentDetails; events: number; revision: bigint; position: bigint }>;

/**
 * Reads a point from text: a count of events, or an ISO 8601 instant in UTC.
 * @throws InvalidInput REPLAY_POINT_INVALID
 */
export const parseReplayPoint = (to: string, clock: ReplayClock = 'occurred'): ReplayPoint => {
  if (/^[1-9]\d{0,8}$/.test(to)) return { events: Number(to) };
  if (isUtcInstant(to)) return { instant: new Date(to).toISOString(), clock };
  throw new InvalidInput('REPLAY_POINT_INVALID', 'An incident is replayed to a count of events, or to an instant', [
    { field: 'to', message: 'A whole number from 1, or an instant in UTC such as 2026-01-31T08:00:00Z' },
  ]);
};

/**
 * The incident as it was at a point of its history; `undefined` where it had not been reported by then. It is folded by the very steps that
 * make the view, so that what an auditor replays to the end is what a desk sees. Costs one step an event.
 */
export const replay = async (events: AsyncIterable<Recorded<IncidentEvent>>, point?: ReplayPoint): Promise<Replayed | undefined> => {
  let incident: IncidentDetails | undefined;
  let count = 0;
  let last = { revision: -1n, position: -1n };
  for await (const event of events) {
    // history from elsewhere may go back in time: an event behind the instant says nothing of those after it
    if (point && 'instant' in point && event[`${point.clock}At`] > point.instant) continue;
    incident = incidentDetails.on[event.type](incident, event as never);
    last = { revision: event.revision, position: event.position };
    count++;
    if (point && 'events' in point && count === point.events) break;
  }
  return incident && { incident, events: count, ...last };
};
