import type { Incident, IncidentEvent } from './incident.js';
import { stated } from './stated.js';
import { askedByReporter, inStatus } from './status-rules.js';

export type ConfirmResolution = Readonly<{
  incidentId: string;
  /** The id of the person who confirms. */
  by: string;
  comment?: string;
}>;

/**
 * The person who reported it says that it works again. It can be closed for that reason then.
 * @throws NotFound, IllegalTransition by status, or NOT_THE_REPORTER
 */
export const confirmResolution = ({ incidentId, by, comment }: ConfirmResolution, incident: Incident): IncidentEvent[] => {
  const { resolution } = askedByReporter(inStatus(incident, ['resolved'], 'confirmed'), by);
  return resolution?.confirmed ? [] : [{ type: 'ResolutionConfirmed', data: { incidentId, ...stated({ comment }) } }];
};
