import { rejectResolution as rule } from '#domain/incident';
import { OccurredDto, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class RejectResolutionDto extends OccurredDto {
  @TextField({ description: 'What is not resolved.' })
  reason!: string;
}

export const rejectResolution = useCase({
  name: 'RejectResolution',
  resource: 'rejections',
  summary: 'Reject the resolution, as the person who reported it: it is reopened',
  body: RejectResolutionDto,
  example: { reason: 'It still does not print' },
  decide:
    ({ reason }, { incidentId, actor }) =>
    (incident) =>
      rule({ incidentId, by: actor.id, reason }, incident),
});
