import { InvalidInput, type FieldFault, type FindSpec } from '#kernel';
import type { DailyFigures } from './daily-figures.js';
import { rate, statistics, summary, type CountFigure, type Figure } from './figures.js';
import { STILL_OPEN, type IncidentFacts } from './incident-facts.document.js';
import {
  ATTRIBUTE_NAMES,
  attributesOf,
  definitionOf,
  KPI_NAMES,
  secondsBetween,
  type Attribute,
  type CountedAt,
  type KpiDefinition,
  type KpiName,
} from './kpi-definitions.js';
import { calendarOf, type Calendar } from './calendar.js';

export const BACKLOG = 'backlog@1';
export type DefinitionName = KpiName | typeof BACKLOG;
export const DEFINITION_NAMES: readonly DefinitionName[] = [...KPI_NAMES, BACKLOG];

/** What a figure can be broken down by. Age bands are the backlog's alone. */
export const DIMENSIONS = ['month', ...ATTRIBUTE_NAMES] as const;
export type Dimension = (typeof DIMENSIONS)[number];
export const AGE_BAND = 'ageBand';

/** How long an incident has been open, as the backlog sorts it: below so many whole days. */
export const AGE_BANDS: readonly (readonly [name: string, belowDays: number])[] = [
  ['under 1 day', 1],
  ['1 to 3 days', 3],
  ['3 to 7 days', 7],
  ['7 to 30 days', 30],
  ['30 to 90 days', 90],
  ['90 days and more', Infinity],
];

/** Most breakdowns in one request, and most dimensions in one of them. */
export const MAX_BREAKDOWNS = 20;
export const MAX_DEPTH = 4;

/** One breakdown: a dimension alone (`['team']`), or several in combination (`['priority', 'team']`). */
export type Breakdown = readonly Dimension[];

export type KpiRequest = Readonly<{
  /** The period, by the moment each definition counts at: `from` inclusive, `to` exclusive. ISO 8601, UTC; absent: unbounded. */
  from?: string;
  to?: string;
  by: readonly Breakdown[];
  definitions: readonly DefinitionName[];
  /** IANA name: decides where a month begins. */
  timeZone: string;
  /** ISO 4217, for costs. */
  currency: string;
  /** The instant of the backlog, ISO 8601, UTC. */
  asOf: string;
  /** Median, percentile, least and most of durations too; without them n, sum and mean come from the daily figures alone. */
  ranks: boolean;
}>;

/** Figures by key; of a combination, a table of tables: first dimension outermost. */
export type FigureTable = { readonly [key: string]: Figure | FigureTable };
export type KpiAnswer = Readonly<{ value: Figure; by: Readonly<Record<string, FigureTable>> }>;
export type KpiReport = Readonly<Record<string, KpiAnswer>>;

/** Runs one read against the view. The report never holds more than one document at a time, beside the values it takes from them. */
export type Reader = <Document>(spec: FindSpec) => AsyncIterable<Document>;

/**
 * Reads what was asked for from text, as it comes from a query string or a command line: `by` is a comma-separated list, `+` combines.
 * @throws InvalidInput KPI_REQUEST_INVALID with every fault
 */
export const parseKpiRequest = (
  asked: { from?: string; to?: string; by?: string; definitions?: string; timeZone?: string; ranks?: boolean },
  { currency, now }: { currency: string; now: string },
): KpiRequest => {
  const faults: FieldFault[] = [];
  const instant = (field: 'from' | 'to') => {
    const text = asked[field];
    if (text === undefined) return undefined;
    const parsed = /^\d{4}-\d{2}-\d{2}(T|$)/.test(text) ? new Date(text) : new Date(NaN);
    if (Number.isNaN(parsed.getTime())) {
      faults.push({ field, message: 'An ISO 8601 day or instant, such as 2026-01-31 or 2026-01-31T08:00:00Z' });
      return undefined;
    }
    return parsed.toISOString();
  };
  const [from, to] = [instant('from'), instant('to')];
  if (from && to && to <= from) faults.push({ field: 'to', message: 'After `from`: the period ends before it begins' });

  const by = (asked.by ?? '')
    .split(',')
    .filter((part) => part !== '')
    .map((part) => part.split('+').map((dimension) => dimension.trim()) as Dimension[]);
  for (const breakdown of by) {
    const unknown = breakdown.find((dimension) => !DIMENSIONS.includes(dimension));
    if (unknown !== undefined) faults.push({ field: 'by', message: `There is no dimension ${unknown}: take ${DIMENSIONS.join(', ')}` });
    if (new Set(breakdown).size < breakdown.length) faults.push({ field: 'by', message: 'A combination names each dimension once' });
    if (breakdown.length > MAX_DEPTH) faults.push({ field: 'by', message: `At most ${MAX_DEPTH} dimensions in one combination` });
  }
  if (by.length > MAX_BREAKDOWNS) faults.push({ field: 'by', message: `At most ${MAX_BREAKDOWNS} breakdowns` });

  const definitions = asked.definitions?.split(',').map((name) => name.trim()) ?? DEFINITION_NAMES;
  const stranger = definitions.find((name) => !DEFINITION_NAMES.includes(name as DefinitionName));
  if (stranger !== undefined) {
    faults.push({ field: 'definitions', message: `There is no definition ${stranger}: take ${DEFINITION_NAMES.join(', ')}` });
  }

  const { timeZone = 'UTC' } = asked;
  if (!calendarOf(timeZone)) faults.push({ field: 'timeZone', message: 'An IANA time zone, such as Europe/Berlin' });

  if (faults.length > 0) throw new InvalidInput('KPI_REQUEST_INVALID', 'These figures cannot be asked for', faults);
  return {
    ...(from && { from }),
    ...(to && { to }),
    by,
    definitions: [...new Set(definitions)] as DefinitionName[],
    timeZone,
    currency,
    asOf: to && to < now ? to : now,
    ranks: asked.ranks ?? true,
  };
};

