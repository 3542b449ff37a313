import { standDown } from '#domain/incident';
import { OccurredDto, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class StandDownMajorIncidentDto extends OccurredDto {
  @TextField()
  reason!: string;
}

export const standDownMajorIncident = useCase({
  name: 'StandDownMajorIncident',
  method: 'DELETE',
  resource: 'major-incident',
  summary: 'Stand the major incident down',
  body: StandDownMajorIncidentDto,
  example: { reason: 'All stores can take cards again' },
  decide:
    ({ reason }, { incidentId }) =>
    (incident) =>
      standDown({ incidentId, reason }, incident),
});
