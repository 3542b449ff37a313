import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { NotFound, type Recorded } from '#kernel';
import { incidentStream, type IncidentEvent } from '#domain/incident';
import { API_OPTIONS, type ApiOptions } from '../options.js';

/** The events of one incident as recorded, oldest first, at the pace of whoever reads them. */
export class GetHistory extends Query<AsyncIterable<Recorded<IncidentEvent>>> {
  /**
   * @param from the first revision, inclusive
   * @param through the last one, inclusive; absent: to the end
   */
  constructor(
    readonly incidentId: string,
    readonly from: bigint,
    readonly through?: bigint,
  ) {
    super();
  }
}

@QueryHandler(GetHistory)
export class GetHistoryHandler implements IQueryHandler<GetHistory> {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  /** From the log itself, not from a view: what an auditor replays is what was recorded. */
  async execute({ incidentId, from, through }: GetHistory): Promise<AsyncIterable<Recorded<IncidentEvent>>> {
    const { log } = this.options;
    const streamName = incidentStream(incidentId);
    const last = await log.readLast<IncidentEvent>(streamName);
    if (!last) throw new NotFound('INCIDENT_NOT_FOUND', 'No incident has that number');
    return log.readStream<IncidentEvent>(streamName, {
      from,
      through: through === undefined || through > last.revision ? last.revision : through,
    });
  }
}
