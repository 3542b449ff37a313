import { andThen, eachOf, isRecord, listOf, optional, orNull, recordOf, type Check, type FieldFault } from '#kernel';
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

const hours: Check = (value, field) => {
  const [from, to] = isRecord(value) && Object.keys(value).length === 2 ? [minutesOf(value['from']), minutesOf(value['to'])] : [];
  if (from === undefined || to === undefined) return [{ field, message: 'is from one time to another, as 08:30 to 17:00' }];
  if (to <= from) return [{ field, message: 'ends after it begins; over midnight it is two intervals, to 24:00 and from 00:00' }];
  return [];
};

const faultsOfOrder = (day: readonly Hours[], field: string): FieldFault[] =>
  day.flatMap(({ from }, n) => {
    const before = n === 0 ? 0 : (minutesOf(day[n - 1]?.to) as number);
    return (minutesOf(from) as number) < before
      ? [{ field: `${field}[${n}]`, message: 'begins where the interval before it ends, or later' }]
      : [];
  });

/** The hours of one day, read from outside. */
export const hoursOfDay: Check = andThen(listOf(hours, { max: MOST_HOURS_PER_DAY }), faultsOfOrder);

/** The hours of a week, read from outside. A weekday that is not named has none; all of them cannot: what is waited for would never come. */
export const hoursOfWeek: Check = andThen(
  recordOf<Partial<WeekHours>>(eachOf(WEEKDAYS, optional(orNull(hoursOfDay)))),
  (week: Partial<WeekHours>, field) =>
    WEEKDAYS.some((day) => (week[day] ?? []).length > 0)
      ? []
      : [{ field, message: 'has hours on at least one weekday: time that never counts never ends' }],
);

/** A week with all of its days: none of the hours on those that were not named. */
export const wholeWeek = (week: Partial<WeekHours>): WeekHours =>
  Object.fromEntries(WEEKDAYS.map((day) => [day, week[day] ?? []])) as unknown as WeekHours;