/** What is added up for one figure, before it is one. `values` only where order matters. */
type Tally = { n: number; k: number; sum: number; values: number[] };

/** The tallies of one definition: over all, and in every breakdown. */
class Tallies {
  readonly all: Tally = { n: 0, k: 0, sum: 0, values: [] };
  private readonly tables: readonly Map<string, Tally>[];

  constructor(private readonly breakdowns: readonly Breakdown[]) {
    this.tables = breakdowns.map(() => new Map());
  }

  /** Every tally that a document with these keys belongs to. */
  *of(keys: Readonly<Record<Dimension, string>>): Generator<Tally> {
    yield this.all;
    for (let n = 0; n < this.breakdowns.length; n++) {
      const table = this.tables[n] as Map<string, Tally>;
      const path = JSON.stringify((this.breakdowns[n] as Breakdown).map((dimension) => keys[dimension]));
      let tally = table.get(path);
      if (!tally) table.set(path, (tally = { n: 0, k: 0, sum: 0, values: [] }));
      yield tally;
    }
  }

  /** As figures. What was counted and taken back again is not shown. */
  figures(figure: (tally: Tally) => Figure): KpiAnswer {
    const by = this.breakdowns.map((breakdown, n): [string, FigureTable] => {
      const table: Record<string, Figure | FigureTable> = {};
      for (const [path, tally] of [...(this.tables[n] as Map<string, Tally>)].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (tally.n === 0) continue;
        const keys = JSON.parse(path) as string[];
        const last = keys.pop() as string;
        let inner = table;
        for (const key of keys) inner = (inner[key] ??= {}) as Record<string, Figure | FigureTable>;
        inner[last] = figure(tally);
      }
      return [breakdown.join('+'), table];
    });
    return { value: figure(this.all), by: Object.fromEntries(by) };
  }
}

const figureOf =
  (definition: KpiDefinition, { currency, ranks }: KpiRequest) =>
  ({ n, k, sum, values }: Tally): Figure => {
    switch (definition.kind) {
      case 'count':
        return { count: n };
      case 'rate':
        return rate(k, n);
      case 'duration':
        return ranks ? statistics(values) : summary(n, sum);
      case 'cost':
        return { ...statistics(values), currency };
      default:
        return definition satisfies never;
    }
  };

const between = (field: string, { from, to }: KpiRequest) => ({
  [field]: { ...(from ? { $gte: from } : { $gt: '' }), ...(to && { $lt: to }) },
});

/** The whole UTC days of a request, where it is of whole UTC days: only then do daily figures answer it. */
const isOfWholeDays = ({ from, to, timeZone }: KpiRequest): boolean =>
  timeZone === 'UTC' && [from, to].every((at) => at === undefined || at.endsWith('T00:00:00.000Z'));

const FACT_FIELDS: Readonly<Record<string, 1>> = Object.fromEntries(
  [
    'reportedAt',
    'responded',
    'firstResolvedAt',
    'lastResolvedAt',
    'lastClosedAt',
    'endedAt',
    'reopenings',
    'escalations',
    'teamChanges',
    'serviceLevelKnown',
    'breached',
    'work',
    'downtime',
    ...ATTRIBUTE_NAMES,
  ].map((field) => [field, 1]),
);

/** Adds one incident to a definition's tallies, from its facts. */
const tallyFacts = (definition: KpiDefinition, facts: IncidentFacts, currency: string, tallies: Iterable<Tally>) => {
  switch (definition.kind) {
    case 'count':
      for (const tally of tallies) tally.n++;
      return;
    case 'rate': {
      if (!definition.includes(facts)) return;
      const holds = definition.holds(facts) ? 1 : 0;
      for (const tally of tallies) {
        tally.n++;
        tally.k += holds;
      }
      return;
    }
    case 'duration':
    case 'cost': {
      const value = definition.kind === 'cost' ? definition.cost(facts, currency) : definition.seconds(facts);
      if (value === null) return;
      for (const tally of tallies) {
        tally.n++;
        tally.sum += value;
        tally.values.push(value);
      }
      return;
    }
    default:
      definition satisfies never;
  }
};

