import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { inStatus } from './status-rules.js';
import { OPEN_STATUSES } from './vocabulary.js';

export type ApplyWorkaround = DataOf<'WorkaroundApplied'>;

/**
 * Records how people can work on while an open incident lasts. A workaround that brings the service back is a resolution (`fix: workaround`).
 * @throws NotFound, IllegalTransition by status
 */
export const applyWorkaround = ({ incidentId, description }: ApplyWorkaround, incident: Incident): IncidentEvent[] => {
  inStatus(incident, OPEN_STATUSES, 'worked around');
  return [{ type: 'WorkaroundApplied', data: { incidentId, description } }];
};
