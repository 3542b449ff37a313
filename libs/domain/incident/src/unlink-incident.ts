import { NotFound } from '#kernel';
import { linkKey, type DataOf, type Incident, type IncidentEvent } from './incident.js';
import { reported } from './status-rules.js';

export type UnlinkIncident = DataOf<'IncidentUnlinked'>;

/**
 * Takes a link away, and says why. In every status, as linking.
 * @throws NotFound INCIDENT_NOT_FOUND, LINK_NOT_FOUND
 */
export const unlink = ({ incidentId, kind, target, reason }: UnlinkIncident, incident: Incident): IncidentEvent[] => {
  const { links } = reported(incident);
  if (!links.includes(linkKey(kind, target))) throw new NotFound('LINK_NOT_FOUND', `It is not linked to ${target} as ${kind}`);
  return [{ type: 'IncidentUnlinked', data: { incidentId, kind, target, reason } }];
};
