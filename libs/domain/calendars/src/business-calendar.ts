import { optional, readerOf, recordOf, setOf, textOf, type Check, type Fields } from '#kernel';
import {
  calendarDay,
  hoursOfDay,
  hoursOfWeek,
  MOST_HOURS_PER_DAY,
  timeZone,
  wholeWeek,
  type Hours,
  type IsoDate,
  type WeekHours,
} from '#domain/local-time';

/** A day on which the calendar's week does not hold: other hours, or none. */
export type DateException = Readonly<{ date: IsoDate; hours: readonly Hours[]; reason: string }>;

/** A day off, by hand or by an iCalendar feed (RFC 5545), whose name it then carries. */
export type Holiday = Readonly<{ date: IsoDate; name: string; feed?: string }>;

/** When a site works. An exception goes before a holiday, a holiday before the week. */
export type BusinessCalendar = Readonly<{
  name: string;
  /** IANA: whose wall clock the hours are of. */
  timeZone: string;
  /** A weekday without any hours is no working day. */
  week: WeekHours;
  exceptions: readonly DateException[];
  holidays: readonly Holiday[];
}>;

/** Most of anything in one calendar, and the longest name or reason. */
export const CALENDAR_LIMITS = { hoursPerDay: MOST_HOURS_PER_DAY, exceptions: 1_000, holidays: 2_000, nameLength: 200 } as const;

const name = textOf(CALENDAR_LIMITS.nameLength);

/** The days of a calendar on which its week does not hold, each of them once. */
const daysOf = <Day>(fields: Fields<Day>, max: number): Check => setOf(recordOf(fields), { max, by: 'date' });

const read = readerOf<BusinessCalendar>({
  code: 'CALENDAR_INVALID',
  noun: 'calendar',
  fields: {
    name,
    timeZone,
    week: hoursOfWeek,
    exceptions: daysOf<DateException>({ date: calendarDay, hours: hoursOfDay, reason: name }, CALENDAR_LIMITS.exceptions),
    holidays: daysOf<Holiday>({ date: calendarDay, name, feed: optional(name) }, CALENDAR_LIMITS.holidays),
  },
  defaults: { exceptions: [], holidays: [] },
});

/**
 * A calendar from a request or a file. Weekdays that are not named, exceptions and holidays may be left out: then there are none.
 * @throws InvalidInput CALENDAR_INVALID, with every fault
 */
export const parseBusinessCalendar = (input: unknown): BusinessCalendar => {
  const calendar = read(input);
  return { ...calendar, week: wholeWeek(calendar.week) };
};
