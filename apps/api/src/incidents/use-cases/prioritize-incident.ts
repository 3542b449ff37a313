import { prioritize, RISKS, type Risk } from '#domain/incident';
import { ManyOfField, NameField, NestedField, OccurredDto, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class OverrideDto {
  @NameField({ description: 'The priority to set by hand.' })
  priority!: string;

  @TextField({ description: 'Why it is not what the matrix says.' })
  reason!: string;
}

export class PrioritizeIncidentDto extends OccurredDto {
  @NameField({ description: 'A level of the matrix in force.', example: 'high' })
  impact!: string;

  @NameField({ description: 'A level of the matrix in force.', example: 'medium' })
  urgency!: string;

  @ManyOfField(RISKS, {
    optional: true,
    description: 'Beside those that the site’s own rules find. Each raises the priority, as the matrix says.',
  })
  risks?: Risk[];

  @NestedField(() => OverrideDto, { optional: true })
  override?: OverrideDto;
}

export const prioritizeIncident = useCase({
  name: 'PrioritizeIncident',
  resource: 'prioritizations',
  summary: 'Rate its impact and urgency: the matrix gives the priority',
  body: PrioritizeIncidentDto,
  example: { impact: 'medium', urgency: 'high', risks: ['financial'] },
  decide:
    ({ impact, urgency, risks = [], override }, { incidentId, rules: { matrix, atRisk } }) =>
    (incident) =>
      prioritize({ incidentId, matrix, atRisk, impact, urgency, risks, ...(override && { override: { ...override } }) }, incident),
});
