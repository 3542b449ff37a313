import { recordDiagnosis as rule } from '#domain/incident';
import { NestedListField, OccurredDto, TextField } from '../../http/fields.js';
import { useCase } from '../use-case.js';

export class AnswerDto {
  @TextField()
  question!: string;

  @TextField()
  answer!: string;
}

export class RecordDiagnosisDto extends OccurredDto {
  @NestedListField(() => AnswerDto, { optional: true, description: 'Answers to the diagnostic script.' })
  answers?: AnswerDto[];

  @TextField()
  findings!: string;

  @TextField({ optional: true, description: 'Where it is known.' })
  rootCause?: string;
}

export const recordDiagnosis = useCase({
  name: 'RecordDiagnosis',
  resource: 'diagnoses',
  summary: 'Record what was asked and found',
  body: RecordDiagnosisDto,
  example: { answers: [{ question: 'Does it answer a ping?', answer: 'No' }], findings: 'The switch is down', rootCause: 'Its fan failed' },
  decide:
    ({ answers = [], findings, rootCause }, { incidentId }) =>
    (incident) =>
      rule({ incidentId, answers: answers.map((one) => ({ ...one })), findings, ...(rootCause !== undefined && { rootCause }) }, incident),
});
