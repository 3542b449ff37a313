import { escalate, ESCALATION_KINDS, type EscalationKind } from '#domain/incident';
import { NameField, NamesField, OccurredDto, OneOfField, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class EscalateIncidentDto extends OccurredDto {
  @OneOfField(ESCALATION_KINDS)
  kind!: EscalationKind;

  @NameField({ description: 'A team (functional), or who decides (hierarchical).' })
  to!: string;

  @TextField()
  reason!: string;

  @TextField({ optional: true, description: 'What was tried so far.' })
  stepsTaken?: string;

  @NamesField({ optional: true })
  evidence?: string[];
}

export const escalateIncident = useCase({
  name: 'EscalateIncident',
  resource: 'escalations',
  summary: 'Escalate it to those who know more, or decide more',
  body: EscalateIncidentDto,
  example: {
    kind: 'functional',
    to: 'network-core',
    reason: 'The gateway answers inside the data centre only',
    evidence: ['traceroute.txt'],
  },
  decide:
    ({ occurredAt: _, ...said }, { incidentId }) =>
    (incident) =>
      escalate({ incidentId, ...said }, incident),
});
