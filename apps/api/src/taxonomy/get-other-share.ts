import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { otherShare, type Taxonomy } from '#domain/catalogue';
import {
  ATTRIBUTES,
  incidentFacts,
  kpiReport,
  parseKpiRequest,
  rate,
  type CountFigure,
  type KpiReport,
  type RateFigure,
} from '#projections';
import type { Reading } from '#adapters/read-models';
import { FreshDto, TextParameter } from '../http/query-fields.js';
import { API_OPTIONS, nowOf, type ApiOptions } from '../options.js';
import { Views } from '../queries/views.js';
import { taxonomyAt, taxonomyName } from './taxonomy-in-force.js';

/** The figure that it is made of. */
const DEFINITION = 'volume@1';

export class GetOtherShareDto extends FreshDto {
  @TextParameter('The period’s first day or instant: inclusive.', '2026-01-01', 30)
  from?: string;

  @TextParameter('The period’s end: exclusive.', '2026-02-01', 30)
  to?: string;

  @TextParameter('An IANA time zone for months; UTC when nothing is said.', 'Europe/Brussels', 60)
  timeZone?: string;
}

/** How much lies in the category for what fits in no other, with what it is made of. */
export type OtherShare = RateFigure &
  Readonly<{
    taxonomy: string;
    other: string;
    definition: string;
    counted: Readonly<{ numerator: string; denominator: string }>;
    uncategorized: number;
    byMonth: readonly (RateFigure & Readonly<{ month: string }>)[];
  }>;

/** The share of “Other” over a period. */
export class GetOtherShare extends Query<Reading<OtherShare>> {
  constructor(readonly asked: GetOtherShareDto) {
    super();
  }
}

type Counts = Readonly<Record<string, CountFigure>>;

/** Of counts by category: those that have none are told apart. */
const shareOf = (taxonomy: Taxonomy, counts: Counts = {}): RateFigure => {
  const known = Object.entries(counts).filter(([category]) => category !== ATTRIBUTES.category);
  const { numerator, denominator } = otherShare(
    taxonomy,
    known.map(([category, { count }]) => [category, count]),
  );
  return rate(numerator, denominator);
};

/** What the figures say of it: `volume@1` by category, and by month and category. */
export const otherShareIn = (report: KpiReport, taxonomy: Taxonomy): Pick<OtherShare, keyof RateFigure | 'uncategorized' | 'byMonth'> => {
  const by = report[DEFINITION]?.by ?? {};
  const all = by['category'] as Counts | undefined;
  const months = Object.entries((by['month+category'] ?? {}) as Readonly<Record<string, Counts>>);
  return {
    ...shareOf(taxonomy, all),
    uncategorized: all?.[ATTRIBUTES.category]?.count ?? 0,
    byMonth: months.map(([month, counts]) => ({ month, ...shareOf(taxonomy, counts) })),
  };
};

@QueryHandler(GetOtherShare)
export class GetOtherShareHandler implements IQueryHandler<GetOtherShare> {
  constructor(
    private readonly views: Views,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /**
   * By the taxonomy that holds at the end of the period, or now, where that is earlier.
   * @throws InvalidInput KPI_REQUEST_INVALID; NotFound DEFINITION_NOT_FOUND; Unavailable VIEW_BEHIND
   */
  async execute({ asked }: GetOtherShare): Promise<Reading<OtherShare>> {
    const { settings, site } = this.options;
    const { from, to, timeZone } = asked;
    const wanted = { by: 'category,month+category', definitions: DEFINITION, ranks: false };
    const period = { ...(from && { from }), ...(to && { to }), ...(timeZone && { timeZone }) };
    const request = parseKpiRequest({ ...wanted, ...period }, { currency: settings.currency, now: nowOf(this.options) });
    await site.refresh();
    // the end of a period is no part of it
    const last = request.asOf === request.to ? new Date(Date.parse(request.to) - 1).toISOString() : request.asOf;
    const inForce = taxonomyAt(site, last);
    const { other } = inForce.definition;
    const reading = await this.views.read(incidentFacts, asked, (view) => kpiReport((spec) => view.find(spec), request), true);
    const counted = {
      numerator: `Incidents reported in the period whose category is ${other}`,
      denominator: 'Incidents reported in the period that have a category',
    };
    const share = otherShareIn(reading.value, inForce.definition);
    return { ...reading, value: { taxonomy: taxonomyName(inForce), other, definition: DEFINITION, counted, ...share } };
  }
}
