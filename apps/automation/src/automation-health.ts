import type { EventConsumers, FindSpec } from '#kernel';
import { dueNotices, dueTimers, incidentTimers, nextNotice, nextTimer, notices } from '#projections';
import type { ViewReader, ViewReaders } from '#read-models';
import { AUTOMATION_GROUP } from './reactions/reactor.js';

/** Alarms of one kind: how many nobody has dealt with in time, since when, and when the next one is due. */
export type AlarmsHealth = Readonly<{ overdue: number; overdueSince?: string; nextAt?: string }>;

/** How automation is doing on a site, whichever processes run it. */
export type AutomationHealth = Readonly<{
  /** Processes that take part in what follows from events, and events that were put aside for a person to look at. */
  processes: number;
  parked: number;
  timers: AlarmsHealth;
  notices: AlarmsHealth;
}>;

/** An alarm is overdue when nobody has dealt with it for so long, in milliseconds: a process that runs needs a moment, too. */
const OVERDUE_AFTER_MS = 10_000;

/** Overdue alarms are counted so far: beyond that, the number does not matter any more. */
const MOST_COUNTED = 1_000;

type Alarm = Readonly<Record<string, string>>;

const healthOf = async (
  reader: ViewReader,
  instant: string,
  due: (now: string, limit: number) => FindSpec,
  next: () => FindSpec,
  nowMs: number,
): Promise<AlarmsHealth> => {
  if ((await reader.position()) === undefined) return { overdue: 0 };
  const longAgo = new Date(nowMs - OVERDUE_AFTER_MS).toISOString();
  const { value } = await reader.read(
    async (view) => ({ overdue: await view.list<Alarm>(due(longAgo, MOST_COUNTED)), next: await view.list<Alarm>(next()) }),
    { settle: false },
  );
  const [overdueSince, nextAt] = [value.overdue[0]?.[instant], value.next[0]?.[instant]];
  return {
    overdue: value.overdue.length,
    ...(overdueSince !== undefined && { overdueSince }),
    ...(nextAt !== undefined && { nextAt }),
  };
};

/** Asks the event store and the views; costs what is overdue, and nothing for what is set for later. */
export const automationHealth = async (
  { consumers, readers }: Readonly<{ consumers: EventConsumers; readers: ViewReaders }>,
  nowMs: number,
): Promise<AutomationHealth> => {
  const [group, timersNow, noticesNow] = await Promise.all([
    consumers.groupStatus(AUTOMATION_GROUP),
    healthOf(readers.of(incidentTimers as never), 'nextAt', dueTimers, nextTimer, nowMs),
    healthOf(readers.of(notices as never), 'dueAt', dueNotices, nextNotice, nowMs),
  ]);
  return { processes: group?.members ?? 0, parked: group?.parked ?? 0, timers: timersNow, notices: noticesNow };
};
