import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { inStatus, notMajor } from './status-rules.js';
import { OPEN_STATUSES } from './vocabulary.js';

export type ReclassifyIncident = DataOf<'IncidentReclassified'>;

/**
 * An open incident turns out to be a routine ask: it ends here, and the service request that took over is named.
 * @throws NotFound, IllegalTransition by status, or INCIDENT_STILL_MAJOR
 */
export const reclassify = ({ incidentId, serviceRequest, reason }: ReclassifyIncident, incident: Incident): IncidentEvent[] => {
  notMajor(inStatus(incident, OPEN_STATUSES, 'reclassified'), 'reclassified');
  return [{ type: 'IncidentReclassified', data: { incidentId, serviceRequest, reason } }];
};