const fromFacts = async (
  read: Reader,
  request: KpiRequest,
  calendar: Calendar,
  wanted: readonly (readonly [KpiDefinition, Tallies])[],
): Promise<void> => {
  const moments = new Set(wanted.map(([{ countedAt }]) => countedAt));
  for (const moment of moments) {
    const counted = wanted.filter(([{ countedAt }]) => countedAt === moment);
    const spec: FindSpec = { collection: 'incident_facts', filter: between(moment, request), sort: { [moment]: 1 }, fields: FACT_FIELDS };
    for await (const facts of read<IncidentFacts>(spec)) {
      const keys = { month: calendar.month(facts[moment as CountedAt] as string), ...attributesOf(facts) };
      for (const [definition, tallies] of counted) tallyFacts(definition, facts, request.currency, tallies.of(keys));
    }
  }
};

const fromDailyFigures = async (read: Reader, request: KpiRequest, wanted: readonly (readonly [KpiName, Tallies])[]): Promise<void> => {
  const day = (at: string) => at.slice(0, 10);
  const { from, to } = request;
  const filter = between('day', { ...request, ...(from && { from: day(from) }), ...(to && { to: day(to) }) });
  for await (const cell of read<DailyFigures>({ collection: 'daily_figures', filter, sort: { day: 1 } })) {
    const keys = { month: cell.day.slice(0, 7), ...(cell as Record<Attribute, string>) };
    for (const [name, tallies] of wanted) {
      const { n, k = 0, sum = 0 } = cell[name] as { n: number; k?: number; sum?: number };
      if (n === 0) continue;
      for (const tally of tallies.of(keys)) {
        tally.n += n;
        tally.k += k;
        tally.sum += sum;
      }
    }
  }
};

const ageBand = (reportedAt: string, at: string): string => {
  const days = secondsBetween(reportedAt, at) / 86_400;
  return (AGE_BANDS.find(([, below]) => days < below) as readonly [string, number])[0];
};

/** Whether it had been opened by then and not ended yet. */
const isOpenAt = ({ turns }: IncidentFacts, at: string): boolean =>
  turns.some(({ opens, at: from }, n) => opens && from <= at && at < (turns[n + 1]?.at ?? STILL_OPEN));

/** Incidents open at an instant. Costs what ended after that instant or is open now: history before it is not read. */
const backlog = async (read: Reader, { asOf, by }: KpiRequest, calendar: Calendar): Promise<KpiAnswer & { asOf: string }> => {
  const tallies = new Tallies([...by, [AGE_BAND as Dimension]]);
  const fields = { reportedAt: 1, turns: 1, ...Object.fromEntries(ATTRIBUTE_NAMES.map((name) => [name, 1])) } as const;
  const spec: FindSpec = { collection: 'incident_facts', filter: { openUntil: { $gt: asOf } }, sort: { openUntil: 1 }, fields };
  for await (const facts of read<IncidentFacts>(spec)) {
    if (!isOpenAt(facts, asOf)) continue;
    const keys = { month: calendar.month(asOf), ...attributesOf(facts), [AGE_BAND]: ageBand(facts.reportedAt, asOf) };
    for (const tally of tallies.of(keys)) tally.n++;
  }
  return { asOf, ...tallies.figures(({ n }): CountFigure => ({ count: n })) };
};

/**
 * The figures that were asked for.
 *
 * Counts, sums and rates over whole UTC days are added up from the daily figures: that costs the days and combinations in the period. Medians
 * and percentiles are exact, from the facts of the incidents counted in the period: that costs those incidents, found by the index of
 * their moment, and a number of memory each. A period or a month that does not begin with a UTC day is answered from the facts alone.
 * `read` should show one state of the view throughout.
 */
export const kpiReport = async (read: Reader, request: KpiRequest): Promise<KpiReport> => {
  const calendar = calendarOf(request.timeZone) as Calendar;
  const names = request.definitions.filter((name): name is KpiName => name !== BACKLOG);
  const wanted = names.map((name) => ({ name, definition: definitionOf(name), tallies: new Tallies(request.by) }));

  const addsUp = ({ definition: { kind } }: { definition: KpiDefinition }) =>
    isOfWholeDays(request) && (kind === 'count' || kind === 'rate' || (kind === 'duration' && !request.ranks));
  const daily = wanted.filter(addsUp);
  const exact = wanted.filter((one) => !addsUp(one));
  if (daily.length > 0) {
    await fromDailyFigures(
      read,
      request,
      daily.map(({ name, tallies }) => [name, tallies]),
    );
  }
  await fromFacts(
    read,
    request,
    calendar,
    exact.map(({ definition, tallies }) => [definition, tallies]),
  );

  const report = new Map<string, KpiAnswer>(
    wanted.map(({ name, definition, tallies }) => [name, tallies.figures(figureOf(definition, request))]),
  );
  if (request.definitions.includes(BACKLOG)) report.set(BACKLOG, await backlog(read, request, calendar));
  return Object.fromEntries(report);
};
