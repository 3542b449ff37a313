import { DOWNTIME_MINUTES, FIXES, resolve, type Fix } from '#domain/incident';
import { InstantField, MoneyDto, NameField, NestedField, NumberField, OccurredDto, OneOfField, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class DowntimeDto {
  @NumberField(DOWNTIME_MINUTES)
  minutes!: number;

  @NestedField(() => MoneyDto, { description: 'What a minute of downtime of the service costs.' })
  minuteRate!: MoneyDto;
}

export class ResolveIncidentDto extends OccurredDto {
  @NameField({ description: 'The resolution code.' })
  code!: string;

  @OneOfField(FIXES, { optional: true, nullable: true, description: 'What brought the service back.' })
  fix?: Fix | null;

  @TextField({ optional: true, nullable: true })
  notes?: string | null;

  @InstantField({ optional: true, description: 'When the service was back, where that was before.' })
  restoredAt?: string;

  @NestedField(() => DowntimeDto, { optional: true })
  downtime?: DowntimeDto;
}

export const resolveIncident = useCase({
  name: 'ResolveIncident',
  resource: 'resolutions',
  summary: 'Resolve it',
  body: ResolveIncidentDto,
  example: { code: 'solved', fix: 'fix', notes: 'The switch was replaced' },
  decide:
    ({ code, fix = null, notes = null, restoredAt, downtime }, { incidentId, now }) =>
    (incident) =>
      resolve(
        {
          incidentId,
          now,
          code,
          fix,
          notes,
          ...(restoredAt !== undefined && { restoredAt }),
          ...(downtime && { downtime: { minutes: downtime.minutes, minuteRate: { ...downtime.minuteRate } } }),
        },
        incident,
      ),
});
