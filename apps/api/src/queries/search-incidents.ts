import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Page } from '#kernel';
import { CHANNELS, STATUSES, type Channel, type Status } from '#domain/incident';
import { INCIDENT_SORTS, incidentDetails, incidentPage, type IncidentDetails, type IncidentSort } from '#projections';
import type { Reading } from '#adapters/read-models';
import { BooleanParameter, InstantParameter, TextParameter, OneOfParameter, PageDto } from '../http/query-fields.js';
import { Views } from './views.js';

export class SearchIncidentsDto extends PageDto {
  @TextParameter('Words of the title, each from its beginning on.', 'print leuven')
  text?: string;

  @OneOfParameter(STATUSES, 'Only in this status.')
  status?: Status;

  @BooleanParameter('Only open ones, or only ended ones.')
  open?: boolean;

  @TextParameter('Only with this priority.', 'P2')
  priority?: string;

  @TextParameter('Only of this category.', 'Network')
  category?: string;

  @TextParameter('Only of this service.', 'card-payments')
  service?: string;

  @OneOfParameter(CHANNELS, 'Only those that came in this way.')
  channel?: Channel;

  @TextParameter('Only with this team; `none` for no team.', 'network-operations')
  team?: string;

  @TextParameter('Only with this agent; `none` for no agent.', 'tom.maes')
  agent?: string;

  @TextParameter('Only reported by this person.', 'lena.peeters')
  reporter?: string;

  @TextParameter('What another system calls it.', 'MON-88121')
  externalReference?: string;

  @TextParameter('The key that tells repeats of one disturbance.', 'pos-gateway-02/host-unreachable')
  deduplicationKey?: string;

  @InstantParameter('Reported at or after.')
  reportedFrom?: string;

  @InstantParameter('Reported before.')
  reportedTo?: string;

  @InstantParameter('Resolved at or after.')
  resolvedFrom?: string;

  @InstantParameter('Resolved before.')
  resolvedTo?: string;

  @InstantParameter('Closed at or after.')
  closedFrom?: string;

  @InstantParameter('Closed before.')
  closedTo?: string;

  @OneOfParameter(Object.keys(INCIDENT_SORTS), '`newest` when nothing is said.')
  sort?: IncidentSort;
}

export class SearchIncidents extends Query<Reading<Page<IncidentDetails>>> {
  constructor(readonly asked: SearchIncidentsDto) {
    super();
  }
}

@QueryHandler(SearchIncidents)
export class SearchIncidentsHandler implements IQueryHandler<SearchIncidents> {
  constructor(private readonly views: Views) {}

  execute({ asked }: SearchIncidents): Promise<Reading<Page<IncidentDetails>>> {
    const { after: _, limit: __, cursor: ___, sort = 'newest', ...filter } = asked;
    return this.views.page(incidentDetails, asked, incidentPage(filter, sort, this.views.pageRequest(asked)));
  }
}
