import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Page } from '#kernel';
import { shifts, type KnownSchedule } from '#on-call';
import type { Found } from '../http/page-answer.js';
import { pageOfAll } from '../http/page-of-all.js';
import { periodOf, type Period } from '../http/period.js';
import { InstantParameter, ListDto } from '../http/query-fields.js';
import { Views } from '../queries/views.js';
import { ScheduleReader } from './schedules.js';
import { shownShift, type ShownShift } from './shown-shift.js';

/** How many days of shifts are shown where nothing is said, and at most. */
const DAYS = { days: 28, mostDays: 366 } as const;

export class GetShiftsDto extends ListDto {
  @InstantParameter('Shifts that reach beyond then; now, when nothing is said.')
  from?: string;

  @InstantParameter(`and begin before; ${DAYS.days} days after \`from\`, when nothing is said, and at most ${DAYS.mostDays}.`)
  to?: string;
}

/** Whose shifts are asked for. */
export type ShiftsOf = Readonly<{ schedule: string }> | Readonly<{ person: string }>;

/** The shifts of a schedule, or of a person. */
export class GetShifts extends Query<Found<Page<ShownShift>>> {
  constructor(
    readonly of: ShiftsOf,
    readonly asked: GetShiftsDto,
    /** ISO 8601, UTC. */
    readonly now: string,
  ) {
    super();
  }
}

const ORDER = { from: 1, schedule: 1 } as const;

const inOrder = (one: ShownShift, other: ShownShift): number =>
  one.from < other.from ? -1 : one.from > other.from ? 1 : one.schedule < other.schedule ? -1 : 1;

const shiftsIn = (schedule: KnownSchedule, { from, to }: Period): ShownShift[] =>
  [...shifts(schedule.timeline, Date.parse(from), Date.parse(to))].map((shift) => shownShift(schedule, shift));

@QueryHandler(GetShifts)
export class GetShiftsHandler implements IQueryHandler<GetShifts> {
  constructor(
    private readonly reader: ScheduleReader,
    private readonly views: Views,
  ) {}

  /**
   * Costs the whole period, whichever page of it is shown.
   * @throws InvalidInput PERIOD_INVALID, CURSOR_INVALID; NotFound DEFINITION_NOT_FOUND, PERSON_NOT_FOUND
   */
  async execute({ of, asked, now }: GetShifts): Promise<Found<Page<ShownShift>>> {
    const period = periodOf(asked, { now, ...DAYS });
    const { schedules, position } = await ('schedule' in of ? this.reader.those([of.schedule]) : this.reader.of(of.person));
    const found = schedules
      .flatMap((schedule) => shiftsIn(schedule, period))
      .filter(({ person }) => !('person' in of) || person === of.person)
      .sort(inOrder);
    return { value: pageOfAll(ORDER, found, this.views.pageRequest(asked)), position };
  }
}
