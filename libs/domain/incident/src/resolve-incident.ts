import { wrongField } from '#kernel';
import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { isInFuture } from './instants.js';
import { stated } from './stated.js';
import { inStatus } from './status-rules.js';
import { OPEN_STATUSES } from './vocabulary.js';

export type ResolveIncident = Readonly<
  DataOf<'IncidentResolved'> & {
    /** The moment of resolution: ISO 8601, UTC. */
    now: string;
  }
>;

/**
 * The service is back. From any open status: a call that is solved at once is reported and resolved in one breath, and that answers the
 * reporter (mtta@1). It was restored before or when it is resolved.
 * @throws NotFound, IllegalTransition by status
 * @throws InvalidInput RESTORED_IN_FUTURE
 */
export const resolve = (
  { incidentId, code, fix, notes, restoredAt, downtime, now }: ResolveIncident,
  incident: Incident,
): IncidentEvent[] => {
  inStatus(incident, OPEN_STATUSES, 'resolved');
  if (restoredAt && isInFuture(restoredAt, now)) throw wrongField('RESTORED_IN_FUTURE', 'restoredAt', `must not be after ${now}`);
  return [{ type: 'IncidentResolved', data: { incidentId, code, fix, notes, ...stated({ restoredAt, downtime }) } }];
};
