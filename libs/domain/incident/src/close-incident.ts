import { IllegalTransition, wrongField } from '#kernel';
import type { DataOf, Incident, IncidentEvent } from './incident.js';
import { stated } from './stated.js';
import { inStatus, notMajor } from './status-rules.js';

export type CloseIncident = DataOf<'IncidentClosed'>;

/**
 * Ends a resolved incident: its reporter confirmed it, nobody answered for so many days, or an agent decides so.
 * @throws NotFound, IllegalTransition by status, INCIDENT_STILL_MAJOR, or RESOLUTION_NOT_CONFIRMED
 * @throws InvalidInput CLOSURE_DAYS_INVALID (`afterDays` goes with `elapsed`, and with nothing else)
 */
export const close = ({ incidentId, code, how, afterDays }: CloseIncident, incident: Incident): IncidentEvent[] => {
  const { resolution } = notMajor(inStatus(incident, ['resolved'], 'closed'), 'closed');
  if ((how === 'elapsed') !== (afterDays !== undefined)) {
    throw wrongField('CLOSURE_DAYS_INVALID', 'afterDays', how === 'elapsed' ? 'is how many days elapsed' : `does not go with ${how}`);
  }
  if (how === 'confirmed' && !resolution?.confirmed) {
    throw new IllegalTransition('RESOLUTION_NOT_CONFIRMED', 'Its reporter has not confirmed the resolution');
  }
  return [{ type: 'IncidentClosed', data: { incidentId, code, how, ...stated({ afterDays }) } }];
};
