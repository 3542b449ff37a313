import ICAL from 'ical.js';
import { InvalidInput, type FieldFault } from '#kernel';
import { DAY_MS, dayNumber, dayOf, isoDate, MINUTE_MS, type DayNumber, type IsoDate, type WallMs } from '#domain/local-time';
import { dayRuleOf, recurringDays, type Effort, type JCalRule } from './day-rules.js';
import { faulty, shown } from './fault.js';
import { parseCalendars, type Calendar, type Component, type Property } from './jcal.js';
import { readingOf, readingsOf, wallIn, type Reading } from './readings.js';

/** A day off, and the feed that says so. */
export type FeedHoliday = Readonly<{ date: IsoDate; name: string; feed: string }>;

/** Which days are asked for, both included, and what the feed is called. */
export type HolidayRequest = Readonly<{ feed: string; from: IsoDate; to: IsoDate }>;

/**
 * How much of a feed is read: its size, how many days off it gives, how long their names are, and how many days are looked at: those that
 * events cover, and those that a rule may mean (of each year, a birthday may be any day of its month).
 */
export const HOLIDAY_FEED_LIMITS = { sizeBytes: 1_048_576, holidays: 2_000, nameLength: 200, daysLookedAt: 300_000 } as const;

type Window = Readonly<{ first: DayNumber; last: DayNumber }>;

/** An event's time: when it begins, on the clock it is told by, and which whole days it covers, counted from the day it begins on. */
type Span = Readonly<{ start: Reading; firstDay: number; behindLastDay: number }>;

const windowOf = ({ from, to }: HolidayRequest): Window => {
  const [first, last] = [dayNumber(from), dayNumber(to)];
  const refuse = ({ field, message }: FieldFault) =>
    new InvalidInput('HOLIDAY_WINDOW_INVALID', `${field} ${message}`, [{ field, message }]);
  if (first === undefined) throw refuse({ field: 'from', message: 'is a day of the calendar, as 2026-01-01' });
  if (last === undefined || last < first) throw refuse({ field: 'to', message: `is a day of the calendar that is not before ${from}` });
  return { first, last };
};

/** The one effort of reading a feed. */
const effortOf = (): Effort => {
  const { daysLookedAt } = HOLIDAY_FEED_LIMITS;
  let looked = 0;
  return () => {
    if (++looked > daysLookedAt)
      throw faulty('VEVENT', `repeat so often, or last so long, that more than ${daysLookedAt} days had to be looked at`);
  };
};

const durationMs = ({ field, values: [value] }: Property): number => {
  try {
    return ICAL.Duration.fromString(String(value)).toSeconds() * 1_000;
  } catch {
    throw faulty(field, `is no duration, as P1D: ${shown(String(value))}`);
  }
};

/** When an event begins; what is told in UTC is meant on the calendar's own clock, where it names one. */
const startOf = (event: Component, { calendar }: Calendar): Reading => {
  const property = event.first('dtstart');
  if (!property) throw faulty(event.field, 'has no DTSTART');
  const start = readingOf(property, property.values[0]);
  const zone = calendar.text('x-wr-timezone');
  return start.zone === 'UTC' && zone !== undefined ? { wall: wallIn(zone, start), isDate: false, zone } : start;
};

/** When an event ends. Whole days without an end, or with one that is not behind their beginning, as many write it, are one day. */
const endOf = (event: Component, start: Reading): WallMs => {
  const [dtend, duration] = [event.first('dtend'), event.first('duration')];
  const lengthMs = duration ? durationMs(duration) : 0;
  const end = dtend ? wallIn(start.zone, readingOf(dtend, dtend.values[0])) : start.wall + lengthMs;
  return start.isDate && end <= start.wall ? start.wall + DAY_MS : end;
};

const spanOf = (event: Component, calendar: Calendar): Span => {
  const start = startOf(event, calendar);
  const day = dayOf(start.wall);
  // many end a day at 23:59 or 23:59:59, and mean its end
  const end = endOf(event, start) + MINUTE_MS;
  return { start, firstDay: Math.ceil(start.wall / DAY_MS) - day, behindLastDay: dayOf(end) - day };
};

