import { describe, it } from '@jest/globals';
import { assertPage } from '#testing';
import { KPI_DEFINITIONS, KPI_NAMES, type CountedAt } from './kpi-definitions.js';
import { AGE_BANDS, BACKLOG, DIMENSIONS, MAX_BREAKDOWNS, MAX_DEPTH } from './kpi.query.js';

const MOMENTS: Readonly<Record<CountedAt, string>> = {
  reportedAt: 'reported',
  firstResolvedAt: 'first resolved',
  lastResolvedAt: 'last resolved',
  lastClosedAt: 'last closed',
  endedAt: 'the later of last resolved and last closed',
};

const FIGURES = {
  count: '`count`',
  duration: '`n`, `sum`, `mean`, `median`, `p90`, `min`, `max`, in whole seconds',
  rate: '`numerator`, `denominator`, `rate`',
  cost: '`n`, `sum`, `mean`, `median`, `p90`, `min`, `max`, in minor units of `currency`',
} as const;

/** docs/kpis.md, whole. */
const page = (): string =>
  [
    '# The numbers',
    '',
    'A figure is a named, versioned definition over events. Every answer carries the definition (`mttr@1`), the period, and the position of the log that it was',
    'computed at: `npx faultline history`, or the audit trail, shows every event that went into it. A change of meaning is a new version beside the old one.',
    '',
    'Each incident is counted at one moment, which decides its period and its month; its attributes are its latest ones, corrections applied. Durations are',
    'whole seconds between the times at which things happened, never below 0. The median is the mean of the middle two, p90 the nearest rank. Months are',
    'those of UTC, unless a time zone is asked for.',
    '',
    '| definition | what it is | counted at | the figure |',
    '|---|---|---|---|',
    ...KPI_NAMES.map((name) => {
      const { title, meaning, countedAt, kind } = KPI_DEFINITIONS[name];
      return `| \`${name}\` | **${title}.** ${meaning} | ${MOMENTS[countedAt]} | ${FIGURES[kind]} |`;
    }),
    `| \`${BACKLOG}\` | **Backlog.** Incidents open at an instant: the end of the period, or now. Also by age: ${AGE_BANDS.map(([band]) => band).join(', ')}. | that instant | ${FIGURES.count} |`,
    '',
    `They can be broken down by ${DIMENSIONS.map((dimension) => `\`${dimension}\``).join(', ')}, alone (\`by=month,team\`) and in combination (\`by=priority+team\`): up to`,
    `${MAX_BREAKDOWNS} breakdowns of up to ${MAX_DEPTH} dimensions. What is not known is \`uncategorized\`, \`unassigned\` or \`none\`.`,
    '',
    '## What it costs',
    '',
    'Counts, sums and rates over whole UTC days are added up from daily figures, which every event moves as it is recorded: their cost grows with the days asked',
    'for, not with the incidents. Medians and percentiles are exact, and cost the incidents counted in the period; `ranks=false` leaves them out.',
    '',
    'This page is written from projections/incident-facts/kpi-definitions.ts by `npm run docs`; a test keeps it in step.',
    '',
  ].join('\n');

describe('the figures', () => {
  it('are documented as it is', () => assertPage('kpis.md', page()));
});
