import type { ViewReaders } from '#adapters/read-models';
import type { SiteDefinitions } from '#domain/definitions';
import { timersIn } from './alarm-source.js';
import type { Alarms } from './due-loop.js';
import type { Reviews } from './reviews.js';

export type TimerAlarmsParts = Readonly<{ readers: ViewReaders; site: SiteDefinitions; reviews: Reviews }>;

/** Incidents that want to be asked what time has done to them: they are reviewed at the instant that their view names. */
export const timerAlarms = ({ readers, site, reviews }: TimerAlarmsParts): Alarms => ({
  ...timersIn(readers),
  prepare: () => site.refresh(),
  ring: (incidentId) => reviews.review(incidentId),
});
