import { logWork as rule, WORK_MINUTES } from '#domain/incident';
import { MoneyDto, NestedField, NumberField, OccurredDto, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class LogWorkDto extends OccurredDto {
  @NumberField(WORK_MINUTES)
  minutes!: number;

  @TextField()
  activity!: string;

  @NestedField(() => MoneyDto, { optional: true, description: 'What an hour of this work costs.' })
  hourlyRate?: MoneyDto;

  @NestedField(() => MoneyDto, { optional: true, description: 'What tools, parts or vendors cost on top.' })
  toolCost?: MoneyDto;
}

export const logWork = useCase({
  name: 'LogWork',
  resource: 'work-logs',
  summary: 'Log work',
  body: LogWorkDto,
  example: { minutes: 30, activity: 'Replaced the switch', hourlyRate: { amount: 9_000, currency: 'EUR' } },
  decide:
    ({ minutes, activity, hourlyRate, toolCost }, { incidentId, newId }) =>
    (incident) =>
      rule(
        {
          incidentId,
          workId: newId('work'),
          minutes,
          activity,
          ...(hourlyRate && { hourlyRate: { ...hourlyRate } }),
          ...(toolCost && { toolCost: { ...toolCost } }),
        },
        incident,
      ),
});
