import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { pageOf, type Page } from '#kernel';
import { CHANNELS, OPEN_STATUSES, type Channel, type Status } from '#domain/incident';
import {
  agentQueue,
  countQueue,
  QUEUE_SORTS,
  queueCountsSpec,
  queuePage,
  type AgentQueueItem,
  type QueueCounts,
  type QueueSort,
} from '#projections';
import type { Reading } from '#adapters/read-models';
import { BooleanParameter, InstantParameter, TextParameter, OneOfParameter, PageDto } from '../http/query-fields.js';
import { Views } from './views.js';

export class GetQueueDto extends PageDto {
  @TextParameter('Only with this team; `none` for no team.', 'network-operations')
  team?: string;

  @TextParameter('Only with this agent; `none` for no agent.', 'tom.maes')
  agent?: string;

  @TextParameter('Only with this priority; `none` for those nobody has rated.', 'P2')
  priority?: string;

  @OneOfParameter(OPEN_STATUSES, 'Only in this status.')
  status?: Status;

  @TextParameter('Only of this category.', 'Network')
  category?: string;

  @TextParameter('Only of this service.', 'card-payments')
  service?: string;

  @OneOfParameter(CHANNELS, 'Only those that came in this way.')
  channel?: Channel;

  @BooleanParameter('Only major incidents, or none of them.')
  major?: boolean;

  @InstantParameter('Reported at or after.')
  reportedFrom?: string;

  @InstantParameter('Reported before.')
  reportedTo?: string;

  @OneOfParameter(Object.keys(QUEUE_SORTS), '`priority`, then age, when nothing is said.')
  sort?: QueueSort;
}

export type QueueAnswer = Page<AgentQueueItem> & QueueCounts;

export class GetQueue extends Query<Reading<QueueAnswer>> {
  constructor(readonly asked: GetQueueDto) {
    super();
  }
}

@QueryHandler(GetQueue)
export class GetQueueHandler implements IQueryHandler<GetQueue> {
  constructor(private readonly views: Views) {}

  /** The page and the counts are of one state of the view: the numbers on a screen explain each other. */
  execute({ asked }: GetQueue): Promise<Reading<QueueAnswer>> {
    const { after: _, limit: __, cursor: ___, sort = 'priority', ...filter } = asked;
    const page = this.views.pageRequest(asked);
    const spec = queuePage(filter, sort, page);
    return this.views.read(
      agentQueue,
      asked,
      async (view) => ({
        ...(await countQueue(view.find(queueCountsSpec(filter)))),
        ...pageOf(spec.sort, page.limit, await view.list<AgentQueueItem>(spec)),
      }),
      true,
    );
  }
}
