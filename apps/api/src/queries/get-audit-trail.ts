import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { incidentCatalogue } from '#domain/incident';
import type { Page } from '#kernel';
import { AUDIT_SORTS, auditPage, auditTrail, type AuditLine, type AuditSort } from '#projections';
import type { Reading } from '#adapters/read-models';
import { InstantParameter, OneOfParameter, PageDto, TextParameter } from '../http/query-fields.js';
import { Views } from './views.js';

export class GetAuditTrailDto extends PageDto {
  @TextParameter('Only what this actor did, by id.', 'els.jacobs')
  actor?: string;

  @OneOfParameter(incidentCatalogue.storedTypes, 'Only events of this type, by stored name.')
  type?: string;

  @InstantParameter('Happened at or after.')
  occurredFrom?: string;

  @InstantParameter('Happened before.')
  occurredTo?: string;

  @InstantParameter('Recorded at or after.')
  recordedFrom?: string;

  @InstantParameter('Recorded before.')
  recordedTo?: string;

  @OneOfParameter(Object.keys(AUDIT_SORTS), '`recorded`; of one incident `history`, when nothing is said. A minus turns it round.')
  sort?: AuditSort;
}

export class GetAuditTrail extends Query<Reading<Page<AuditLine>>> {
  /** @param incident only of this incident */
  constructor(
    readonly asked: GetAuditTrailDto,
    readonly incident?: string,
  ) {
    super();
  }
}

@QueryHandler(GetAuditTrail)
export class GetAuditTrailHandler implements IQueryHandler<GetAuditTrail> {
  constructor(private readonly views: Views) {}

  execute({ asked, incident }: GetAuditTrail): Promise<Reading<Page<AuditLine>>> {
    const { after: _, limit: __, cursor: ___, sort = incident === undefined ? 'recorded' : 'history', ...filter } = asked;
    const spec = auditPage({ ...filter, ...(incident !== undefined && { incident }) }, sort, this.views.pageRequest(asked));
    return this.views.page(auditTrail, asked, spec);
  }
}
