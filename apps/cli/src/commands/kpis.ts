import {
  definitionOf,
  incidentFacts,
  kpiReport,
  parseKpiRequest,
  BACKLOG,
  type Figure,
  type FigureTable,
  type KpiName,
  type KpiReport,
} from '#projections';
import { bringViewsUp } from '../composition/catch-up.js';
import { duration, grouped, table } from '../terminal/table.js';
import { onSite, type Outcome, type Surroundings } from './command.js';

export type KpisCommand = Readonly<{ from?: string; to?: string; by?: string; definition?: string; timeZone?: string }>;

type Kpis = Readonly<{
  position: bigint;
  period: Readonly<{ from: string | null; to: string | null }>;
  timeZone: string;
  kpis: KpiReport;
}>;

const isFigure = (entry: Figure | FigureTable): entry is Figure =>
  ['count', 'n', 'denominator'].some((key) => typeof (entry as never)[key] === 'number');

const money = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount / 100);

/** A figure in words: how much, and of how many. */
const inWords = (figure: Figure): string => {
  if ('count' in figure) return grouped(figure.count);
  if ('denominator' in figure) {
    const { numerator, denominator, rate } = figure;
    return rate === null ? 'none' : `${(rate * 100).toFixed(1)} %  (${grouped(numerator)} of ${grouped(denominator)})`;
  }
  const { n, mean = 0, median = 0, p90 = 0 } = figure;
  if (n === 0) return 'none';
  const shown = (value: number) => ('currency' in figure ? money(value, figure.currency) : duration(value));
  return `mean ${shown(mean)}, median ${shown(median)}, p90 ${shown(p90)}  (of ${grouped(n)})`;
};

/** The rows of a breakdown; of a combination, each key behind the ones above it. */
function* rowsOf(figures: FigureTable, above: readonly string[] = []): Generator<string[]> {
  for (const [key, entry] of Object.entries(figures)) {
    if (isFigure(entry)) yield [[...above, key].join(' · '), inWords(entry)];
    else yield* rowsOf(entry, [...above, key]);
  }
}

const titleOf = (name: string): string => (name === BACKLOG ? 'Backlog' : definitionOf(name as KpiName).title);

const shown = ({ position, period, timeZone, kpis }: Kpis): string => {
  const period_ = period.from || period.to ? `${period.from ?? 'the beginning'} to ${period.to ?? 'now'}` : 'all of the log';
  const blocks = Object.entries(kpis).map(([name, { value, by }]) => {
    const head = `${titleOf(name)} (${name}): ${inWords(value)}`;
    const tables = Object.entries(by)
      .map(([breakdown, figures]) => table([{ heading: breakdown }, { heading: name }], [...rowsOf(figures)]))
      .map((text) => text.replace(/^/gm, '  '));
    return [head, ...tables].join('\n\n');
  });
  return [`Figures of ${period_}, months by ${timeZone}, at log position ${position}`, ...blocks].join('\n\n');
};

/** `faultline kpis`: the figures, each under the definition that it was computed by. */
export const runKpis = async ({ definition, ...asked }: KpisCommand, around: Surroundings): Promise<Outcome> => {
  const { settings, terminal } = around;
  const request = parseKpiRequest(
    { ...asked, ...(definition !== undefined && { definitions: definition }) },
    { currency: settings.currency, now: new Date().toISOString() },
  );
  const result = await onSite('kpis', around, async (site): Promise<Kpis> => {
    await bringViewsUp(site);
    const { value, position } = await site.readers.of(incidentFacts as never).read((view) => kpiReport((spec) => view.find(spec), request));
    return { position, period: { from: request.from ?? null, to: request.to ?? null }, timeZone: request.timeZone, kpis: value };
  });
  terminal.answer(result, shown);
  return 'done';
};
