import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  allowanceText,
  ALLOWANCE_UNITS,
  measured,
  MOST_ALLOWED,
  takenFor,
  type Allowance,
  type AllowanceUnit,
  type BusinessCalendar,
  type WorkingTime,
} from '#domain/calendars';
import type { EffectiveDated, Version } from '#kernel';
import { knownZone, wallText } from '#domain/local-time';
import type { Found } from '../http/page-answer.js';
import { InstantParameter, NeededCountParameter, NeededOneOfParameter } from '../http/query-fields.js';
import { CalendarReader } from './calendar-reader.js';

export class GetDeadlineDto {
  @InstantParameter('From this instant; from now on, when nothing is said.')
  from?: string;

  @NeededCountParameter(MOST_ALLOWED, 'How much time.')
  amount!: number;

  @NeededOneOfParameter(ALLOWANCE_UNITS, 'Of which kind: `1` of `business-days` is not `24` of `business-hours`.')
  unit!: AllowanceUnit;
}

/** When so much time has passed; null where it does not within 20 years. */
export type Deadline = Allowance & Readonly<{ inWords: string; endsAt: string | null; localTime: string | null }>;

export type DeadlineAnswer = Deadline & Readonly<{ from: string; notTheSame: readonly Deadline[] }>;

/** When so much time has passed since an instant. */
export class GetDeadline extends Query<Found<DeadlineAnswer>> {
  constructor(
    readonly id: string,
    readonly allowance: Allowance,
    /** ISO 8601, UTC. */
    readonly from: string,
  ) {
    super();
  }
}

type Versions = EffectiveDated<BusinessCalendar>['versions'];

/** By the wall clock of the version that holds then; the first one holds before its time, too, as it does for what is measured. */
const localTime = (versions: Versions, instantMs: number): string => {
  const held =
    versions.findLast(({ effectiveFrom }) => Date.parse(effectiveFrom) <= instantMs) ?? (versions[0] as Version<BusinessCalendar>);
  const { timeZone } = held.definition;
  return `${wallText(knownZone(timeZone), instantMs)} (${timeZone})`;
};

const deadlineOf = (allowance: Allowance, fromMs: number, time: WorkingTime, versions: Versions): Deadline => {
  const { measure, quantity } = measured(allowance);
  const endMs = time.after(measure, fromMs, quantity);
  const ends =
    endMs === undefined
      ? { endsAt: null, localTime: null }
      : { endsAt: new Date(endMs).toISOString(), localTime: localTime(versions, endMs) };
  return { ...allowance, inWords: allowanceText(allowance), ...ends };
};

@QueryHandler(GetDeadline)
export class GetDeadlineHandler implements IQueryHandler<GetDeadline> {
  constructor(private readonly reader: CalendarReader) {}

  /** Costs a step for each day that passes, of each of the readings. @throws NotFound DEFINITION_NOT_FOUND */
  async execute({ id, allowance, from }: GetDeadline): Promise<Found<DeadlineAnswer>> {
    const { calendar, time, position } = await this.reader.one(id);
    const ends = (each: Allowance) => deadlineOf(each, Date.parse(from), time, calendar.versions);
    return { value: { from, ...ends(allowance), notTheSame: takenFor(allowance).map(ends) }, position };
  }
}
