import { confirmResolution as rule } from '#domain/incident';
import { OccurredDto, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class ConfirmResolutionDto extends OccurredDto {
  @TextField({ optional: true })
  comment?: string;
}

export const confirmResolution = useCase({
  name: 'ConfirmResolution',
  resource: 'confirmations',
  summary: 'Confirm the resolution, as the person who reported it',
  body: ConfirmResolutionDto,
  example: { comment: 'It prints again.' },
  decide:
    ({ comment }, { incidentId, actor }) =>
    (incident) =>
      rule({ incidentId, by: actor.id, ...(comment !== undefined && { comment }) }, incident),
});
