import type { FindSpec } from '#kernel';

const FIELDS = { nextAt: 1, position: 1 } as const;

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

/** Whom a change of what a site defines may concern: every incident that time can do something to, or those that nobody has. */
export type SweepScope = 'live' | 'unassigned';

/** The incidents of a sweep, reported by an instant, that come after one, by number; from the first one on, where none is named. */
export const incidentsToSweep = (scope: SweepScope, reportedBy: string, after: string | null, limit: number): FindSpec => ({
  collection: 'incident_timers',
  filter: {
    ...(scope === 'live' ? { isLive: true } : { isUnassigned: true }),
    reportedAt: { $lte: reportedBy },
    ...(after !== null && { _id: { $gt: after } }),
  },
  sort: { _id: 1 },
  limit,
  fields: { incidentId: 1 },
});

/** The incident that waits for somebody of a team and comes first: the highest priority, as it is spelled, then the oldest. */
export const firstDeferredTo = (team: string): FindSpec => ({
  collection: 'incident_timers',
  filter: { deferredTo: team },
  sort: { priority: 1, reportedAt: 1, _id: 1 },
  limit: 1,
  fields: { incidentId: 1 },
});
