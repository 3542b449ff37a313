import { fold } from '#kernel';
import { incidentDecider, type DataOf, type Incident, type IncidentEvent } from './incident.js';
import type { Status } from './vocabulary.js';

/** Starting points: one incident, brought to each status on the shortest way. */

export const incidentId = 'INC0000123';
export const OTHER = 'INC0000122';
export const REPORTER = 'lena.peeters';
export const NOW = '2026-01-05T09:00:00.000Z';
export const EARLIER = '2026-01-05T08:30:00.000Z';
export const LATER = '2026-01-05T11:00:00.000Z';

export const reported: IncidentEvent = {
  type: 'IncidentReported',
  data: { incidentId, title: 'Card terminals decline every payment', reporter: REPORTER, onBehalfOf: 'store-leuven', channel: 'phone' },
};
export const acknowledged: IncidentEvent = { type: 'IncidentAcknowledged', data: { incidentId } };
export const assigned: IncidentEvent = {
  type: 'IncidentAssigned',
  data: { incidentId, team: 'network', agent: 'tom.maes', why: 'person' },
};
export const onHold: IncidentEvent = { type: 'IncidentPutOnHold', data: { incidentId, reason: 'vendor', until: LATER } };
export const resumed: IncidentEvent = { type: 'IncidentResumed', data: { incidentId, cause: 'answered' } };
export const major: IncidentEvent = {
  type: 'MajorIncidentDeclared',
  data: { incidentId, incidentManager: 'an.claes', communicationsLead: 'bart.wouters', reason: 'More stores report the same' },
};
export const stoodDown: IncidentEvent = { type: 'MajorIncidentStoodDown', data: { incidentId, reason: 'All stores take cards again' } };
export const resolved: IncidentEvent = { type: 'IncidentResolved', data: { incidentId, code: 'restored', fix: 'restore', notes: null } };
export const confirmed: IncidentEvent = { type: 'ResolutionConfirmed', data: { incidentId } };
export const closed: IncidentEvent = { type: 'IncidentClosed', data: { incidentId, code: 'solved', how: 'agent' } };
export const reopened: IncidentEvent = { type: 'IncidentReopened', data: { incidentId, cause: 'recurred', reason: 'It declines again' } };
export const cancelled: IncidentEvent = { type: 'IncidentCancelled', data: { incidentId, cause: 'mistake', reason: 'A drill' } };

export const linked = (kind: DataOf<'IncidentLinked'>['kind'], target: string): IncidentEvent => ({
  type: 'IncidentLinked',
  data: { incidentId, kind, target },
});

export const HISTORIES: Readonly<Record<Incident['status'], readonly IncidentEvent[]>> = {
  unreported: [],
  new: [reported],
  acknowledged: [reported, acknowledged],
  'on-hold': [reported, onHold],
  resolved: [reported, acknowledged, resolved],
  closed: [reported, acknowledged, resolved, closed],
  cancelled: [reported, cancelled],
} satisfies Record<'unreported' | Status, unknown>;

export const incidentThat = (...events: readonly IncidentEvent[]): Incident => fold(incidentDecider, events);
