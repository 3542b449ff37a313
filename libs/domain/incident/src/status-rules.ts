import { IllegalTransition, NotFound } from '#kernel';
import type { Incident, ReportedIncident } from './incident.js';
import type { Status } from './vocabulary.js';

/** What a refusal is called that comes from the status alone: it names the status. `unreported` is answered with INCIDENT_NOT_FOUND. */
export const STATUS_REFUSALS: Readonly<Record<Status, string>> = {
  new: 'INCIDENT_NEW',
  acknowledged: 'INCIDENT_ACKNOWLEDGED',
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
 * @throws IllegalTransition named after the status it is in (`STATUS_REFUSALS`)
 */
export const inStatus = (incident: Incident, allowed: readonly Status[], what: string): ReportedIncident => {
  const known = reported(incident);
  if (!allowed.includes(known.status)) {
    throw new IllegalTransition(
      STATUS_REFUSALS[known.status],
      `It is ${known.status}, and cannot be ${what}: that takes one that is ${allowed.join(', ')}`,
    );
  }
  return known;
};

/**
 * The incident, where no emergency organisation is at work on it: that is stood down before the incident ends.
 * @throws IllegalTransition INCIDENT_STILL_MAJOR
 */
export const notMajor = (incident: ReportedIncident, what: string): ReportedIncident => {
  if (incident.major)
    throw new IllegalTransition('INCIDENT_STILL_MAJOR', `It is a major incident, and cannot be ${what}: stand it down first`);
  return incident;
};

/**
 * The incident, where this person reported it, or it was reported on their behalf: its resolution is theirs to judge.
 * @throws IllegalTransition NOT_THE_REPORTER
 */
export const askedByReporter = (incident: ReportedIncident, by: string): ReportedIncident => {
  if (by !== incident.reporter && by !== incident.onBehalfOf) {
    throw new IllegalTransition(
      'NOT_THE_REPORTER',
      'Only the person who reported it, or for whom it was reported, can judge its resolution',
    );
  }
  return incident;
};
