import { acknowledge } from '#domain/incident';
import { OccurredDto } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export const acknowledgeIncident = useCase({
  name: 'AcknowledgeIncident',
  resource: 'acknowledgements',
  summary: 'Acknowledge it: someone has taken notice, and works on it',
  body: OccurredDto,
  example: {},
  decide:
    (_, { incidentId }) =>
    (incident) =>
      acknowledge({ incidentId }, incident),
});
