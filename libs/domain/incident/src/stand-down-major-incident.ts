import { IllegalTransition } from '#kernel';
import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { reported } from './status-rules.js';

export type StandDownMajorIncident = DataOf<'MajorIncidentStoodDown'>;

/**
 * Ends the emergency, in whatever status the incident is: usually once it is resolved, at the latest before it is closed or cancelled.
 * @throws NotFound INCIDENT_NOT_FOUND
 * @throws IllegalTransition INCIDENT_NOT_MAJOR
 */
export const standDown = ({ incidentId, reason }: StandDownMajorIncident, incident: Incident): IncidentEvent[] => {
  if (!reported(incident).major) throw new IllegalTransition('INCIDENT_NOT_MAJOR', 'It is no major incident');
  return [{ type: 'MajorIncidentStoodDown', data: { incidentId, reason } }];
};
