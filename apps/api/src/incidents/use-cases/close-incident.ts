import { close, CLOSE_AFTER_DAYS, CLOSURE_WAYS, type ClosureWay } from '#domain/incident';
import { NameField, NumberField, OccurredDto, OneOfField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class CloseIncidentDto extends OccurredDto {
  @NameField({ description: 'The closure code.' })
  code!: string;

  @OneOfField(CLOSURE_WAYS, { optional: true, description: '`agent` when nothing is said.' })
  how?: ClosureWay;

  @NumberField(CLOSE_AFTER_DAYS, { optional: true, description: 'With `elapsed`: after how many days without an answer.' })
  afterDays?: number;
}

export const closeIncident = useCase({
  name: 'CloseIncident',
  resource: 'closures',
  summary: 'Close a resolved incident',
  body: CloseIncidentDto,
  example: { code: 'solved', how: 'confirmed' },
  decide:
    ({ code, how = 'agent', afterDays }, { incidentId }) =>
    (incident) =>
      close({ incidentId, code, how, ...(afterDays !== undefined && { afterDays }) }, incident),
});
