import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Stretch } from '#domain/calendars';
import type { Page } from '#kernel';
import type { Found } from '../http/page-answer.js';
import { pageOfAll } from '../http/page-of-all.js';
import { periodOf, type Period } from '../http/period.js';
import { InstantParameter, ListDto } from '../http/query-fields.js';
import { Views } from '../queries/views.js';
import { CalendarReader } from './calendar-reader.js';

/** How many days are measured where nothing is said, and at most. */
const DAYS = { days: 7, mostDays: 366 } as const;

export class GetWorkingTimeDto extends ListDto {
  @InstantParameter('From this instant; from now on, when nothing is said.')
  from?: string;

  @InstantParameter(`To this one; ${DAYS.days} days after \`from\`, when nothing is said, and at most ${DAYS.mostDays}.`)
  to?: string;
}

/** A stretch of time in which a calendar counts, or does not, and the version and entry of it that says so. */
export type ShownStretch = Period & Readonly<{ counts: boolean; version: number; why: string }>;

/** How much time lies between two instants, of each kind; the page is of its stretches. */
export type MeasuredTime = Page<ShownStretch> &
  Period &
  Readonly<{ elapsedSeconds: number; businessSeconds: number; businessDays: number }>;

/** The working time between two instants. */
export class GetWorkingTime extends Query<Found<MeasuredTime>> {
  constructor(
    readonly id: string,
    readonly asked: GetWorkingTimeDto,
    /** ISO 8601, UTC. */
    readonly now: string,
  ) {
    super();
  }
}

const MS_PER_SECOND = 1_000;

const shown = ({ fromMs, toMs, counts, version, why }: Stretch): ShownStretch => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
  counts,
  version,
  why,
});

@QueryHandler(GetWorkingTime)
export class GetWorkingTimeHandler implements IQueryHandler<GetWorkingTime> {
  constructor(
    private readonly reader: CalendarReader,
    private readonly views: Views,
  ) {}

  /** @throws NotFound DEFINITION_NOT_FOUND; InvalidInput PERIOD_INVALID, CURSOR_INVALID */
  async execute({ id, asked, now }: GetWorkingTime): Promise<Found<MeasuredTime>> {
    const period = periodOf(asked, { now, ...DAYS });
    const { time, position } = await this.reader.one(id);
    const between = [Date.parse(period.from), Date.parse(period.to)] as const;
    const stretches = Array.from(time.stretches(...between), shown);
    return {
      value: {
        ...period,
        elapsedSeconds: time.between('elapsed', ...between) / MS_PER_SECOND,
        businessSeconds: time.between('business', ...between) / MS_PER_SECOND,
        // a sum of fractions of days
        businessDays: Number(time.between('business-days', ...between).toFixed(6)),
        ...pageOfAll({ from: 1 }, stretches, this.views.pageRequest(asked)),
      },
      position,
    };
  }
}
