import { incidentNumber, type IncidentEvent } from '#domain/incident';
import { InvalidInput } from '#kernel';
import { nearest } from '#config';
import { shapeOf } from './importable-events.js';
import {
  bindExpression,
  bindTemplate,
  columnsOf,
  columnsOfTemplate,
  MISSING,
  RowFault,
  type Cells,
  type Columns,
  type Evaluate,
  type Known,
} from './expression.js';
import { fieldValue } from './field-values.js';
import type { Condition, Mapping, Rule } from './mapping.js';
import { timeReader, type TimeReader } from './time-format.js';

/** One row of the file. `line` is where it begins, the header being line 1; `row` counts from 1 below the header. */
export type Row = Readonly<{ line: number; row: number; cells: Cells }>;

export type MappedEvent = Readonly<{ event: IncidentEvent; occurredAt: string; /** Who did it, by the row. */ by?: string; row: number }>;

/** What is wrong with a row, and what would be right. */
export type Fault = Readonly<{ line: number; reason: string }>;

/** One incident's rows as events; where any row is faulty there are none. */
export type MappedIncident = Readonly<{ events: readonly MappedEvent[]; faults: readonly Fault[] }>;

/** Which incident a row speaks of. */
export type IncidentKey = Readonly<{ incidentId: string; number: number }>;

export interface RowMapper {
  /** @throws RowFault when the row does not name an incident, or has more or fewer cells than the header */
  keyOf(cells: Cells): IncidentKey;
  /** All rows of one incident, in the order of the file. Pure; faults are an answer. */
  map(incidentId: string, rows: readonly Row[]): MappedIncident;
}

/** What a rule is asked about: this row, the one before it, and the state before and after. */
type Change = Readonly<{
  now: Cells;
  was: Cells | undefined;
  from: string | undefined;
  to: string | undefined;
  kindOf: ReadonlyMap<string, string>;
}>;
type Holds = (change: Change) => boolean;

const LARGEST_NUMBER = 999_999_999;

const columnsOfRule = ({ when, at, by = [], data }: Rule): string[] => [
  ...(when.changed ?? []),
  ...(when.known ?? []),
  ...(when.is?.keys() ?? []),
  ...(when.becomes?.keys() ?? []),
  ...columnsOfTemplate(at),
  ...columnsOfTemplate(by),
  ...[...data.values()].flatMap(columnsOf),
];

/** Where each column of the file stands. @throws InvalidInput naming every column that the mapping speaks of and the file does not have */
const columnsIn = (header: Cells, { incident, state, rules, name }: Mapping): Columns => {
  const columns = new Map(header.map((column, n) => [column, n] as const));
  const named = new Set([...columnsOfTemplate(incident), ...(state ? [state.of] : []), ...rules.flatMap(columnsOfRule)]);
  const faults = [...named]
    .filter((column) => !columns.has(column))
    .map((column) => ({ field: column, near: nearest(column, header) }))
    .map(({ field, near }) => ({ field, message: `the file has no such column${near ? `; did you mean ${near}?` : ''}` }));
  if (columns.size < header.length) faults.push({ field: 'header', message: 'names a column twice' });
  if (faults.length === 0) return columns;
  const lines = faults.map(({ field, message }) => `  ${field}: ${message}`).join('\n');
  throw new InvalidInput('COLUMNS_MISSING', `The file does not fit the mapping ${name}:\n${lines}`, faults);
};

const holdsWhen = ({ changed, known, is, becomes, state }: Condition, columns: Columns): Holds => {
  const placed = (names: Iterable<string>) => [...names].map((name) => columns.get(name) as number);
  const valued = (table: ReadonlyMap<string, readonly string[]>) =>
    [...table].map(([column, values]) => ({ at: columns.get(column) as number, values: new Set(values) }));

  const all: Holds[] = [];
  if (changed) {
    const at = placed(changed);
    all.push(({ now, was }) => at.some((n) => now[n] !== (was ? was[n] : '')));
  }
  if (known) {
    const at = placed(known);
    all.push(({ now }) => at.some((n) => now[n] !== ''));
  }
  if (is) {
    const cells = valued(is);
    all.push(({ now }) => cells.every(({ at, values }) => values.has(now[at] as string)));
  }
  if (becomes) {
    const cells = valued(becomes);
    all.push(({ now, was }) => cells.every(({ at, values }) => values.has(now[at] as string) && !(was && values.has(was[at] as string))));
  }
  if (state) {
    const among = (kinds: readonly string[] | undefined, kind: string | undefined) =>
      !kinds || (kind !== undefined && kinds.includes(kind));
    all.push(
      ({ from, to, kindOf }) =>
        from !== to &&
        among(state.from, from === undefined ? undefined : kindOf.get(from)) &&
        among(state.to, to === undefined ? undefined : kindOf.get(to)),
    );
  }
  return (change) => all.every((holds) => holds(change));
};

type BoundRule = Readonly<{
  rule: Rule;
  holds: Holds;
  at: Evaluate;
  by: Evaluate;
  data: (cells: Cells) => Record<string, unknown>;
}>;

