import { applyWorkaround as rule } from '#domain/incident';
import { OccurredDto, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class ApplyWorkaroundDto extends OccurredDto {
  @TextField({ description: 'What was done so that people can work on.' })
  description!: string;
}

export const applyWorkaround = useCase({
  name: 'ApplyWorkaround',
  resource: 'workarounds',
  summary: 'Record a workaround that was applied',
  body: ApplyWorkaroundDto,
  example: { description: 'Pay by voucher until the terminals are back.' },
  decide:
    ({ description }, { incidentId }) =>
    (incident) =>
      rule({ incidentId, description }, incident),
});
