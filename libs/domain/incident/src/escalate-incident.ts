import { IllegalTransition } from '#kernel';
import type { Incident, IncidentEvent } from './incident.js';
import { inStatus } from './status-rules.js';
import { OPEN_STATUSES, type EscalationKind } from './vocabulary.js';

export type EscalateIncident = Readonly<{
  incidentId: string;
  kind: EscalationKind;
  /** A team where it goes to another tier, a person where it goes to a manager. */
  to: string;
  reason: string;
  stepsTaken?: string;
  evidence?: readonly string[];
}>;

/**
 * Takes an open incident to those who know more (functional) or may decide more (hierarchical). A functional escalation hands it over:
 * it is assigned to that team. Escalating to the same manager again is a new fact, not a repeat.
 * @throws NotFound, IllegalTransition by status, or ESCALATION_TO_SAME_TEAM
 */
export const escalate = ({ incidentId, kind, to, reason, stepsTaken, evidence }: EscalateIncident, incident: Incident): IncidentEvent[] => {
  const { team } = inStatus(incident, OPEN_STATUSES, 'escalated');
  if (kind === 'functional' && to === team) throw new IllegalTransition('ESCALATION_TO_SAME_TEAM', `It is with ${to} already`);

  const escalated: IncidentEvent = {
    type: 'IncidentEscalated',
    data: { incidentId, kind, from: team, to, reason, ...(stepsTaken && { stepsTaken }), ...(evidence?.length && { evidence }) },
  };
  if (kind === 'hierarchical') return [escalated];
  return [escalated, { type: 'IncidentAssigned', data: { incidentId, team: to, agent: null, why: 'escalation' } }];
};
