import type { FindSpec } from '#kernel';
import { dueNotices, dueTimers, incidentTimers, nextNotice, nextTimer, notices } from '#projections';
import type { ViewReader, ViewReaders } from '#adapters/read-models';

/** A document of a view that names an instant. */
export type Alarm = Readonly<{ _id: string } & Record<string, unknown>>;

/** Where alarms are found. */
export type AlarmSource = Readonly<{
  /** In words: `timers`, `notices`. */
  name: string;
  reader: ViewReader;
  /** Those whose instant has come (ISO 8601, UTC), the earliest first. */
  due: (now: string, limit: number) => FindSpec;
  /** The one that comes first. */
  next: () => FindSpec;
  /** When that is. */
  instantOf: (alarm: Alarm) => string;
}>;

/** Incidents that want to be asked what time has done to them. */
export const timersIn = (readers: ViewReaders): AlarmSource => ({
  name: 'timers',
  reader: readers.of(incidentTimers as never),
  due: dueTimers,
  next: nextTimer,
  instantOf: ({ nextAt }) => nextAt as string,
});

/** Notices that want to be sent. */
export const noticesIn = (readers: ViewReaders): AlarmSource => ({
  name: 'notices',
  reader: readers.of(notices as never),
  due: dueNotices,
  next: nextNotice,
  instantOf: ({ dueAt }) => dueAt as string,
});