const bindRule = (rule: Rule, columns: Columns, readTime: TimeReader): BoundRule => {
  const shapes = Object.entries(shapeOf(rule.event)).map(([field, shape]) => {
    const expression = rule.data.get(field);
    return { field, shape, evaluate: expression ? bindExpression(expression, columns) : (): Known => MISSING };
  });
  return {
    rule,
    holds: holdsWhen(rule.when, columns),
    at: bindTemplate(rule.at, columns),
    by: rule.by ? bindTemplate(rule.by, columns) : () => MISSING,
    data: (cells) => {
      const data: Record<string, unknown> = {};
      for (const { field, shape, evaluate } of shapes) {
        const value = fieldValue(field, shape, evaluate(cells), readTime);
        if (value !== MISSING) data[field] = value;
      }
      return data;
    },
  };
};

const appliesTo = ({ rows }: Rule, isFirst: boolean): boolean => {
  switch (rows) {
    case 'first':
      return isFirst;
    case 'later':
      return !isFirst;
    case 'every':
      return true;
    default:
      return rows satisfies never;
  }
};

const asWritten = (template: Rule['at']) => template.map((part) => (typeof part === 'string' ? part : part.column)).join('');

/**
 * A mapping, ready for the files that have this header.
 * `latestMs`: what happened after it cannot have happened, for it has not come yet.
 * @throws InvalidInput COLUMNS_MISSING when the file lacks a column that the mapping speaks of
 */
export const rowMapper = (mapping: Mapping, header: Cells, latestMs: number): RowMapper => {
  const columns = columnsIn(header, mapping);
  const readTime = timeReader(mapping.time.format, mapping.time.zone);
  const rules = mapping.rules.map((rule) => bindRule(rule, columns, readTime));
  const nameOfIncident = bindTemplate(mapping.incident, columns);
  const { state } = mapping;
  const stateAt = state && (columns.get(state.of) as number);
  const missing = new Set(mapping.missing);
  const kindOf = state?.kindOf ?? new Map<string, string>();

  const known = (cells: Cells): Cells =>
    cells.some((cell) => missing.has(cell)) ? cells.map((cell) => (missing.has(cell) ? '' : cell)) : cells;

  const momentOf = ({ at, rule }: BoundRule, cells: Cells): string => {
    const text = at(cells);
    if (text === MISSING) throw new RowFault(`${asWritten(rule.at)} is not known: ${rule.event} has no time`);
    const ms = readTime(text as string);
    if (ms === undefined) throw new RowFault(`${asWritten(rule.at)} is "${String(text)}": it is no time like ${mapping.time.format}`);
    if (ms > latestMs) throw new RowFault(`${asWritten(rule.at)} is "${String(text)}": that is in the future`);
    return new Date(ms).toISOString();
  };

  const stateOf = (cells: Cells): string | undefined => {
    if (!state || stateAt === undefined) return undefined;
    const name = cells[stateAt] as string;
    if (kindOf.has(name)) return name;
    throw new RowFault(
      name === '' ? `${state.of} is not known` : `${state.of} is "${name}": the mapping knows ${[...kindOf.keys()].join(', ')}`,
    );
  };

  const eventOf = (bound: BoundRule, incidentId: string, cells: Cells, row: number): MappedEvent => {
    const by = bound.by(cells);
    const event = { type: bound.rule.event, data: { incidentId, ...bound.data(cells) } } as unknown as IncidentEvent;
    return { event, occurredAt: momentOf(bound, cells), row, ...(by !== MISSING && { by: by as string }) };
  };

  return {
    keyOf: (cells) => {
      if (cells.length !== header.length) throw new RowFault(`it has ${cells.length} cells, and the header ${header.length}`);
      const name = nameOfIncident(known(cells));
      if (name === MISSING) throw new RowFault(`${asWritten(mapping.incident)} is not known: the row names no incident`);
      const digits = /\d+$/.exec(name as string)?.[0];
      const number = digits === undefined ? 0 : Number(digits);
      if (number < 1 || number > LARGEST_NUMBER) {
        throw new RowFault(
          `${asWritten(mapping.incident)} is "${String(name)}": an incident's number ends in digits, from 1 to ${LARGEST_NUMBER}`,
        );
      }
      return { number, incidentId: incidentNumber(number) };
    },

    map: (incidentId, rows) => {
      const events: MappedEvent[] = [];
      const faults: Fault[] = [];
      let was: Cells | undefined;
      let from = state?.before;
      for (const { cells, line, row } of rows) {
        const now = known(cells);
        try {
          const to = stateOf(now);
          const change = { now, was, from, to, kindOf };
          for (const bound of rules) {
            if (appliesTo(bound.rule, was === undefined) && bound.holds(change)) events.push(eventOf(bound, incidentId, now, row));
          }
          from = to;
        } catch (error) {
          if (!(error instanceof RowFault)) throw error;
          faults.push({ line, reason: error.message });
        }
        was = now;
      }
      return faults.length > 0 ? { events: [], faults } : { events, faults };
    },
  };
};
