import { InvalidInput, type FieldFault } from '#kernel';
import {
  dayNumber,
  faultsOfHours,
  faultsOfWeek,
  MOST_HOURS_PER_DAY,
  wholeWeek,
  zoneOf,
  type Hours,
  type IsoDate,
  type WeekHours,
} from '#local-time';

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

type Unknown = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Unknown => typeof value === 'object' && value !== null && !Array.isArray(value);

const faultOfName = (field: string, value: unknown): FieldFault[] =>
  typeof value === 'string' && value.trim() !== '' && value.length <= CALENDAR_LIMITS.nameLength
    ? []
    : [{ field, message: `is a text of 1 to ${CALENDAR_LIMITS.nameLength} characters` }];

const faultsOfDates = (
  field: string,
  value: unknown,
  most: number,
  faultsOf: (item: Unknown, at: string) => FieldFault[],
): FieldFault[] => {
  if (!Array.isArray(value) || value.length > most) return [{ field, message: `is a list of up to ${most}` }];
  const seen = new Set<unknown>();
  return value.flatMap((item: unknown, n): FieldFault[] => {
    const at = `${field}[${n}]`;
    if (!isRecord(item)) return [{ field: at, message: 'has a date' }];
    const { date } = item;
    if (dayNumber(date) === undefined) return [{ field: `${at}.date`, message: 'is a day of the calendar, as 2026-12-25' }];
    const repeated = seen.has(date) ? [{ field: `${at}.date`, message: `repeats ${String(date)}` }] : [];
    seen.add(date);
    return [...repeated, ...faultsOf(item, at)];
  });
};

const KNOWN = ['name', 'timeZone', 'week', 'exceptions', 'holidays'];

/**
 * A calendar from a request or a file. Weekdays that are not named, exceptions and holidays may be left out: then there are none.
 * @throws InvalidInput CALENDAR_INVALID, with every fault
 */
export const parseBusinessCalendar = (input: unknown): BusinessCalendar => {
  const given = isRecord(input) ? input : {};
  const { name, timeZone, week, exceptions = [], holidays = [] } = given;
  const faults: FieldFault[] = [
    ...Object.keys(given)
      .filter((field) => !KNOWN.includes(field))
      .map((field) => ({ field, message: `is not known here: there is ${KNOWN.join(', ')}` })),
    ...faultOfName('name', name),
    ...(typeof timeZone === 'string' && zoneOf(timeZone) ? [] : [{ field: 'timeZone', message: 'is an IANA time zone, as Europe/Berlin' }]),
    ...faultsOfWeek('week', week),
    ...faultsOfDates('exceptions', exceptions, CALENDAR_LIMITS.exceptions, ({ hours, reason }, at) => [
      ...faultsOfHours(`${at}.hours`, hours),
      ...faultOfName(`${at}.reason`, reason),
    ]),
    ...faultsOfDates('holidays', holidays, CALENDAR_LIMITS.holidays, ({ name: holiday, feed }, at) => [
      ...faultOfName(`${at}.name`, holiday),
      ...(feed === undefined ? [] : faultOfName(`${at}.feed`, feed)),
    ]),
  ];
  if (faults.length > 0) {
    throw new InvalidInput(
      'CALENDAR_INVALID',
      `This is no calendar: ${faults.map(({ field, message }) => `${field} ${message}`).join('; ')}`,
      faults,
    );
  }
  return structuredClone({ name, timeZone, week: wholeWeek(week as Partial<WeekHours>), exceptions, holidays }) as BusinessCalendar;
};
