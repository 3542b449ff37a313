import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { NotFound } from '#kernel';
import { parseReplayPoint, replay, REPLAY_CLOCKS, type ReplayClock, type Replayed } from '#projections';
import { OneOfParameter, TextParameter } from '../http/query-fields.js';
import { GetHistory } from './get-history.js';

export class GetReplayDto {
  @TextParameter('Up to here, inclusive: so many events, or an instant in UTC; to the end when nothing is said.', '3', 30)
  to?: string;

  @OneOfParameter(REPLAY_CLOCKS, 'Of an instant: when things happened (`occurred`, when nothing is said), or when they were recorded.')
  clock?: ReplayClock;
}

/** One incident as it was at a point of its history. */
export class GetReplay extends Query<Replayed> {
  constructor(
    readonly incidentId: string,
    readonly asked: GetReplayDto,
  ) {
    super();
  }
}

@QueryHandler(GetReplay)
export class GetReplayHandler implements IQueryHandler<GetReplay> {
  constructor(private readonly queries: QueryBus) {}

  async execute({ incidentId, asked: { to, clock } }: GetReplay): Promise<Replayed> {
    const point = to === undefined ? undefined : parseReplayPoint(to, clock);
    const replayed = await replay(await this.queries.execute(new GetHistory(incidentId, 0n)), point);
    if (!replayed) throw new NotFound('INCIDENT_NOT_REPORTED_YET', 'It had not been reported by then');
    return replayed;
  }
}