/** The days on which an event begins, as far as they matter in the window. */
const daysOf = (event: Component, { start, firstDay, behindLastDay }: Span, window: Window, effort: Effort): ReadonlySet<DayNumber> => {
  const day = dayOf(start.wall);
  const dayIn = (reading: Reading): DayNumber => dayOf(wallIn(start.zone, reading));
  const timeOfDay: WallMs = start.wall - day * DAY_MS;
  const [from, last] = [window.first - behindLastDay, window.last - firstDay];

  const days = new Set<DayNumber>([day]);
  for (const { field, parameters, values } of event.all('rrule')) {
    const untilOf = (value: unknown): DayNumber => {
      const until = readingOf({ field, parameters }, value);
      return until.isDate ? dayOf(until.wall) : dayOf(wallIn(start.zone, until) - timeOfDay);
    };
    const rule = dayRuleOf(field, values[0] as JCalRule, untilOf);
    for (const each of recurringDays(rule, day, from, last, effort)) days.add(each);
  }
  for (const property of event.all('rdate')) for (const reading of readingsOf(property)) days.add(dayIn(reading));
  for (const property of event.all('exdate')) for (const reading of readingsOf(property)) days.delete(dayIn(reading));
  return days;
};

/** Which occurrence of its series an event stands for, as a day. */
const replacedDay = (event: Component, { start }: Span): DayNumber | undefined => {
  const property = event.first('recurrence-id');
  if (!property) return undefined;
  if (property.parameters['range'] !== undefined)
    throw faulty(property.field, 'has a RANGE, which is not read: give each event of its own');
  return dayOf(wallIn(start.zone, readingOf(property, property.values[0])));
};

const isCancelled = (event: Component): boolean => event.text('status')?.toUpperCase() === 'CANCELLED';

/** A name in one line, as long as it may be. */
const nameFrom = (text: string): string => {
  const name = text.replaceAll(/\s+/g, ' ');
  return name.length > HOLIDAY_FEED_LIMITS.nameLength ? `${name.slice(0, HOLIDAY_FEED_LIMITS.nameLength - 1)}…` : name;
};

/** The names of days off, by day; what is said twice is one. */
class DaysOff {
  readonly #names = new Map<DayNumber, Set<string>>();

  constructor(
    private readonly window: Window,
    private readonly effort: Effort,
  ) {}

  /** The whole days of an occurrence that begins on a day. */
  add(day: DayNumber, { firstDay, behindLastDay }: Span, name: string): void {
    const end = Math.min(day + behindLastDay, this.window.last + 1);
    for (let each = Math.max(day + firstDay, this.window.first); each < end; each++) {
      this.effort();
      const names = this.#names.get(each) ?? new Set<string>();
      this.#names.set(each, names.add(name));
      if (this.#names.size > HOLIDAY_FEED_LIMITS.holidays) {
        throw faulty('VEVENT', `give more than ${HOLIDAY_FEED_LIMITS.holidays} days off: ask for fewer years`);
      }
    }
  }

  list(feed: string): FeedHoliday[] {
    const days = [...this.#names].toSorted(([one], [other]) => one - other);
    return days.map(([day, names]) => ({ date: isoDate(day), name: nameFrom([...names].join(' / ')), feed }));
  }
}

/**
 * The days off that an iCalendar feed (RFC 5545) gives: of every event that lasts whole days, also of those that repeat. An event with
 * times counts for the days that it covers from midnight to midnight, by the clock it is told by; cancelled ones do not count. A day is
 * given once, with the names of all its events. The text is read only: nothing that it refers to is fetched.
 * @throws InvalidInput ICALENDAR_INVALID: it is no iCalendar, too large, gives too many days, or has what cannot be read right;
 * HOLIDAY_WINDOW_INVALID
 */
export const readHolidays = (ics: string, request: HolidayRequest): FeedHoliday[] => {
  const window = windowOf(request);
  if (Buffer.byteLength(ics) > HOLIDAY_FEED_LIMITS.sizeBytes) {
    throw faulty('text', `is larger than ${HOLIDAY_FEED_LIMITS.sizeBytes} bytes`);
  }
  const effort = effortOf();
  const daysOff = new DaysOff(window, effort);
  for (const calendar of parseCalendars(ics)) {
    const events = calendar.events.map((event) => {
      const span = spanOf(event, calendar);
      return { event, span, uid: event.text('uid') ?? '', replaced: replacedDay(event, span) };
    });
    const replacedDays = new Set(events.map(({ uid, replaced }) => `${replaced} ${uid}`));
    for (const { event, span, uid, replaced } of events) {
      if (isCancelled(event)) continue;
      const name = nameFrom(event.text('summary') ?? request.feed);
      if (replaced !== undefined) {
        daysOff.add(dayOf(span.start.wall), span, name);
        continue;
      }
      for (const day of daysOf(event, span, window, effort)) {
        if (!replacedDays.has(`${day} ${uid}`)) daysOff.add(day, span, name);
      }
    }
  }
  return daysOff.list(request.feed);
};
