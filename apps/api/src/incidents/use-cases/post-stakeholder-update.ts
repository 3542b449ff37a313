import { AUDIENCES, postStakeholderUpdate as rule, type Audience } from '#domain/incident';
import { InstantField, OccurredDto, OneOfField, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class PostStakeholderUpdateDto extends OccurredDto {
  @OneOfField(AUDIENCES)
  audience!: Audience;

  @TextField()
  text!: string;

  @InstantField({ optional: true })
  nextUpdateDueAt?: string;
}

export const postStakeholderUpdate = useCase({
  name: 'PostStakeholderUpdate',
  resource: 'stakeholder-updates',
  summary: 'Tell stakeholders how it stands',
  body: PostStakeholderUpdateDto,
  example: { audience: 'affected-users', text: 'The switch is being replaced.' },
  decide:
    ({ occurredAt: _, ...said }, { incidentId, newId, now }) =>
    (incident) =>
      rule({ incidentId, updateId: newId('update'), now, ...said }, incident),
});
