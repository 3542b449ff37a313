import { reclassify } from '#domain/incident';
import { NameField, OccurredDto, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class ReclassifyIncidentDto extends OccurredDto {
  @NameField({ description: 'The service request that took over.' })
  serviceRequest!: string;

  @TextField()
  reason!: string;
}

export const reclassifyIncident = useCase({
  name: 'ReclassifyIncident',
  resource: 'reclassifications',
  summary: 'Reclassify it as a service request: it ends here, with its history',
  body: ReclassifyIncidentDto,
  example: { serviceRequest: 'REQ0000007', reason: 'They ask for a new printer' },
  decide:
    ({ serviceRequest, reason }, { incidentId }) =>
    (incident) =>
      reclassify({ incidentId, serviceRequest, reason }, incident),
});
