/**
 * What the program costs, held against what it is made of: one table, each row a ratio of two things measured in turn within the same run.
 * docs/performance.md says what each row means and how to read it.
 *
 *   npm run bench -- [--row http,import,catch-up,memory,timers] [--rounds N] [--incidents N] [--reports N] [--timers N] [--json]
 */
import { parseArgs } from 'node:util';
import { grouped, table } from '../../apps/cli/src/terminal/table.js';
import type { Compared, Figure, Goal } from './comparison.js';
import { catchUp } from './rows/catch-up.js';
import { httpReports } from './rows/http-reports.js';
import { importOfLog } from './rows/import.js';
import { residentMemory } from './rows/memory.js';
import { timers } from './rows/timers.js';
import { generatedLog, realLog } from './logs.js';

const { values } = parseArgs({
  options: {
    row: { type: 'string', default: 'http,import,catch-up,memory,timers' },
    rounds: { type: 'string', default: '3' },
    incidents: { type: 'string', default: '10000' },
    reports: { type: 'string', default: '3000' },
    timers: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
});

const count = (name: 'rounds' | 'incidents' | 'reports' | 'timers'): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`--${name} takes a whole number from 1, not ${values[name]}`);
};
const [rounds, incidents, reports] = [count('rounds'), count('incidents'), count('reports')];

/** Rows by name; the real log is measured where it is at hand. */
const ROWS: Readonly<Record<string, () => Promise<Compared[]>>> = {
  http: async () => [await httpReports({ reports, rounds })],
  import: () => eachLog((log) => importOfLog({ log, rounds })),
  'catch-up': () => eachLog((log) => catchUp({ log, rounds })),
  memory: async () => [await residentMemory({ incidents })],
  timers: () => timers({ incidents: count('timers'), rounds }),
};

const eachLog = async (measure: (log: Awaited<ReturnType<typeof generatedLog>>) => Promise<Compared>): Promise<Compared[]> => {
  const compared: Compared[] = [];
  for (const log of [await generatedLog(incidents), realLog()]) {
    if (!log) continue;
    try {
      compared.push(await measure(log));
    } finally {
      log.remove();
    }
  }
  return compared;
};

const asked = values.row.split(',').map((name) => name.trim());
const stranger = asked.find((name) => !(name in ROWS));
if (stranger !== undefined) throw new RangeError(`There is no row ${stranger}: take ${Object.keys(ROWS).join(', ')}`);

const found: Compared[] = [];
for (const name of asked) {
  process.stderr.write(`measuring: ${name} …\n`);
  const measured = (await ROWS[name]?.()) ?? [];
  for (const { what, ratio } of measured) process.stderr.write(`  ${what}: ${ratio.toFixed(2)}\n`);
  found.push(...measured);
}

const shown = ({ value, unit }: Figure) => `${grouped(Math.round(value))} ${unit}`;
const shownGoal = (goal: Goal) => ('atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`);

if (values.json) console.log(JSON.stringify(found, null, 2));
else {
  console.log(
    table(
      [
        { heading: 'what' },
        { heading: 'measured', align: 'right' },
        { heading: 'against' },
        { heading: 'measured', align: 'right' },
        { heading: 'ratio', align: 'right' },
        { heading: 'of rounds', align: 'right' },
        { heading: 'goal' },
        { heading: 'verdict' },
      ],
      found.map(({ what, figure, against, otherFigure, ratio, ratios, goal, isMet }) => [
        what,
        shown(figure),
        against,
        shown(otherFigure),
        ratio.toFixed(2),
        `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
        shownGoal(goal),
        isMet ? 'met' : 'MISSED',
      ]),
    ),
  );
}
