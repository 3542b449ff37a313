import { Inject } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ELAPSED_TIME } from '#domain/calendars';
import { explainClock, evolveClocks, type ExplainedClock, type IncidentClocks } from '#process-managers/service-levels';
import { InstantParameter } from '../http/query-fields.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { GetHistory } from '../queries/get-history.js';

export class ExplainServiceLevelsDto {
  @InstantParameter('Up to this instant; now, when nothing is said.')
  at?: string;
}

/** The clocks of an incident up to an instant, and the event of its history that they know last. */
export type ExplainedServiceLevels = Readonly<{
  incidentId: string;
  at: string;
  clocks: readonly ExplainedClock[];
  revision: bigint;
  position: bigint;
}>;

/** Why the service levels of an incident stand where they stand. */
export class ExplainServiceLevels extends Query<ExplainedServiceLevels> {
  constructor(
    readonly incidentId: string,
    /** ISO 8601, UTC. */
    readonly at: string,
  ) {
    super();
  }
}

@QueryHandler(ExplainServiceLevels)
export class ExplainServiceLevelsHandler implements IQueryHandler<ExplainServiceLevels> {
  constructor(
    private readonly queries: QueryBus,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** Costs one read of the history, and a step for each day that a clock has lived. */
  async execute({ incidentId, at }: ExplainServiceLevels): Promise<ExplainedServiceLevels> {
    const { site } = this.options;
    let clocks: IncidentClocks | undefined;
    let last = { revision: -1n, position: -1n };
    for await (const event of await this.queries.execute(new GetHistory(incidentId, 0n))) {
      clocks = evolveClocks(clocks, event);
      last = { revision: event.revision, position: event.position };
    }
    await site.reach(last.position);
    const known = clocks;
    const explained = (known?.clocks ?? [])
      .filter(({ startedAtMs }) => startedAtMs <= Date.parse(at))
      .map((clock) => {
        const time = (clock.calendar === null ? undefined : site.workingTime(clock.calendar)) ?? ELAPSED_TIME;
        return explainClock(clock, known as IncidentClocks, time, Date.parse(at));
      });
    return { incidentId, at, clocks: explained, ...last };
  }
}
