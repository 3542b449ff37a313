import { wrongField } from '#kernel';
import type { Incident, IncidentEvent } from './incident.js';
import { isAfter, isSameInstant } from './instants.js';
import { stated } from './stated.js';
import { inStatus } from './status-rules.js';
import { OPEN_STATUSES, type HOLD_REASONS } from './vocabulary.js';

export type PutOnHold = Readonly<{
  incidentId: string;
  reason: (typeof HOLD_REASONS)[number];
  /** When it goes on at the latest: ISO 8601, UTC. Absent: when the answer comes. */
  until?: string;
  comment?: string;
  /** The moment it is put on hold: ISO 8601, UTC. */
  now: string;
}>;

/**
 * Lets an open incident wait for someone else. A new one may wait: that answers the reporter (mtta@1). One that waits already may wait for
 * something else, or for another while.
 * @throws NotFound, IllegalTransition by status
 * @throws InvalidInput HOLD_ENDS_BEFORE_IT_BEGINS
 */
export const putOnHold = ({ incidentId, reason, until, comment, now }: PutOnHold, incident: Incident): IncidentEvent[] => {
  const { hold } = inStatus(incident, OPEN_STATUSES, 'put on hold');
  if (hold?.reason === reason && isSameInstant(hold.until, until ?? null)) return [];
  if (until && !isAfter(until, now)) throw wrongField('HOLD_ENDS_BEFORE_IT_BEGINS', 'until', `must be after ${now}`);
  return [{ type: 'IncidentPutOnHold', data: { incidentId, reason, ...stated({ until, comment }) } }];
};
