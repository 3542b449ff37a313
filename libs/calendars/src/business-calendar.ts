import { InvalidInput, type FieldFault } from '#kernel';
import { dayNumber, minutesOf, WEEKDAYS, zoneOf, type IsoDate, type Weekday } from '#local-time';

/** Working hours of one day, by the wall clock: from `08:30` to `17:00`; `24:00` is the end of the day. */
export type Hours = Readonly<{ from: string; to: string }>;

/** A day on which the calendar's week does not hold: other hours, or none. */
export type DateException = Readonly<{ date: IsoDate; hours: readonly Hours[]; reason: string }>;

/** A day off, by hand or by an iCalendar feed (RFC 5545), whose name it then carries. */
export type Holiday = Readonly<{ date: IsoDate; name: string; feed?: string }>;

/** When a site works. An exception goes before a holiday, a holiday before the week. */
export type BusinessCalendar = Readonly<{
  name: string;
  /** IANA: whose wall clock the hours are of. */
  timeZone: string;
  /** Hours of each weekday, in order and apart from each other; a weekday without any is no working day. */
  week: Readonly<Record<Weekday, readonly Hours[]>>;
  exceptions: readonly DateException[];
  holidays: readonly Holiday[];
}>;

/** Most of anything in one calendar, and the longest name or reason. */
export const CALENDAR_LIMITS = { hoursPerDay: 12, exceptions: 1_000, holidays: 2_000, nameLength: 200 } as const;

type Unknown = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Unknown => typeof value === 'object' && value !== null && !Array.isArray(value);

const faultOfName = (field: string, value: unknown): FieldFault[] =>
  typeof value === 'string' && value.trim() !== '' && value.length <= CALENDAR_LIMITS.nameLength
    ? []
    : [{ field, message: `is a text of 1 to ${CALENDAR_LIMITS.nameLength} characters` }];

const faultsOfHours = (field: string, value: unknown): FieldFault[] => {
  if (!Array.isArray(value) || value.length > CALENDAR_LIMITS.hoursPerDay) {
    return [{ field, message: `is a list of up to ${CALENDAR_LIMITS.hoursPerDay} intervals, each with from and to` }];
  }
  let before = 0;
  return value.flatMap((hours: unknown, n): FieldFault[] => {
    const [from, to] = isRecord(hours) ? [minutesOf(hours['from']), minutesOf(hours['to'])] : [];
    if (from === undefined || to === undefined)
      return [{ field: `${field}[${n}]`, message: 'is from one time to another, as 08:30 to 17:00' }];
    if (to <= from)
      return [{ field: `${field}[${n}]`, message: 'ends after it begins; over midnight it is two intervals, to 24:00 and from 00:00' }];
    if (from < before) return [{ field: `${field}[${n}]`, message: 'begins where the interval before it ends, or later' }];
    before = to;
    return [];
  });
};

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

const faultsOfWeek = (week: unknown): FieldFault[] => {
  if (!isRecord(week)) return [{ field: 'week', message: `has the hours of ${WEEKDAYS.join(', ')}` }];
  const strangers = Object.keys(week).filter((day) => !WEEKDAYS.includes(day as Weekday));
  const faults = [
    ...strangers.map((day) => ({ field: `week.${day}`, message: `is no weekday: there are ${WEEKDAYS.join(', ')}` })),
    ...WEEKDAYS.flatMap((day) => faultsOfHours(`week.${day}`, week[day] ?? [])),
  ];
  const isEmpty = faults.length === 0 && WEEKDAYS.every((day) => ((week[day] ?? []) as unknown[]).length === 0);
  return isEmpty ? [{ field: 'week', message: 'has hours on at least one weekday: time that never counts never ends' }] : faults;
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
    ...faultsOfWeek(week),
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
  const byWeekday = Object.fromEntries(WEEKDAYS.map((day) => [day, (week as Unknown)[day] ?? []]));
  return structuredClone({ name, timeZone, week: byWeekday, exceptions, holidays }) as BusinessCalendar;
};
