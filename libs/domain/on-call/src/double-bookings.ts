import { shifts } from './shifts.js';
import { spanText } from './span-text.js';
import type { OnCallTimeline } from './timeline.js';

/** A schedule among others, by its id. */
export type KnownSchedule = Readonly<{ id: string; timeline: OnCallTimeline }>;

/** When somebody is away. Instants as everywhere; `toMs` is exclusive. */
export type Absence = Readonly<{ person: string; fromMs: number; toMs: number; reason?: string }>;

/** Somebody is on call in these schedules, two or one, and could not be: the other one needs them too, or they are away. */
export type DoubleBooking = Readonly<{
  kind: 'two-schedules' | 'absent';
  person: string;
  schedules: readonly string[];
  fromMs: number;
  toMs: number;
  why: string;
}>;

type Interval = Readonly<{ fromMs: number; toMs: number }>;
/** Somebody's time on call in one schedule, from hand-over to hand-over or longer. */
type Duty = Interval & Readonly<{ person: string; schedule: KnownSchedule }>;

const overlap = (one: Interval, other: Interval): Interval | undefined => {
  const [fromMs, toMs] = [Math.max(one.fromMs, other.fromMs), Math.min(one.toMs, other.toMs)];
  return fromMs < toMs ? { fromMs, toMs } : undefined;
};

/** Who is on call in a schedule between two instants: one duty, where one shift of the same person follows another. */
const dutiesOf = (schedule: KnownSchedule, window: Interval): Duty[] => {
  const duties: Duty[] = [];
  for (const shift of shifts(schedule.timeline, window.fromMs, window.toMs)) {
    const time = overlap(shift, window) as Interval;
    const last = duties.at(-1);
    if (last?.person === shift.person && last.toMs === time.fromMs) duties[duties.length - 1] = { ...last, toMs: time.toMs };
    else duties.push({ ...time, person: shift.person, schedule });
  }
  return duties;
};

const onTwo = (duties: readonly [Duty, Duty]): DoubleBooking => {
  const time = overlap(...duties) as Interval;
  const [{ person }] = duties;
  const schedules = duties.map(({ schedule }) => schedule).toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const [{ timeline }] = schedules as [KnownSchedule, KnownSchedule];
  const ids = schedules.map(({ id }) => id);
  const why = `${person} is on call in ${ids.join(' and ')} ${spanText(timeline, time.fromMs, time.toMs)}`;
  return { kind: 'two-schedules', person, schedules: ids, ...time, why };
};

const away = (duty: Duty, absence: Absence): DoubleBooking[] => {
  const time = overlap(duty, absence);
  if (!time) return [];
  const { person, schedule } = duty;
  const because = absence.reason === undefined ? '' : ` (${absence.reason})`;
  const why = `${person} is on call in ${schedule.id} and absent${because} ${spanText(schedule.timeline, time.fromMs, time.toMs)}`;
  return [{ kind: 'absent', person, schedules: [schedule.id], ...time, why }];
};

/** Every two duties of one person that begin before the other one ends, in the order of their beginnings. */
function* overlapping(duties: readonly Duty[]): Generator<readonly [Duty, Duty]> {
  let current: readonly Duty[] = [];
  for (const duty of duties.toSorted((one, other) => one.fromMs - other.fromMs)) {
    current = current.filter(({ toMs }) => toMs > duty.fromMs);
    for (const other of current) if (other.person === duty.person) yield [other, duty];
    current = [...current, duty];
  }
}

/**
 * Where somebody is on call between two instants and cannot answer as they should: because they are on call in two schedules at a time, or
 * away. Within one schedule nobody is needed twice, for a layer takes the place of those below it. By their beginnings.
 */
export const doubleBookings = (
  schedules: readonly KnownSchedule[],
  absences: readonly Absence[],
  fromMs: number,
  toMs: number,
): DoubleBooking[] => {
  const duties = schedules.flatMap((schedule) => dutiesOf(schedule, { fromMs, toMs }));
  return [
    ...[...overlapping(duties)].map(onTwo),
    ...absences.flatMap((absence) => duties.filter(({ person }) => person === absence.person).flatMap((duty) => away(duty, absence))),
  ].toSorted((one, other) => one.fromMs - other.fromMs || one.toMs - other.toMs);
};
