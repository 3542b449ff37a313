import { IllegalTransition, wrongField } from '#kernel';
import { isInFuture } from './instants.js';
import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { stated } from './stated.js';

export type ReportIncident = Readonly<
  Omit<DataOf<'IncidentReported'>, 'serviceLevelImported'> & {
    /** The moment of the report: ISO 8601, UTC. */
    now: string;
  }
>;

/**
 * Opens an incident under a number that nobody has. Whoever detected it did so before reporting it.
 * @throws IllegalTransition INCIDENT_ALREADY_REPORTED
 * @throws InvalidInput DETECTED_IN_FUTURE
 */
export const report = ({ incidentId, title, reporter, channel, now, ...details }: ReportIncident, incident: Incident): IncidentEvent[] => {
  if (incident.status !== 'unreported')
    throw new IllegalTransition('INCIDENT_ALREADY_REPORTED', `${incidentId} is another incident's number`);
  if (details.detectedAt && isInFuture(details.detectedAt, now)) {
    throw wrongField('DETECTED_IN_FUTURE', 'detectedAt', `must not be after the report (${now})`);
  }
  const { description, onBehalfOf, service, configurationItems, location, contact, detectedAt, externalReference, deduplicationKey } =
    details;
  const said = { description, onBehalfOf, service, configurationItems, location, contact, detectedAt, externalReference, deduplicationKey };
  return [{ type: 'IncidentReported', data: { incidentId, title, reporter, channel, ...stated(said) } }];
};
