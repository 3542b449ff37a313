import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { doubleBookings, gaps, type Absence } from '#domain/on-call';
import { PEOPLE, type SiteDefinitions } from '#domain/definitions';
import { periodOf, type Period } from '../http/period.js';
import { InstantParameter } from '../http/query-fields.js';
import { idsIn, SchedulesParameter } from './get-on-call.js';
import { ScheduleReader } from './schedules.js';
import { shiftsOf } from './shifts-of.js';
import { isoOf } from './shown-shift.js';

/** How many days ahead are looked at where nothing is said, and at most. */
const DAYS = { days: 14, mostDays: 92 } as const;

/** The most of each that one answer shows. */
export const MOST_SHOWN = 200;

export class GetCoverageDto {
  @InstantParameter('From then on; from now on, when nothing is said.')
  from?: string;

  @InstantParameter(`Up to then; ${DAYS.days} days after \`from\`, when nothing is said, and at most ${DAYS.mostDays}.`)
  to?: string;

  @SchedulesParameter()
  schedules?: string;
}

export type ShownGap = Period & Readonly<{ schedule: string; why: string }>;
export type ShownDoubleBooking = Period &
  Readonly<{ kind: 'two-schedules' | 'absent'; person: string; schedules: readonly string[]; why: string }>;

/** Where nobody is on call, and where somebody is who cannot be. */
export type Coverage = Period &
  Readonly<{
    gaps: readonly ShownGap[];
    gapsTotal: number;
    doubleBookings: readonly ShownDoubleBooking[];
    doubleBookingsTotal: number;
    position: bigint;
  }>;

/** What is wrong with the turns ahead. */
export class GetCoverage extends Query<Coverage> {
  constructor(
    readonly asked: GetCoverageDto,
    /** ISO 8601, UTC. */
    readonly now: string,
  ) {
    super();
  }
}

const absencesIn = (site: SiteDefinitions): Absence[] =>
  [...site.of(PEOPLE)].flatMap(([person, { absences }]) =>
    absences.map(({ from, to, reason }) => ({ person, fromMs: Date.parse(from), toMs: Date.parse(to), reason })),
  );

const inTime = <Of extends Readonly<{ fromMs: number; toMs: number }>>({ fromMs, toMs, ...rest }: Of) => ({
  from: isoOf(fromMs),
  to: isoOf(toMs),
  ...rest,
});

@QueryHandler(GetCoverage)
export class GetCoverageHandler implements IQueryHandler<GetCoverage> {
  constructor(private readonly reader: ScheduleReader) {}

  /** @throws InvalidInput PERIOD_INVALID; NotFound DEFINITION_NOT_FOUND */
  async execute({ asked, now }: GetCoverage): Promise<Coverage> {
    const { from, to } = periodOf(asked, { now, ...DAYS });
    const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
    const { schedules, position, site } = await this.reader.those(idsIn(asked.schedules));
    // refuses what would take too long, before any of it is worked out
    shiftsOf(schedules, { from, to });
    const open = schedules
      .flatMap(({ id, timeline }) => gaps(timeline, fromMs, toMs).map((gap) => ({ schedule: id, ...inTime(gap) })))
      .sort((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));
    const booked = doubleBookings(schedules, absencesIn(site), fromMs, toMs).map(inTime);
    return {
      ...{ position, from, to },
      ...{ gaps: open.slice(0, MOST_SHOWN), gapsTotal: open.length },
      ...{ doubleBookings: booked.slice(0, MOST_SHOWN), doubleBookingsTotal: booked.length },
    };
  }
}
