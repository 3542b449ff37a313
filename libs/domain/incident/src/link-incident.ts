import { IllegalTransition, wrongField } from '#kernel';
import { linkKey, type DataOf, type Incident, type IncidentEvent } from './incident.js';
import { reported } from './status-rules.js';
import type { LinkKind } from './vocabulary.js';

export type LinkIncident = DataOf<'IncidentLinked'>;

/** The same relation, seen from the other end. */
export const OPPOSITE_LINKS: Partial<Readonly<Record<LinkKind, LinkKind>>> = {
  parent: 'child',
  child: 'parent',
  'follow-up-of': 'followed-up-by',
  'followed-up-by': 'follow-up-of',
};

/**
 * Names what an incident has to do with: what is linked already stays so. In every status: causes are found late. An incident has one parent,
 * and nothing is above and below it at once.
 * @throws NotFound INCIDENT_NOT_FOUND
 * @throws InvalidInput LINK_TO_ITSELF
 * @throws IllegalTransition LINK_BOTH_WAYS, LINK_SECOND_PARENT
 */
export const link = ({ incidentId, kind, target }: LinkIncident, incident: Incident): IncidentEvent[] => {
  const { links } = reported(incident);
  if (target === incidentId) throw wrongField('LINK_TO_ITSELF', 'target', 'must be something else than the incident itself');
  if (links.includes(linkKey(kind, target))) return [];

  const opposite = OPPOSITE_LINKS[kind];
  if (opposite && links.includes(linkKey(opposite, target))) {
    throw new IllegalTransition('LINK_BOTH_WAYS', `${target} is its ${opposite}, and cannot be its ${kind} too`);
  }
  if (kind === 'parent' && links.some((known) => known.startsWith(linkKey('parent', '')))) {
    throw new IllegalTransition('LINK_SECOND_PARENT', 'It has another parent: unlink that one first');
  }
  return [{ type: 'IncidentLinked', data: { incidentId, kind, target } }];
};
