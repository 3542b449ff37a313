import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { IsOptional, IsString, Length } from 'class-validator';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { NotFound } from '#kernel';
import { parseReplayPoint, replay, REPLAY_CLOCKS, type ReplayClock, type Replayed } from '#projections';
import { OneOfParameter } from '../http/query-fields.js';
import { GetHistory } from './get-history.js';

export class GetReplayDto {
  @ApiPropertyOptional({ description: 'Up to here, inclusive: so many events, or an instant in UTC; to the end when nothing is said.' })
  @IsOptional()
  @IsString()
  @Length(1, 30)
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
