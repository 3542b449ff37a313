import type { Incident, IncidentEvent } from './incident.js';
import { inStatus, reported } from './status-rules.js';

export type AcknowledgeIncident = Readonly<{ incidentId: string }>;

/**
 * Tells the reporter that someone has it, and an escalation under way that someone is at it. Once is enough: a second time changes nothing.
 * Putting a new incident on hold, or resolving it, answers the reporter too (mtta@1); what is on hold is resumed, not acknowledged, unless an
 * escalation asks for it.
 * @throws NotFound, IllegalTransition by status
 */
export const acknowledge = ({ incidentId }: AcknowledgeIncident, incident: Incident): IncidentEvent[] => {
  const { escalations } = reported(incident);
  const { status } = inStatus(
    incident,
    escalations.length > 0 ? ['new', 'acknowledged', 'on-hold'] : ['new', 'acknowledged'],
    'acknowledged',
  );
  return [
    ...(status === 'new' ? [{ type: 'IncidentAcknowledged', data: { incidentId } } as const] : []),
    ...escalations.map(({ runId, policyVersion }): IncidentEvent => ({
      type: 'EscalationStopped',
      data: { incidentId, runId, policyVersion, why: 'acknowledged' },
    })),
  ];
};
