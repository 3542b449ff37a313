import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { NotFound } from '#kernel';
import { incidentDetails, type IncidentDetails } from '#projections';
import type { Reading } from '#adapters/read-models';
import type { FreshDto } from '../http/query-fields.js';
import { Views } from './views.js';

/** An incident as stored: its last event's revision is its ETag. */
export type FoundIncident = IncidentDetails & Readonly<{ revision: bigint }>;

export class GetIncident extends Query<Reading<FoundIncident>> {
  constructor(
    readonly incidentId: string,
    readonly asked: FreshDto,
  ) {
    super();
  }
}

@QueryHandler(GetIncident)
export class GetIncidentHandler implements IQueryHandler<GetIncident> {
  constructor(private readonly views: Views) {}

  async execute({ incidentId, asked }: GetIncident): Promise<Reading<FoundIncident>> {
    const reading = await this.views.read(incidentDetails, asked, (view) => view.byId<FoundIncident>('incident_details', incidentId));
    const { value } = reading;
    if (!value) throw new NotFound('INCIDENT_NOT_FOUND', 'No incident has that number, or its view is not there yet: see `after`');
    return { ...reading, value };
  }
}
