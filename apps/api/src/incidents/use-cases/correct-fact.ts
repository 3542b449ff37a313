import { correctFact as rule } from '#domain/incident';
import { NotFound } from '#kernel';
import { FactValueField, NameField, NumberField, OccurredDto, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class CorrectFactDto extends OccurredDto {
  @NumberField({ min: 0, max: Number.MAX_SAFE_INTEGER }, { description: 'The place of the event in the history, from 0.' })
  eventRevision!: number;

  @NameField({ description: 'The field of that event that is wrong, or `occurredAt`.' })
  fact!: string;

  @FactValueField({ description: 'What is right; null, or nothing, takes the fact away.' })
  is?: unknown;

  @TextField()
  reason!: string;

  @NameField({ description: 'The id of who approved it: somebody else.' })
  approvedBy!: string;
}

export const correctFact = useCase({
  name: 'CorrectFact',
  resource: 'corrections',
  summary: 'Correct a recorded fact: the event stays as it is, the correction names it',
  body: CorrectFactDto,
  example: { eventRevision: 0, fact: 'location', is: 'Leuven', reason: 'The wrong store', approvedBy: 'els.jacobs' },
  lookUp: async ({ eventRevision }, incidentId, { eventAt }) => {
    const event = await eventAt(incidentId, BigInt(eventRevision));
    if (!event) throw new NotFound('EVENT_NOT_FOUND', `Its history has no event ${eventRevision}`);
    return { eventId: event.id, revision: eventRevision, type: event.type, data: event.data, occurredAt: event.occurredAt };
  },
  decide:
    ({ fact, is = null, reason, approvedBy }, { incidentId, actor, now }, subject) =>
    (incident) =>
      rule({ incidentId, subject, fact, is, reason, by: actor.id, approvedBy, now }, incident),
});
