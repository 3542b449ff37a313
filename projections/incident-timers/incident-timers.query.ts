import type { FindSpec } from '#kernel';

const FIELDS = { incidentId: 1, nextAt: 1 } as const;

/** Incidents whose instant has come, the earliest first. Costs those that are due, and nothing for the others. */
export const dueTimers = (now: string, limit: number): FindSpec => ({
  collection: 'incident_timers',
  filter: { nextAt: { $gt: '', $lte: now } },
  sort: { nextAt: 1, _id: 1 },
  limit,
  fields: FIELDS,
});

/** The incident that wants to be asked next. */
export const nextTimer = (): FindSpec => ({
  collection: 'incident_timers',
  filter: { nextAt: { $gt: '' } },
  sort: { nextAt: 1, _id: 1 },
  limit: 1,
  fields: FIELDS,
});

/** Every incident that a change of what a site defines may concern, as a stream. */
export const liveIncidents = (): FindSpec => ({
  collection: 'incident_timers',
  filter: { isLive: true },
  sort: { _id: 1 },
  fields: { incidentId: 1 },
});
