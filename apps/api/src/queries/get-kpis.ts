import { Inject } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { incidentFacts, kpiReport, parseKpiRequest, type KpiReport } from '#projections';
import type { Reading } from '#adapters/read-models';
import { BooleanParameter, FreshDto, TextParameter } from '../http/query-fields.js';
import { API_OPTIONS, type ApiOptions } from '../options.js';
import { Views } from './views.js';

/** Lists of names are no longer than this, in characters. */
const LIST_LENGTH = 500;

export class GetKpisDto extends FreshDto {
  @TextParameter('The period’s first day or instant: inclusive.', '2026-01-01', 30)
  from?: string;

  @TextParameter('The period’s end: exclusive.', '2026-02-01', 30)
  to?: string;

  // a + in a query string arrives as a space
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.replaceAll(' ', '+') : value))
  @TextParameter('Dimensions to break down by, comma-separated; `+` combines.', 'month,priority+team', LIST_LENGTH)
  by?: string;

  @TextParameter('Definitions, comma-separated; all when nothing is said.', 'mtta@1,mttr@1', LIST_LENGTH)
  definitions?: string;

  @TextParameter('An IANA time zone for months; UTC when nothing is said.', 'Europe/Brussels', 60)
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
