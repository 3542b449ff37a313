import {
  DEFINITION_NAMES,
  DIMENSIONS,
  type CostFigure,
  type CountFigure,
  type Figure,
  type FigureTable,
  type KpiAnswer,
  type RateFigure,
  type StatisticsFigure,
} from '#projections';
import {
  anyOf,
  flag,
  instant,
  list,
  name,
  named,
  nullable,
  number,
  object,
  oneOf,
  optional,
  position,
  reference,
  tableOf,
  text,
  whole,
  type FieldsOf,
  type Schema,
} from '../schemas/schema.js';

const statistics: FieldsOf<StatisticsFigure> = {
  n: whole('Of so many incidents. Where there are none, nothing else is here.'),
  sum: optional(whole()),
  mean: optional(number('To 3 decimals.')),
  median: optional(number('The mean of the middle two. Not where `ranks` is false.')),
  p90: optional(whole('The nearest rank. Not where `ranks` is false.')),
  min: optional(whole('Not where `ranks` is false.')),
  max: optional(whole('Not where `ranks` is false.')),
};

const COUNT = named<CountFigure>('CountFigure', object<CountFigure>({ count: whole() }, 'How many there are.'));
const RATE = named<RateFigure>(
  'RateFigure',
  object<RateFigure>(
    { numerator: whole(), denominator: whole(), rate: nullable(number('To 6 decimals; null where the denominator is 0.')) },
    'Of how many it holds.',
  ),
);
const DURATIONS = named<StatisticsFigure>('DurationsFigure', object<StatisticsFigure>(statistics, 'Durations, in whole seconds.'));
const COSTS = named<CostFigure>(
  'CostsFigure',
  object<CostFigure>(
    { ...statistics, currency: text('ISO 4217.', { pattern: '^[A-Z]{3}$', example: 'EUR' }) },
    'Costs, in minor units of a currency.',
  ),
);

const FIGURE = named<Figure>('Figure', anyOf<Figure>([COUNT, RATE, DURATIONS, COSTS], 'Its definition says which of these it is.'));

const TABLE: Schema<FigureTable> = named(
  'FigureTable',
  tableOf(
    anyOf<Figure | FigureTable>(
      [FIGURE, reference<FigureTable>('FigureTable')],
      'Of a combination, a table of tables: the first dimension is outermost.',
    ),
    'Figures by key. What is not known is `none`, `unassigned` or `uncategorized`.',
  ),
);

/** The backlog tells the instant that it is of. */
type Answered = KpiAnswer & Readonly<{ asOf?: string }>;

const ANSWERED: Schema<Answered> = object<Answered>({
  value: FIGURE,
  by: tableOf(TABLE, 'By each breakdown that was asked for; the backlog by age, too.'),
  asOf: optional(instant('Of the backlog: the instant it is of.')),
});

type KpisAnswer = Readonly<{
  position: string;
  settled: boolean;
  period: Readonly<{ from: string | null; to: string | null }>;
  kpis: Readonly<Record<string, Answered>>;
}>;

export const KPIS = named<KpisAnswer>(
  'Kpis',
  object<KpisAnswer>({
    position: position('The place in the log that they were computed at.'),
    settled: flag('false: batches kept being written meanwhile, so that they may show a moment more than the position says.'),
    period: object<KpisAnswer['period']>(
      { from: nullable(text('As asked for; inclusive.')), to: nullable(text('As asked for; exclusive.')) },
      'Null where it is unbounded.',
    ),
    kpis: tableOf(ANSWERED, `By definition: ${DEFINITION_NAMES.join(', ')}.`),
  }),
);

type DefinitionAnswer = Readonly<{ name: string; title: string; meaning: string; kind: string; countedAt: string }>;

const DEFINITION = named<DefinitionAnswer>(
  'KpiDefinition',
  object<DefinitionAnswer>({
    name: oneOf(DEFINITION_NAMES, 'A change of meaning is a new version beside the old one.') as Schema<string>,
    title: name(undefined, 'Mean time to resolve'),
    meaning: text(),
    kind: oneOf(
      ['count', 'duration', 'rate', 'cost'],
      'Which figure it is: `duration` in whole seconds, `cost` in minor units.',
    ) as Schema<string>,
    countedAt: name('The moment at which an incident is counted: it decides its period and its month.', 'lastResolvedAt'),
  }),
);

type DefinitionsAnswer = Readonly<{ definitions: readonly DefinitionAnswer[]; dimensions: readonly string[] }>;

export const KPI_DEFINITIONS_ANSWER = named<DefinitionsAnswer>(
  'KpiDefinitions',
  object<DefinitionsAnswer>({
    definitions: list(DEFINITION),
    dimensions: list(oneOf(DIMENSIONS) as Schema<string>, 'What figures can be broken down by.'),
  }),
);
