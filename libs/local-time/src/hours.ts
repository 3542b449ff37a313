import { minutesOf, WEEKDAYS, type DayNumber, type Weekday } from './dates.js';
import { DAY_MS, MINUTE_MS, type Zone } from './zone.js';

/** A part of a day by the wall clock: from `08:30` to `17:00`; `24:00` is the end of the day. */
export type Hours = Readonly<{ from: string; to: string }>;

/** Hours of each weekday, in order and apart from each other. */
export type WeekHours = Readonly<Record<Weekday, readonly Hours[]>>;

/** Most parts of one day. */
export const MOST_HOURS_PER_DAY = 12;

/** Hours of a day as instants, in milliseconds since 1970-01-01T00:00:00Z; `toMs` is exclusive. What the clocks skip is not there. */
export const hoursOn = (zone: Zone, day: DayNumber, hours: readonly Hours[]): Readonly<{ fromMs: number; toMs: number }>[] => {
  const instant = (time: string) => zone.instantOf(day * DAY_MS + (minutesOf(time) as number) * MINUTE_MS);
  return hours.map(({ from, to }) => ({ fromMs: instant(from), toMs: instant(to) })).filter(({ fromMs, toMs }) => toMs > fromMs);
};

type Fault = Readonly<{ field: string; message: string }>;
type Unknown = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Unknown => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with the hours of one day; nothing where they are right. */
export const faultsOfHours = (field: string, value: unknown): Fault[] => {
  if (!Array.isArray(value) || value.length > MOST_HOURS_PER_DAY) {
    return [{ field, message: `is a list of up to ${MOST_HOURS_PER_DAY} intervals, each with from and to` }];
  }
  let before = 0;
  return value.flatMap((hours: unknown, n): Fault[] => {
    const [from, to] = isRecord(hours) && Object.keys(hours).length === 2 ? [minutesOf(hours['from']), minutesOf(hours['to'])] : [];
    if (from === undefined || to === undefined)
      return [{ field: `${field}[${n}]`, message: 'is from one time to another, as 08:30 to 17:00' }];
    if (to <= from)
      return [{ field: `${field}[${n}]`, message: 'ends after it begins; over midnight it is two intervals, to 24:00 and from 00:00' }];
    if (from < before) return [{ field: `${field}[${n}]`, message: 'begins where the interval before it ends, or later' }];
    before = to;
    return [];
  });
};

/** What is wrong with the hours of a week. A weekday that is not named has none; all of them cannot: what is waited for would never come. */
export const faultsOfWeek = (field: string, week: unknown): Fault[] => {
  if (!isRecord(week)) return [{ field, message: `has the hours of ${WEEKDAYS.join(', ')}` }];
  const strangers = Object.keys(week).filter((day) => !WEEKDAYS.includes(day as Weekday));
  const faults = [
    ...strangers.map((day) => ({ field: `${field}.${day}`, message: `is no weekday: there are ${WEEKDAYS.join(', ')}` })),
    ...WEEKDAYS.flatMap((day) => faultsOfHours(`${field}.${day}`, week[day] ?? [])),
  ];
  const isEmpty = faults.length === 0 && WEEKDAYS.every((day) => ((week[day] ?? []) as unknown[]).length === 0);
  return isEmpty ? [{ field, message: 'has hours on at least one weekday: time that never counts never ends' }] : faults;
};

/** A week with all of its days: none of the hours on those that were not named. */
export const wholeWeek = (week: Partial<WeekHours>): WeekHours =>
  Object.fromEntries(WEEKDAYS.map((day) => [day, week[day] ?? []])) as unknown as WeekHours;
