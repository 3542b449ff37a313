import type { Incident, IncidentEvent } from './incident.js';
import { inStatus } from './status-rules.js';
import type { REOPEN_CAUSES } from './vocabulary.js';

export type ReopenIncident = Readonly<{
  incidentId: string;
  /** `rejected` where an agent writes down what the reporter told them. */
  cause: (typeof REOPEN_CAUSES)[number];
  reason: string;
}>;

/**
 * Takes a resolved or closed incident up again: it is acknowledged, with who had it. A cancelled one stays so: what it was, if it was
 * anything, is reported anew.
 * @throws NotFound, IllegalTransition by status
 */
export const reopen = ({ incidentId, cause, reason }: ReopenIncident, incident: Incident): IncidentEvent[] => {
  inStatus(incident, ['resolved', 'closed'], 'reopened');
  return [{ type: 'IncidentReopened', data: { incidentId, cause, reason } }];
};
