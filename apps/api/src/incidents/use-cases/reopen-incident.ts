import { REOPEN_CAUSES, reopen } from '#incident';
import { OccurredDto, OneOfField, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class ReopenIncidentDto extends OccurredDto {
  @OneOfField(REOPEN_CAUSES)
  cause!: (typeof REOPEN_CAUSES)[number];

  @TextField()
  reason!: string;
}

export const reopenIncident = useCase({
  name: 'ReopenIncident',
  resource: 'reopenings',
  summary: 'Reopen a resolved or closed incident',
  body: ReopenIncidentDto,
  example: { cause: 'recurred', reason: 'It fails again' },
  decide:
    ({ cause, reason }, { incidentId }) =>
    (incident) =>
      reopen({ incidentId, cause, reason }, incident),
});
