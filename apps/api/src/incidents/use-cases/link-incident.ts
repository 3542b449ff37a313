import { link, LINK_KINDS, type LinkKind } from '#domain/incident';
import { NameField, OccurredDto, OneOfField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class LinkIncidentDto extends OccurredDto {
  @OneOfField(LINK_KINDS)
  kind!: LinkKind;

  @NameField({ description: 'The number or name of what it is linked to.' })
  target!: string;
}

export const linkIncident = useCase({
  name: 'LinkIncident',
  resource: 'links',
  summary: 'Link it to a problem, a change, a configuration item, an article or another incident',
  body: LinkIncidentDto,
  example: { kind: 'problem', target: 'PRB0000042' },
  decide:
    ({ kind, target }, { incidentId }) =>
    (incident) =>
      link({ incidentId, kind, target }, incident),
});
