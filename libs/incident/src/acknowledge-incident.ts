import type { Incident, IncidentEvent } from './incident.js';
import { inStatus } from './status-rules.js';

export type AcknowledgeIncident = Readonly<{ incidentId: string }>;

/**
 * Tells the reporter that someone has it. Once is enough: a second time changes nothing. Putting a new incident on hold, or resolving it,
 * answers the reporter too (mtta@1); what is on hold is resumed, not acknowledged.
 * @throws NotFound, IllegalTransition by status
 */
export const acknowledge = ({ incidentId }: AcknowledgeIncident, incident: Incident): IncidentEvent[] => {
  const { status } = inStatus(incident, ['new', 'acknowledged'], 'acknowledged');
  return status === 'acknowledged' ? [] : [{ type: 'IncidentAcknowledged', data: { incidentId } }];
};
