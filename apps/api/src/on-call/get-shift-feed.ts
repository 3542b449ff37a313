import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { onCallFeed, type FeedShift } from '#adapters/icalendar';
import { latestVersion } from '#kernel';
import { DAY_MS } from '#domain/local-time';
import { changesOf, whyOnCall, type KnownSchedule } from '#domain/on-call';
import { PEOPLE } from '#domain/definitions';
import type { Found } from '../http/page-answer.js';
import type { ShiftsOf } from './get-shifts.js';
import { ScheduleReader } from './schedules.js';
import { shiftsOf } from './shifts-of.js';

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

const nameOf = ({ id, timeline }: KnownSchedule): string => latestVersion(timeline)?.definition.name ?? id;

@QueryHandler(GetShiftFeed)
export class GetShiftFeedHandler implements IQueryHandler<GetShiftFeed> {
  constructor(private readonly reader: ScheduleReader) {}

  /** @throws NotFound DEFINITION_NOT_FOUND, PERSON_NOT_FOUND; InvalidInput PERIOD_INVALID */
  async execute({ of, now }: GetShiftFeed): Promise<Found<string>> {
    const { schedules, site, position } = await ('schedule' in of ? this.reader.those([of.schedule]) : this.reader.of(of.person));
    const people = site.of(PEOPLE);
    const called = (person: string): string => {
      const timeline = people.get(person);
      return (timeline && latestVersion(timeline)?.definition.name) ?? person;
    };
    const summaryOf = (schedule: string, person: string) =>
      'schedule' in of ? `${called(person)} is on call: ${schedule}` : `On call: ${schedule}`;

    const at = (days: number) => new Date(Date.parse(now) + days * DAY_MS).toISOString();
    const feedShifts = shiftsOf(schedules, { from: at(-FEED_DAYS.back), to: at(FEED_DAYS.ahead) })
      .filter(({ shift }) => !('person' in of) || shift.person === of.person)
      .map(({ schedule, shift }): FeedShift => ({
        ...{ schedule: schedule.id, person: shift.person, fromMs: shift.fromMs, toMs: shift.toMs, revision: changesOf(schedule.timeline) },
        ...{ summary: summaryOf(nameOf(schedule), shift.person), description: whyOnCall(schedule.timeline, shift) },
      }));
    const name = 'schedule' in of ? `On call: ${schedules.map(nameOf).join()}` : `On call: ${called(of.person)}`;
    return { value: onCallFeed({ name, shifts: feedShifts, now }), position };
  }
}
