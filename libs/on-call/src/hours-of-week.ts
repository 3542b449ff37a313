import { DAY_MS, dayOf, MINUTE_MS, minutesOf, WEEKDAYS, weekdayOf, type WallMs, type Zone } from '#local-time';
import type { WeeklyHours } from './on-call-schedule.js';

/** Whether it is within the hours, and until when that stays so: milliseconds since 1970-01-01T00:00:00Z. */
export type WithinHours = Readonly<{ within: boolean; untilMs: number }>;

/** Hours that come back every week, by the wall clock. */
export class HoursOfWeek {
  /** On a wall clock that shows 0 at the beginning of Monday, by their beginnings. */
  readonly #intervals: readonly Readonly<{ from: WallMs; to: WallMs }>[];

  constructor(
    hours: readonly WeeklyHours[],
    private readonly zone: Zone,
  ) {
    this.#intervals = hours
      .flatMap(({ weekdays, from, to }) => {
        const [begin, end] = [minutesOf(from) as number, minutesOf(to) as number];
        const lengthMs = (end > begin ? end - begin : end - begin + 1_440) * MINUTE_MS;
        return weekdays.map((weekday) => {
          const at = WEEKDAYS.indexOf(weekday) * DAY_MS + begin * MINUTE_MS;
          return { from: at, to: at + lengthMs };
        });
      })
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
