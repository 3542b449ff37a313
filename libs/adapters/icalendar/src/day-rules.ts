import { DAY_MS, dayOf, WEEKDAYS, weekdayOf, type DayNumber } from '#domain/local-time';
import { faulty } from './fault.js';

/**
 * A recurrence rule (RFC 5545, section 3.3.10) as far as it is about days: all that a rule repeats is at the same time of the day. A date
 * that the calendar does not have is none, as the standard wants it: who was born on 29 February has a birthday every four years.
 */
export type DayRule = Readonly<{
  frequency: Frequency;
  interval: number;
  /** How many days there are, the first one included; `until`: none is later. */
  count: number;
  until: DayNumber;
  /** 0 is Monday. */
  weekStart: number;
  months?: readonly number[];
  monthDays?: readonly number[];
  yearDays?: readonly number[];
  weekdays?: readonly Readonly<{ weekday: number; ordinal: number }>[];
  positions?: readonly number[];
}>;

type Frequency = keyof typeof PERIOD_DAYS;
/** The longest that a period of a frequency can be. */
const PERIOD_DAYS = { YEARLY: 366, MONTHLY: 31, WEEKLY: 7, DAILY: 1 } as const;

const DAY_NAMES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const KNOWN = ['freq', 'interval', 'count', 'until', 'wkst', 'bymonth', 'bymonthday', 'byyearday', 'byday', 'bysetpos'];

/** A rule as jCal has it: one value, or a list of them. */
export type JCalRule = Readonly<Record<string, unknown>>;

const listOf = <Item>(value: unknown): readonly Item[] | undefined =>
  value === undefined ? undefined : ((Array.isArray(value) ? value : [value]) as Item[]);

const ruleWeekdayOf = (field: string, text: string, frequency: Frequency): { weekday: number; ordinal: number } => {
  const [ordinal, weekday] = [Number(text.slice(0, -2)), DAY_NAMES.indexOf(text.slice(-2))];
  if (ordinal !== 0 && frequency !== 'YEARLY' && frequency !== 'MONTHLY') {
    throw faulty(field, `has BYDAY=${text}, which takes FREQ=MONTHLY or YEARLY`);
  }
  return { weekday, ordinal };
};

/**
 * A rule that repeats days. `untilOf` gives the day of UNTIL.
 * @throws InvalidInput ICALENDAR_INVALID for rules of less than a day, and for BYWEEKNO and extensions, which are not read
 */
export const dayRuleOf = (field: string, rule: JCalRule, untilOf: (until: unknown) => DayNumber): DayRule => {
  const frequency = rule['freq'] as Frequency;
  if (!Object.hasOwn(PERIOD_DAYS, frequency)) throw faulty(field, `has FREQ=YEARLY, MONTHLY, WEEKLY or DAILY, not ${String(frequency)}`);
  const stranger = Object.keys(rule).find((part) => rule[part] !== undefined && !KNOWN.includes(part));
  if (stranger !== undefined) throw faulty(field, `has ${stranger.toUpperCase()}, which is not read for days`);
  const weekStart = rule['wkst'] as number | undefined;
  const parts = {
    months: listOf<number>(rule['bymonth']),
    monthDays: listOf<number>(rule['bymonthday']),
    yearDays: listOf<number>(rule['byyearday']),
    weekdays: listOf<string>(rule['byday'])?.map((text) => ruleWeekdayOf(field, text, frequency)),
    positions: listOf<number>(rule['bysetpos']),
  };
  return {
    frequency,
    interval: (rule['interval'] as number | undefined) ?? 1,
    count: (rule['count'] as number | undefined) ?? Infinity,
    until: rule['until'] === undefined ? Infinity : untilOf(rule['until']),
    weekStart: weekStart === undefined ? 0 : (weekStart + 5) % 7, // jCal's 1 is Sunday
    ...Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)),
  };
};

/** A day, and its place in its month, its year and its week. */
type Place = Readonly<{
  day: DayNumber;
  month: number;
  monthDay: number;
  monthDays: number;
  yearDay: number;
  yearDays: number;
  weekday: number;
}>;

const dayOn = (year: number, month: number, day: number): DayNumber => dayOf(Date.UTC(year, month - 1, day));

const yearAndMonth = (day: DayNumber): readonly [year: number, month: number] => {
  const date = new Date(day * DAY_MS);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1];
};

const placeOf = (day: DayNumber): Place => {
  const [year, month] = yearAndMonth(day);
  const [yearStart, monthStart] = [dayOn(year, 1, 1), dayOn(year, month, 1)];
  return {
    day,
    month,
    monthDay: day - monthStart + 1,
    monthDays: dayOn(year, month + 1, 1) - monthStart,
    yearDay: day - yearStart + 1,
    yearDays: dayOn(year + 1, 1, 1) - yearStart,
    weekday: WEEKDAYS.indexOf(weekdayOf(day)),
  };
};

