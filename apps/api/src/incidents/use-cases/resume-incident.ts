import { RESUME_CAUSES, resume } from '#domain/incident';
import { OccurredDto, OneOfField, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class ResumeIncidentDto extends OccurredDto {
  @OneOfField(RESUME_CAUSES, { description: 'What ended the wait.' })
  cause!: (typeof RESUME_CAUSES)[number];

  @TextField({ optional: true })
  comment?: string;
}

export const resumeIncident = useCase({
  name: 'ResumeIncident',
  resource: 'resumptions',
  summary: 'Go on with it',
  body: ResumeIncidentDto,
  example: { cause: 'answered' },
  decide:
    ({ occurredAt: _, ...said }, { incidentId, now }) =>
    (incident) =>
      resume({ incidentId, now, ...said }, incident),
});
