import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { versionAt, type Page } from '#kernel';
import { onCallAt, type KnownSchedule } from '#domain/on-call';
import type { Found } from '../http/page-answer.js';
import { pageOfAll } from '../http/page-of-all.js';
import { InstantParameter, ListDto, TextParameter } from '../http/query-fields.js';
import { Views } from '../queries/views.js';
import { ScheduleReader } from './schedules.js';
import { shownShift, type ShownShift } from './shown-shift.js';

/** Ids of schedules, separated by commas, are no longer than this, in characters. */
const LIST_LENGTH = 2_000;

export const SchedulesParameter = () =>
  TextParameter('Of these schedules alone: their ids, comma-separated; all when nothing is said.', 'payments,network', LIST_LENGTH);

/** The ids that it names. */
export const idsIn = (schedules: string | undefined): readonly string[] | undefined => schedules?.split(',').map((id) => id.trim());

export class GetOnCallDto extends ListDto {
  @InstantParameter('At this instant, of the past or the future; now, when nothing is said.')
  at?: string;

  @SchedulesParameter()
  schedules?: string;
}

/** Who is on call in one schedule at an instant. `name` and `shift` are null where it is not in use, and the shift where nobody is. */
export type OnCallNow = Readonly<{
  schedule: string;
  name: string | null;
  shift: ShownShift | null;
  why: string;
}>;

/** Who is on call. */
export class GetOnCall extends Query<Found<Page<OnCallNow>>> {
  constructor(
    readonly asked: GetOnCallDto,
    /** ISO 8601, UTC. */
    readonly at: string,
  ) {
    super();
  }
}

const onCallIn = (schedule: KnownSchedule, at: string): OnCallNow => {
  const { id, timeline } = schedule;
  const inForce = versionAt(timeline, at);
  if (!inForce) return { schedule: id, name: null, shift: null, why: 'The schedule is not in use then' };
  const found = onCallAt(timeline, Date.parse(at));
  const { name } = inForce.definition;
  if (!found) return { schedule: id, name, shift: null, why: 'Nobody is on call then: no layer and no override has anybody' };
  const shift = shownShift(schedule, found);
  return { schedule: id, name, shift, why: shift.why };
};

@QueryHandler(GetOnCall)
export class GetOnCallHandler implements IQueryHandler<GetOnCall> {
  constructor(
    private readonly reader: ScheduleReader,
    private readonly views: Views,
  ) {}

  /** @throws NotFound DEFINITION_NOT_FOUND; InvalidInput CURSOR_INVALID */
  async execute({ asked, at }: GetOnCall): Promise<Found<Page<OnCallNow>>> {
    const { schedules, position } = await this.reader.those(idsIn(asked.schedules));
    const { items, ...rest } = pageOfAll({ id: 1 }, schedules, this.views.pageRequest(asked));
    return { value: { ...rest, items: items.map((schedule) => onCallIn(schedule, at)) }, position };
  }
}
