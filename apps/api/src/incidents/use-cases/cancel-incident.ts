import { cancel, CANCEL_CAUSES, type CancelCause } from '#domain/incident';
import { NameField, OccurredDto, OneOfField, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class CancelIncidentDto extends OccurredDto {
  @OneOfField(CANCEL_CAUSES)
  cause!: CancelCause;

  @TextField()
  reason!: string;

  @NameField({ optional: true, description: 'The number of the incident that this one repeats; with cause `duplicate`.' })
  duplicateOf?: string;
}

export const cancelIncident = useCase({
  name: 'CancelIncident',
  resource: 'cancellations',
  summary: 'Cancel it: a duplicate, a mistake, or withdrawn by its reporter',
  body: CancelIncidentDto,
  example: { cause: 'duplicate', reason: 'The same terminals', duplicateOf: 'INC0000002' },
  decide:
    ({ cause, reason, duplicateOf }, { incidentId }) =>
    (incident) =>
      cancel({ incidentId, cause, reason, ...(duplicateOf !== undefined && { duplicateOf }) }, incident),
});
