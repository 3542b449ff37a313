import { wrongField } from '#kernel';
import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { stated } from './stated.js';
import { inStatus, notMajor } from './status-rules.js';
import { OPEN_STATUSES } from './vocabulary.js';

export type CancelIncident = DataOf<'IncidentCancelled'>;

/**
 * Ends an open incident that is none: a duplicate (of which other one), a mistake, or withdrawn by its reporter. What was worked on and
 * solved is resolved, not cancelled.
 * @throws NotFound, IllegalTransition by status, or INCIDENT_STILL_MAJOR
 * @throws InvalidInput DUPLICATE_OF_INVALID (missing, itself, or with another cause)
 */
export const cancel = ({ incidentId, cause, reason, duplicateOf }: CancelIncident, incident: Incident): IncidentEvent[] => {
  notMajor(inStatus(incident, OPEN_STATUSES, 'cancelled'), 'cancelled');
  const wrong = (message: string) => wrongField('DUPLICATE_OF_INVALID', 'duplicateOf', message);
  if (cause === 'duplicate' && !duplicateOf) throw wrong('is the number of the incident that this one repeats');
  if (cause !== 'duplicate' && duplicateOf) throw wrong(`does not go with ${cause}`);
  if (duplicateOf === incidentId) throw wrong('must be another incident');
  return [{ type: 'IncidentCancelled', data: { incidentId, cause, reason, ...stated({ duplicateOf }) } }];
};
