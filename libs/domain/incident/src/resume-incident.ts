import { IllegalTransition } from '#kernel';
import type { Incident, IncidentEvent } from './incident.js';
import { isAfter } from './instants.js';
import { stated } from './stated.js';
import { inStatus } from './status-rules.js';
import type { RESUME_CAUSES } from './vocabulary.js';

export type ResumeIncident = Readonly<{
  incidentId: string;
  cause: (typeof RESUME_CAUSES)[number];
  comment?: string;
  /** The moment it goes on: ISO 8601, UTC. */
  now: string;
}>;

/**
 * Ends a wait. `time-up` is a clock's word: it counts only once the hold's own time is up, so that a clock that was set for an earlier hold
 * ends no later one.
 * @throws NotFound, IllegalTransition by status, or HOLD_NOT_OVER
 */
export const resume = ({ incidentId, cause, comment, now }: ResumeIncident, incident: Incident): IncidentEvent[] => {
  const { hold } = inStatus(incident, ['on-hold'], 'resumed');
  const until = hold?.until ?? null;
  if (cause === 'time-up' && (until === null || isAfter(until, now))) {
    throw new IllegalTransition('HOLD_NOT_OVER', until === null ? 'It waits without an end' : `It waits until ${until}`);
  }
  return [{ type: 'IncidentResumed', data: { incidentId, cause, ...stated({ comment }) } }];
};
