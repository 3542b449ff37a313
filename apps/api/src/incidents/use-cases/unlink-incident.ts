import { LINK_KINDS, unlink, type LinkKind } from '#domain/incident';
import { NameField, OccurredDto, OneOfField, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class UnlinkIncidentDto extends OccurredDto {
  @OneOfField(LINK_KINDS)
  kind!: LinkKind;

  @NameField()
  target!: string;

  @TextField()
  reason!: string;
}

export const unlinkIncident = useCase({
  name: 'UnlinkIncident',
  method: 'DELETE',
  resource: 'links',
  summary: 'Take a link away',
  body: UnlinkIncidentDto,
  example: { kind: 'problem', target: 'PRB0000042', reason: 'It was the switch' },
  decide:
    ({ kind, target, reason }, { incidentId }) =>
    (incident) =>
      unlink({ incidentId, kind, target, reason }, incident),
});
