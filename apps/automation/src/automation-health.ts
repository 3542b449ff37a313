import type { EventConsumers } from '#kernel';
import type { ViewReaders } from '#adapters/read-models';
import { noticesIn, timersIn, type Alarm, type AlarmSource } from './alarm-source.js';
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

const healthOf = async ({ reader, due, next, instantOf }: AlarmSource, nowMs: number): Promise<AlarmsHealth> => {
  if ((await reader.position()) === undefined) return { overdue: 0 };
  const longAgo = new Date(nowMs - OVERDUE_AFTER_MS).toISOString();
  const { value } = await reader.read(
    async (view) => ({ overdue: await view.list<Alarm>(due(longAgo, MOST_COUNTED)), next: await view.list<Alarm>(next()) }),
    { settle: false },
  );
  const [oldest, first] = [value.overdue[0], value.next[0]];
  return {
    overdue: value.overdue.length,
    ...(oldest && { overdueSince: instantOf(oldest) }),
    ...(first && { nextAt: instantOf(first) }),
  };
};

/** Asks the event store and the views; costs what is overdue, and nothing for what is set for later. */
export const automationHealth = async (
  { consumers, readers }: Readonly<{ consumers: EventConsumers; readers: ViewReaders }>,
  nowMs: number,
): Promise<AutomationHealth> => {
  const [group, timersNow, noticesNow] = await Promise.all([
    consumers.groupStatus(AUTOMATION_GROUP),
    healthOf(timersIn(readers), nowMs),
    healthOf(noticesIn(readers), nowMs),
  ]);
  return { processes: group?.members ?? 0, parked: group?.parked ?? 0, timers: timersNow, notices: noticesNow };
};
