import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { IsOptional, IsString, Length } from 'class-validator';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { incidentFacts, kpiReport, parseKpiRequest, type KpiReport } from '#projections';
import type { Reading } from '#read-models';
import { BooleanParameter, FreshDto } from '../http/query-fields.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { Views } from './views.js';

const Text =
  (description: string): PropertyDecorator =>
  (target, property) => {
    for (const decorate of [ApiPropertyOptional({ description }), IsOptional(), IsString(), Length(1, 500)]) decorate(target, property);
  };

export class GetKpisDto extends FreshDto {
  @Text('The period’s first day or instant: inclusive.')
  from?: string;

  @Text('The period’s end: exclusive.')
  to?: string;

  @Text('Dimensions to break down by, comma-separated; `+` combines: `month,priority+team`.')
  by?: string;

  @Text('Definitions, comma-separated; all when nothing is said.')
  definitions?: string;

  @Text('An IANA time zone for months; UTC when nothing is said.')
  timeZone?: string;

  @BooleanParameter('false: sums and means only, at the cost of days instead of incidents.')
  ranks?: boolean;
}

export class GetKpis extends Query<Reading<KpiReport>> {
  constructor(readonly asked: GetKpisDto) {
    super();
  }
}

@QueryHandler(GetKpis)
export class GetKpisHandler implements IQueryHandler<GetKpis> {
  constructor(
    private readonly views: Views,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** All figures are of one state of the view; `settled` says so, and is false where batches kept being written meanwhile. */
  execute({ asked }: GetKpis): Promise<Reading<KpiReport>> {
    const { settings, now = () => new Date() } = this.options;
    const request = parseKpiRequest(asked, { currency: settings.currency, now: now().toISOString() });
    return this.views.read(incidentFacts, asked, (view) => kpiReport((spec) => view.find(spec), request), true);
  }
}
