import type { EffectiveDated, Version } from '#kernel';
import {
  DAY_MS,
  dayNumber,
  dayOf,
  hoursOn,
  isoDate,
  knownZone,
  weekdayOf,
  type DayNumber,
  type Hours,
  type Zone,
} from '#domain/local-time';
import type { BusinessCalendar } from './business-calendar.js';

/**
 * A stretch of time in which a calendar counts, or does not, and why. Instants are milliseconds since 1970-01-01T00:00:00Z; `to` is
 * exclusive. `dayMs` is how long the working day is that it lies in: an eighth of an eight-hour day is an eighth of a working day.
 */
export type Stretch = Readonly<{ fromMs: number; toMs: number; counts: boolean; dayMs: number; why: string; version: number }>;

/** What is measured: time as it passes, working time, or working days (a day off is none, a short day is a whole one). */
export const MEASURES = ['elapsed', 'business', 'business-days'] as const;
export type Measure = (typeof MEASURES)[number];

type Day = Readonly<{ startMs: number; endMs: number; stretches: readonly Omit<Stretch, 'version'>[] }>;

/** Nothing that is waited for takes longer: 20 years, in days. A calendar that has run out of working days says so. */
const HORIZON_DAYS = 7_305;

/** Days that are kept worked out, of each version. */
const REMEMBERED_DAYS = 4_096;

/** The days of one version of a calendar, each worked out once. */
class Days {
  readonly #days = new Map<DayNumber, Day>();
  readonly #exceptions: ReadonlyMap<DayNumber, Readonly<{ hours: readonly Hours[]; reason: string }>>;
  readonly #holidays: ReadonlyMap<DayNumber, string>;
  readonly zone: Zone;

  constructor(private readonly calendar: BusinessCalendar) {
    const zone = knownZone(calendar.timeZone);
    this.zone = zone;
    this.#exceptions = new Map(calendar.exceptions.map((exception) => [dayNumber(exception.date) as DayNumber, exception]));
    this.#holidays = new Map(calendar.holidays.map(({ date, name }) => [dayNumber(date) as DayNumber, name]));
  }

  on(number: DayNumber): Day {
    let day = this.#days.get(number);
    if (!day) {
      if (this.#days.size >= REMEMBERED_DAYS) this.#days.clear();
      this.#days.set(number, (day = this.#workedOut(number)));
    }
    return day;
  }

  /** The hours of a day, and the calendar entry that gives them. */
  #hoursOn(number: DayNumber): { hours: readonly Hours[]; entry: string } {
    const exception = this.#exceptions.get(number);
    if (exception) return { hours: exception.hours, entry: `${isoDate(number)}: ${exception.reason}` };
    const holiday = this.#holidays.get(number);
    if (holiday !== undefined) return { hours: [], entry: `holiday: ${holiday}` };
    const weekday = weekdayOf(number);
    return { hours: this.calendar.week[weekday], entry: weekday };
  }

  #workedOut(number: DayNumber): Day {
    const [startMs, endMs] = [this.zone.instantOf(number * DAY_MS), this.zone.instantOf((number + 1) * DAY_MS)];
    const { hours, entry } = this.#hoursOn(number);
    const working = hoursOn(this.zone, number, hours);
    const dayMs = working.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    const off =
      hours.length === 0 ? (entry === weekdayOf(number) ? `${entry}: no working day` : entry) : `outside working hours (${entry})`;

    const stretches: Omit<Stretch, 'version'>[] = [];
    let at = startMs;
    for (const { fromMs, toMs } of working) {
      if (fromMs > at) stretches.push({ fromMs: at, toMs: fromMs, counts: false, dayMs, why: off });
      stretches.push({ fromMs, toMs, counts: true, dayMs, why: `working hours (${entry})` });
      at = toMs;
    }
    if (endMs > at) stretches.push({ fromMs: at, toMs: endMs, counts: false, dayMs, why: off });
    return { startMs, endMs, stretches };
  }
}

/** The days of a version, and from when on they hold. */
type VersionDays = Readonly<{ fromMs: number; version: number; days: Days }>;