const nextPlace = (place: Place): Place => {
  const { day, monthDay, monthDays, yearDay, weekday } = place;
  if (monthDay === monthDays) return placeOf(day + 1);
  return { ...place, day: day + 1, monthDay: monthDay + 1, yearDay: yearDay + 1, weekday: (weekday + 1) % 7 };
};

const nextMonth = ({ day, monthDay, monthDays }: Place): Place => placeOf(day - monthDay + monthDays + 1);

/** Counted from the beginning, or, below 0, from the end: -1 is the last. */
const isAt = (ordinal: number, place: number, length: number): boolean => (ordinal < 0 ? length + ordinal + 1 : ordinal) === place;

/** The rule, where DTSTART says what it does not: which day of its period is meant. */
const completed = (rule: DayRule, start: Place): DayRule => {
  const { frequency, months, monthDays, yearDays, weekdays } = rule;
  if (frequency === 'WEEKLY' && !weekdays) return { ...rule, weekdays: [{ weekday: start.weekday, ordinal: 0 }] };
  if (frequency === 'MONTHLY' && !monthDays && !weekdays) return { ...rule, monthDays: [start.monthDay] };
  if (frequency !== 'YEARLY' || monthDays || yearDays || weekdays) return rule;
  return { ...rule, months: months ?? [start.month], monthDays: [start.monthDay] };
};

/** Whether a day of one of the rule's months is meant. */
const matches = ({ frequency, months, monthDays, yearDays, weekdays }: DayRule, place: Place): boolean => {
  const isInMonth = frequency === 'MONTHLY' || months !== undefined;
  const [among, length] = isInMonth ? [place.monthDay, place.monthDays] : [place.yearDay, place.yearDays];
  const isNth = (ordinal: number) =>
    ordinal < 0 ? Math.ceil((length - among + 1) / 7) === -ordinal : ordinal === 0 || Math.ceil(among / 7) === ordinal;
  return (
    (!monthDays || monthDays.some((each) => isAt(each, place.monthDay, place.monthDays))) &&
    (!yearDays || yearDays.some((each) => isAt(each, place.yearDay, place.yearDays))) &&
    (!weekdays || weekdays.some(({ weekday, ordinal }) => weekday === place.weekday && isNth(ordinal)))
  );
};

type Days = Readonly<{ first: DayNumber; behind: DayNumber }>;

/** The days of a rule's nth period, counted from the one that DTSTART lies in. */
const periodOf = ({ frequency, interval, weekStart }: DayRule, start: DayNumber, n: number): Days => {
  const [year, month] = yearAndMonth(start);
  switch (frequency) {
    case 'YEARLY':
      return { first: dayOn(year + n * interval, 1, 1), behind: dayOn(year + n * interval + 1, 1, 1) };
    case 'MONTHLY':
      return { first: dayOn(year, month + n * interval, 1), behind: dayOn(year, month + n * interval + 1, 1) };
    case 'WEEKLY': {
      const first = start - ((placeOf(start).weekday - weekStart + 7) % 7) + 7 * n * interval;
      return { first, behind: first + 7 };
    }
    case 'DAILY':
      return { first: start + n * interval, behind: start + n * interval + 1 };
    default:
      return frequency satisfies never;
  }
};

/** Called for each day that is looked at; throws to end the work where they are too many. */
export type Effort = () => void;

/** The days of one period that a rule means, in order. */
const daysIn = (rule: DayRule, { first, behind }: Days, effort: Effort): readonly DayNumber[] => {
  const { months, positions } = rule;
  const days: DayNumber[] = [];
  for (let place = placeOf(first); place.day < behind;) {
    effort();
    const isInMonth = !months || months.includes(place.month);
    if (isInMonth && matches(rule, place)) days.push(place.day);
    place = isInMonth ? nextPlace(place) : nextMonth(place);
  }
  return positions ? days.filter((_, n) => positions.some((each) => isAt(each, n + 1, days.length))) : days;
};

/**
 * The days of a rule up to `last`: its first day, whatever the rule says of it, and all that follow. Without COUNT, those before `from` are
 * not worked out.
 */
export function* recurringDays(given: DayRule, start: DayNumber, from: DayNumber, last: DayNumber, effort: Effort): Generator<DayNumber> {
  const rule = completed(given, placeOf(start));
  const end = Math.min(last, rule.until);
  const skipped = rule.count === Infinity ? Math.floor((from - start) / (PERIOD_DAYS[rule.frequency] * rule.interval)) : 0;
  let count = 1;
  yield start;
  for (let n = Math.max(0, skipped); ; n++) {
    const period = periodOf(rule, start, n);
    if (!(period.first <= end)) return;
    for (const day of daysIn(rule, period, effort)) {
      if (day <= start) continue;
      if (day > end || ++count > rule.count) return;
      yield day;
    }
  }
}
