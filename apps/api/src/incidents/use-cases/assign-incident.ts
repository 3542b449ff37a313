import { assign, ASSIGNMENT_REASONS, type AssignmentReason } from '#domain/incident';
import { NameField, OccurredDto, OneOfField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class AssignIncidentDto extends OccurredDto {
  @NameField({ optional: true, nullable: true, description: 'Absent or null: no team.' })
  team?: string | null;

  @NameField({ optional: true, nullable: true, description: 'Absent or null: no agent.' })
  agent?: string | null;

  @OneOfField(ASSIGNMENT_REASONS, { optional: true, description: 'Why it goes there; `person` when nothing is said.' })
  why?: AssignmentReason;
}

export const assignIncident = useCase({
  name: 'AssignIncident',
  resource: 'assignments',
  summary: 'Give it to a team, an agent, or both; or take it back',
  body: AssignIncidentDto,
  example: { team: 'network', agent: 'tom.maes' },
  decide:
    ({ team = null, agent = null, why = 'person' }, { incidentId }) =>
    (incident) =>
      assign({ incidentId, team, agent, why }, incident),
});
