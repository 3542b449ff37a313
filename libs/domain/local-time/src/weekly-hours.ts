import { DAY_MINUTES, dayOf, minutesOf, WEEKDAYS, weekdayOf, type Weekday } from './dates.js';
import { DAY_MS, MINUTE_MS, type WallMs, type Zone } from './zone.js';

/** Hours that begin on each of these weekdays. They end at `to` of the same day, or of the next one where `to` is not after `from`. */
export type WeeklyHours = Readonly<{ weekdays: readonly Weekday[]; from: string; to: string }>;

/** How long such hours are on the wall clock, in minutes: a whole day where they end as they begin. */
export const lengthOfHours = ({ from, to }: Pick<WeeklyHours, 'from' | 'to'>): number => {
  const [begin, end] = [minutesOf(from) as number, minutesOf(to) as number];
  return end > begin ? end - begin : end - begin + DAY_MINUTES;
};

/** Whether it is within the hours, and until when that stays so: milliseconds since 1970-01-01T00:00:00Z. */
export type WithinHours = Readonly<{ within: boolean; untilMs: number }>;

/** Hours that come back every week, by the wall clock; some at least. */
export class HoursOfWeek {
  /** On a wall clock that shows 0 at the beginning of Monday, by their beginnings. */
  readonly #intervals: readonly Readonly<{ from: WallMs; to: WallMs }>[];

  constructor(
    hours: readonly WeeklyHours[],
    private readonly zone: Zone,
  ) {
    this.#intervals = hours
      .flatMap((each) =>
        each.weekdays.map((weekday) => {
          const from = WEEKDAYS.indexOf(weekday) * DAY_MS + (minutesOf(each.from) as number) * MINUTE_MS;
          return { from, to: from + lengthOfHours(each) * MINUTE_MS };
        }),
      )
      .toSorted((one, other) => one.from - other.from);
  }

  at(instantMs: number): WithinHours {
    const wall = this.zone.wallOf(instantMs);
    const day = dayOf(wall);
    const monday = (day - WEEKDAYS.indexOf(weekdayOf(day))) * DAY_MS;
    // from the week before on, whose Sunday may reach into this one
    for (let week = monday - 7 * DAY_MS; ; week += 7 * DAY_MS) {
      for (const { from, to } of this.#intervals) {
        if (week + to <= wall) continue; // over
        const [fromMs, toMs] = [this.zone.instantOf(week + from), this.zone.instantOf(week + to)];
        if (toMs <= instantMs || toMs <= fromMs) continue; // over, though the clocks were set back since, or skipped
        return fromMs <= instantMs ? { within: true, untilMs: toMs } : { within: false, untilMs: fromMs };
      }
    }
  }
}
