import { wrongField } from '#kernel';
import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { isAfter } from './instants.js';
import { stated } from './stated.js';
import { inStatus, reported } from './status-rules.js';
import { OPEN_STATUSES } from './vocabulary.js';

export type PostStakeholderUpdate = Readonly<
  DataOf<'StakeholderUpdatePosted'> & {
    /** The moment it is posted: ISO 8601, UTC. */
    now: string;
  }
>;

/**
 * Tells those who are affected how things stand. In every status: the last word often follows the end. The next one is promised for later,
 * and not from an incident that has ended.
 * @throws NotFound INCIDENT_NOT_FOUND; IllegalTransition by status, where it promises another
 * @throws InvalidInput NEXT_UPDATE_NOT_LATER
 */
export const postStakeholderUpdate = (command: PostStakeholderUpdate, incident: Incident): IncidentEvent[] => {
  const { incidentId, updateId, audience, text, nextUpdateDueAt, now } = command;
  reported(incident);
  if (nextUpdateDueAt) {
    inStatus(incident, [...OPEN_STATUSES, 'resolved'], 'followed by another update');
    if (!isAfter(nextUpdateDueAt, now)) throw wrongField('NEXT_UPDATE_NOT_LATER', 'nextUpdateDueAt', `must be after ${now}`);
  }
  return [{ type: 'StakeholderUpdatePosted', data: { incidentId, updateId, audience, text, ...stated({ nextUpdateDueAt }) } }];
};
