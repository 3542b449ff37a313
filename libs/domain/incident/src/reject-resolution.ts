import type { Incident, IncidentEvent } from './incident.js';
import { askedByReporter, inStatus } from './status-rules.js';

export type RejectResolution = Readonly<{
  incidentId: string;
  /** The id of the person who rejects. */
  by: string;
  reason: string;
}>;

/**
 * The person who reported it says that it does not work, or not any more: it is open again, even where they confirmed it before.
 * Once it is closed, the desk reopens it.
 * @throws NotFound, IllegalTransition by status, or NOT_THE_REPORTER
 */
export const rejectResolution = ({ incidentId, by, reason }: RejectResolution, incident: Incident): IncidentEvent[] => {
  askedByReporter(inStatus(incident, ['resolved'], 'rejected'), by);
  return [{ type: 'IncidentReopened', data: { incidentId, cause: 'rejected', reason } }];
};
