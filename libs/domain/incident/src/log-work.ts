import { wrongField } from '#kernel';
import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { stated } from './stated.js';
import { inStatus } from './status-rules.js';
import { OPEN_STATUSES } from './vocabulary.js';

export type LogWork = DataOf<'WorkLogged'>;

/**
 * Records time spent, and what it cost. Until closure: then the incident's cost is counted (costPerIncident@1), and a wrong figure is
 * corrected. What one entry costs is in one currency, so that it adds up.
 * @throws NotFound, IllegalTransition by status
 * @throws InvalidInput CURRENCIES_DIFFER
 */
export const logWork = ({ incidentId, workId, minutes, activity, hourlyRate, toolCost }: LogWork, incident: Incident): IncidentEvent[] => {
  inStatus(incident, [...OPEN_STATUSES, 'resolved'], 'worked on');
  if (hourlyRate && toolCost && hourlyRate.currency !== toolCost.currency) {
    throw wrongField('CURRENCIES_DIFFER', 'toolCost.currency', `must be ${hourlyRate.currency}, as the hourly rate is`);
  }
  return [{ type: 'WorkLogged', data: { incidentId, workId, minutes, activity, ...stated({ hourlyRate, toolCost }) } }];
};
