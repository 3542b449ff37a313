import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { inStatus } from './status-rules.js';
import { OPEN_STATUSES } from './vocabulary.js';

/** Who shall have it, whole: a team, an agent of it or any agent, or nobody (both `null`). */
export type AssignIncident = DataOf<'IncidentAssigned'>;

/**
 * Gives an open incident to a team, an agent, or both, or takes it back. A new one too: who has it has not answered yet.
 * @throws NotFound, IllegalTransition by status
 */
export const assign = ({ incidentId, team, agent, why }: AssignIncident, incident: Incident): IncidentEvent[] => {
  const now = inStatus(incident, OPEN_STATUSES, 'assigned');
  if (team === now.team && agent === now.agent) return [];
  return [{ type: 'IncidentAssigned', data: { incidentId, team, agent, why } }];
};
