import { HOLD_REASONS, putOnHold as rule } from '#domain/incident';
import { InstantField, OccurredDto, OneOfField, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class PutOnHoldDto extends OccurredDto {
  @OneOfField(HOLD_REASONS, { description: 'What it waits for.' })
  reason!: (typeof HOLD_REASONS)[number];

  @InstantField({ optional: true, description: 'When it goes on at the latest.' })
  until?: string;

  @TextField({ optional: true })
  comment?: string;
}

export const putOnHold = useCase({
  name: 'PutOnHold',
  resource: 'holds',
  summary: 'Put it on hold, and say what it waits for',
  body: PutOnHoldDto,
  example: { reason: 'vendor', comment: 'A new switch is on its way' },
  decide:
    ({ occurredAt: _, ...said }, { incidentId, now }) =>
    (incident) =>
      rule({ incidentId, now, ...said }, incident),
});
