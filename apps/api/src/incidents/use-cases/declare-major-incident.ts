import { declareMajor } from '#domain/incident';
import { NameField, OccurredDto, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class DeclareMajorIncidentDto extends OccurredDto {
  @NameField()
  incidentManager!: string;

  @NameField({ optional: true })
  communicationsLead?: string;

  @TextField()
  reason!: string;
}

export const declareMajorIncident = useCase({
  name: 'DeclareMajorIncident',
  resource: 'major-incident',
  summary: 'Declare it a major incident, or hand it to another incident manager',
  body: DeclareMajorIncidentDto,
  example: { incidentManager: 'els.jacobs', communicationsLead: 'an.claes', reason: 'All stores are hit' },
  decide:
    ({ occurredAt: _, ...said }, { incidentId }) =>
    (incident) =>
      declareMajor({ incidentId, ...said }, incident),
});
