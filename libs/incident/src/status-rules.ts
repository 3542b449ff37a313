import { IllegalTransition, NotFound } from '#kernel';
import type { Incident, ReportedIncident } from './incident.js';
import type { Status } from './vocabulary.js';

/** What a refusal is called that comes from the state alone; `unreported` is answered with INCIDENT_NOT_FOUND. */
const REFUSALS: Readonly<Record<Status, string>> = {
  new: 'INCIDENT_NOT_ACKNOWLEDGED',
  acknowledged: 'INCIDENT_ALREADY_ACKNOWLEDGED',
  'on-hold': 'INCIDENT_ON_HOLD',
  resolved: 'INCIDENT_RESOLVED',
  closed: 'INCIDENT_CLOSED',
  cancelled: 'INCIDENT_CANCELLED',
};

/**
 * The incident, where it was reported.
 * @throws NotFound INCIDENT_NOT_FOUND
 */
export const reported = (incident: Incident): ReportedIncident => {
  if (incident.status === 'unreported') throw new NotFound('INCIDENT_NOT_FOUND', 'No incident has that number');
  return incident;
};

/**
 * The incident, where its status allows what is asked; `what` completes "cannot be …".
 * @throws NotFound INCIDENT_NOT_FOUND
 * @throws IllegalTransition named after the status it is in
 */
export const inStatus = (incident: Incident, allowed: readonly Status[], what: string): ReportedIncident => {
  const known = reported(incident);
  if (!allowed.includes(known.status)) {
    throw new IllegalTransition(
      REFUSALS[known.status],
      `It is ${known.status}, and cannot be ${what}: that takes one that is ${allowed.join(', ')}`,
    );
  }
  return known;
};
