import type { IncrementOutput } from '#kernel';
import type { IncidentFacts } from './incident-facts.document.js';
import {
  attributesOf,
  KPI_DEFINITIONS,
  KPI_NAMES,
  type Attribute,
  type CountedAt,
  type KpiDefinition,
  type KpiName,
} from './kpi-definitions.js';

/**
 * The figures of one day and one combination of attributes: for every definition that can be added up, how many incidents it counts
 * (`n`), and the sum of seconds (`sum`) or how many it holds for (`k`). UTC days.
 */
export type DailyFigures = Readonly<{ day: string }> &
  Readonly<Record<Attribute, string>> &
  Readonly<Record<string, string | Readonly<{ n: number; sum?: number; k?: number }>>>;

/** What one incident adds to the cell it is counted in at one moment. */
type Contribution = Readonly<{ cell: string; key: Readonly<Record<string, string>>; counters: Readonly<Record<string, number>> }>;

const DEFINITIONS = KPI_NAMES.map((name): readonly [KpiName, KpiDefinition] => [name, KPI_DEFINITIONS[name]]);
const MOMENTS = [...new Set(DEFINITIONS.map(([, { countedAt }]) => countedAt))];
const COUNTED_AT = new Map(MOMENTS.map((moment) => [moment, DEFINITIONS.filter(([, { countedAt }]) => countedAt === moment)]));

/** Every counter of a cell, in order. */
export const DAILY_COUNTERS: readonly string[] = DEFINITIONS.flatMap(([name, { kind }]) => {
  switch (kind) {
    case 'count':
      return [`${name}.n`];
    case 'duration':
      return [`${name}.n`, `${name}.sum`];
    case 'rate':
      return [`${name}.n`, `${name}.k`];
    case 'cost':
      // of one currency each: costs are added up from the facts, when a currency is asked for
      return [];
    default:
      return kind satisfies never;
  }
});

const count = (facts: IncidentFacts, name: KpiName, definition: KpiDefinition, counters: Record<string, number>) => {
  switch (definition.kind) {
    case 'count':
      counters[`${name}.n`] = 1;
      break;
    case 'duration': {
      const seconds = definition.seconds(facts);
      if (seconds === null) break;
      counters[`${name}.n`] = 1;
      counters[`${name}.sum`] = seconds;
      break;
    }
    case 'rate':
      if (!definition.includes(facts)) break;
      counters[`${name}.n`] = 1;
      counters[`${name}.k`] = definition.holds(facts) ? 1 : 0;
      break;
    case 'cost':
      break;
    default:
      definition satisfies never;
  }
};

const contributionAt = (facts: IncidentFacts, moment: CountedAt, attributes: Record<Attribute, string>): Contribution | undefined => {
  const at = facts[moment];
  if (at === null) return undefined;
  const key = { day: at.slice(0, 10), ...attributes };
  const counters: Record<string, number> = {};
  for (const [name, definition] of COUNTED_AT.get(moment) ?? []) count(facts, name, definition, counters);
  return { cell: JSON.stringify(Object.values(key)), key, counters };
};

/** What is "after" one event is "before" the next: each state is counted once. */
const counted = new WeakMap<IncidentFacts, readonly (Contribution | undefined)[]>();

const contributionsOf = (facts: IncidentFacts | undefined): readonly (Contribution | undefined)[] => {
  if (!facts) return [];
  const known = counted.get(facts);
  if (known) return known;
  const attributes = attributesOf(facts);
  const contributions = MOMENTS.map((moment) => contributionAt(facts, moment, attributes));
  counted.set(facts, contributions);
  return contributions;
};

const increment = ({ cell, key }: Contribution, by: Readonly<Record<string, number>>): IncrementOutput => ({
  kind: 'increment',
  collection: 'daily_figures',
  id: cell,
  key,
  by,
});

/** What turns the counters before into those after; a counter that one side does not name is at nothing there. */
const difference = (after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>): Record<string, number> => {
  const by: Record<string, number> = { ...after };
  for (const counter in before) by[counter] = (by[counter] ?? 0) - (before[counter] as number);
  return by;
};

/**
 * How one event moves the daily figures: at each moment the incident leaves the cell it was counted in and enters the one it is counted
 * in now. Costs a handful of comparisons where nothing moves; at most ten increments where its attributes change.
 */
export const dailyChanges = (before: IncidentFacts | undefined, after: IncidentFacts | undefined): readonly IncrementOutput[] => {
  if (before === after) return [];
  const [was, is] = [contributionsOf(before), contributionsOf(after)];
  const changes: IncrementOutput[] = [];
  for (let n = 0; n < MOMENTS.length; n++) {
    const [left, entered] = [was[n], is[n]];
    if (left && entered && left.cell === entered.cell) {
      changes.push(increment(entered, difference(entered.counters, left.counters)));
      continue;
    }
    if (left) changes.push(increment(left, difference({}, left.counters)));
    if (entered) changes.push(increment(entered, entered.counters));
  }
  return changes;
};