/** How much of a measure a stretch holds per millisecond. */
const rateOf = (measure: Measure, { counts, dayMs }: Stretch): number => {
  switch (measure) {
    case 'elapsed':
      return 1;
    case 'business':
      return counts ? 1 : 0;
    case 'business-days':
      return counts ? 1 / dayMs : 0;
    default:
      return measure satisfies never;
  }
};

/** What is measured where no calendar is: only time as it passes means anything by it. */
const NO_CALENDAR: BusinessCalendar = {
  name: 'none',
  timeZone: 'UTC',
  week: { monday: [], tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [], sunday: [] },
  exceptions: [],
  holidays: [],
};

/**
 * Measures time by a calendar, through all of its versions: each holds from its instant on, and the first one before that too, for clocks
 * that start retroactively. Days are worked out once and kept; a measurement costs a few steps for each day that it passes.
 */
export class WorkingTime {
  readonly #versions: readonly VersionDays[];

  /** @throws RangeError for a calendar that has no version */
  constructor({ versions }: Pick<EffectiveDated<BusinessCalendar>, 'versions'>) {
    if (versions.length === 0) throw new RangeError('Time cannot be measured by a calendar that is not defined');
    this.#versions = versions.map(({ version, effectiveFrom, definition }: Version<BusinessCalendar>, n) => ({
      fromMs: n === 0 ? -Infinity : Date.parse(effectiveFrom),
      version,
      days: new Days(definition),
    }));
  }

  /** The time between two instants in stretches, in order and without gaps; without an end, for as long as somebody asks. */
  *stretches(fromMs: number, toMs = Infinity): Generator<Stretch> {
    for (let n = 0; n < this.#versions.length; n++) {
      const { fromMs: since, version, days } = this.#versions[n] as VersionDays;
      const until = this.#versions[n + 1]?.fromMs ?? Infinity;
      let at = Math.max(fromMs, since);
      const end = Math.min(toMs, until);
      while (at < end) {
        const day = days.on(dayOf(days.zone.wallOf(at)));
        for (const stretch of day.stretches) {
          if (stretch.toMs <= at || stretch.fromMs >= end) continue;
          yield { ...stretch, version, fromMs: Math.max(stretch.fromMs, at), toMs: Math.min(stretch.toMs, end) };
        }
        at = Math.max(day.endMs, at + 1);
      }
    }
  }

  /** How much of a measure lies between two instants: milliseconds, or days of `business-days`. 0 where the second is not later. */
  between(measure: Measure, fromMs: number, toMs: number): number {
    if (toMs <= fromMs) return 0;
    if (measure === 'elapsed') return toMs - fromMs;
    let sum = 0;
    for (const stretch of this.stretches(fromMs, toMs)) sum += (stretch.toMs - stretch.fromMs) * rateOf(measure, stretch);
    return sum;
  }

  /**
   * When so much of a measure has passed since an instant, to the millisecond: the first moment at which it has. `undefined` where it does
   * not within 20 years. An amount that is used up already is used up at once.
   */
  after(measure: Measure, fromMs: number, amount: number): number | undefined {
    if (amount <= 0) return fromMs;
    if (measure === 'elapsed') return fromMs + Math.ceil(amount);
    let left = amount;
    for (const stretch of this.stretches(fromMs, fromMs + HORIZON_DAYS * DAY_MS)) {
      const rate = rateOf(measure, stretch);
      const held = (stretch.toMs - stretch.fromMs) * rate;
      // amounts of days are sums of fractions: what is left of them below a thousandth of a millisecond is nothing
      if (rate > 0 && held >= left - rate / 1_000) return stretch.fromMs + Math.round(Math.max(0, left / rate));
      left -= held;
    }
    return undefined;
  }
}

/** Time as it passes, for what needs no calendar. */
export const ELAPSED_TIME = new WorkingTime({
  versions: [{ version: 1, effectiveFrom: '1970-01-01T00:00:00.000Z', definition: NO_CALENDAR }],
});

/** The working time of a calendar; `undefined` where there is none of that id. */
export type WorkingTimes = (calendar: string) => WorkingTime | undefined;

/** Time by a calendar. Without one, and by one that there is not, only elapsed time is counted. */
export const timeBy = (workingTime: WorkingTimes, calendar: string | null): WorkingTime =>
  (calendar === null ? undefined : workingTime(calendar)) ?? ELAPSED_TIME;
