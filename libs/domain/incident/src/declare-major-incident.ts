import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { stated } from './stated.js';
import { inStatus } from './status-rules.js';
import { OPEN_STATUSES } from './vocabulary.js';

export type DeclareMajorIncident = DataOf<'MajorIncidentDeclared'>;

/**
 * Puts an open incident into the hands of an incident manager. Declared again with the same people it is what it was; with others, they take
 * over.
 * @throws NotFound, IllegalTransition by status
 */
export const declareMajor = (command: DeclareMajorIncident, incident: Incident): IncidentEvent[] => {
  const { incidentId, incidentManager, communicationsLead, reason } = command;
  const { major } = inStatus(incident, OPEN_STATUSES, 'declared a major incident');
  if (major?.incidentManager === incidentManager && major.communicationsLead === (communicationsLead ?? null)) return [];
  return [{ type: 'MajorIncidentDeclared', data: { incidentId, incidentManager, reason, ...stated({ communicationsLead }) } }];
};
