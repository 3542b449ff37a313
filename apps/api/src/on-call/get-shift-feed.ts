import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { onCallFeed, type FeedShift } from '#icalendar';
import { latestVersion } from '#kernel';
import { DAY_MS } from '#local-time';
import { changesOf, shifts, whyOnCall } from '#on-call';
import { PEOPLE } from '#site-definitions';
import type { Found } from '../http/page-answer.js';
import type { ShiftsOf } from './get-shifts.js';
import { ScheduleReader } from './schedules.js';

/** How many days of shifts a calendar is given, before today and from today on. */
export const FEED_DAYS = { back: 28, ahead: 182 } as const;

/** The shifts of a schedule, or of a person, as iCalendar. */
export class GetShiftFeed extends Query<Found<string>> {
  constructor(
    readonly of: ShiftsOf,
    /** ISO 8601, UTC. */
    readonly now: string,
  ) {
    super();
  }
}

@QueryHandler(GetShiftFeed)
export class GetShiftFeedHandler implements IQueryHandler<GetShiftFeed> {
  constructor(private readonly reader: ScheduleReader) {}

  /** @throws NotFound DEFINITION_NOT_FOUND, PERSON_NOT_FOUND */
  async execute({ of, now }: GetShiftFeed): Promise<Found<string>> {
    const { schedules, site, position } = await ('schedule' in of ? this.reader.those([of.schedule]) : this.reader.of(of.person));
    const people = site.of(PEOPLE);
    const called = (person: string): string => {
      const timeline = people.get(person);
      return (timeline && latestVersion(timeline)?.definition.name) ?? person;
    };
    const named = schedules.map((schedule) => ({ ...schedule, name: latestVersion(schedule.timeline)?.definition.name ?? schedule.id }));
    const summaryOf = (schedule: string, person: string) =>
      'schedule' in of ? `${called(person)} is on call: ${schedule}` : `On call: ${schedule}`;

    const nowMs = Date.parse(now);
    const [fromMs, toMs] = [nowMs - FEED_DAYS.back * DAY_MS, nowMs + FEED_DAYS.ahead * DAY_MS];
    const feedShifts = named.flatMap(({ id, timeline, name }): FeedShift[] =>
      [...shifts(timeline, fromMs, toMs)]
        .filter(({ person }) => !('person' in of) || person === of.person)
        .map((shift) => ({
          ...{ schedule: id, person: shift.person, fromMs: shift.fromMs, toMs: shift.toMs, revision: changesOf(timeline) },
          ...{ summary: summaryOf(name, shift.person), description: whyOnCall(timeline, shift) },
        })),
    );
    const name = 'schedule' in of ? `On call: ${named[0]?.name ?? of.schedule}` : `On call: ${called(of.person)}`;
    return { value: onCallFeed({ name, shifts: feedShifts, now }), position };
  }
}
