import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { stated } from './stated.js';
import { inStatus } from './status-rules.js';
import { OPEN_STATUSES } from './vocabulary.js';

export type RecordDiagnosis = DataOf<'DiagnosisRecorded'>;

/**
 * Records what was asked and found. Also once it is resolved: the service comes back first, and the cause is found after.
 * What is found after closure belongs to a problem.
 * @throws NotFound, IllegalTransition by status
 */
export const recordDiagnosis = ({ incidentId, answers, findings, rootCause }: RecordDiagnosis, incident: Incident): IncidentEvent[] => {
  inStatus(incident, [...OPEN_STATUSES, 'resolved'], 'diagnosed');
  return [{ type: 'DiagnosisRecorded', data: { incidentId, answers, findings, ...stated({ rootCause }) } }];
};
