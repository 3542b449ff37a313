import { IllegalTransition } from '#kernel';
import type { Incident, IncidentEvent } from './incident.js';
import { isAfter } from './instants.js';
import { inStatus } from './status-rules.js';
import type { REOPEN_CAUSES } from './vocabulary.js';

export type ReopenIncident = Readonly<{
  incidentId: string;
  /** `rejected` where an agent writes down what the reporter told them. */
  cause: (typeof REOPEN_CAUSES)[number];
  reason: string;
  /** Until when it may be reopened, where it is closed, inclusive: ISO 8601, UTC; `null`: for ever. */
  reopenableUntil: string | null;
  /** The moment it is reopened: ISO 8601, UTC. */
  now: string;
}>;

/**
 * Takes a resolved or closed incident up again: it is acknowledged, with who had it. A cancelled one stays so: what it was, if it was
 * anything, is reported anew, and so is one that was closed too long ago.
 * @throws NotFound, IllegalTransition by status, or REOPEN_WINDOW_OVER
 */
export const reopen = ({ incidentId, cause, reason, reopenableUntil, now }: ReopenIncident, incident: Incident): IncidentEvent[] => {
  const { status } = inStatus(incident, ['resolved', 'closed'], 'reopened');
  if (status === 'closed' && reopenableUntil !== null && isAfter(now, reopenableUntil)) {
    throw new IllegalTransition(
      'REOPEN_WINDOW_OVER',
      `It could be reopened until ${reopenableUntil}: report it anew, as a follow-up of this one`,
    );
  }
  return [{ type: 'IncidentReopened', data: { incidentId, cause, reason } }];
};
