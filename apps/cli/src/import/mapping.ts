import type { Expression, Template } from './expression.js';
import type { ImportableType } from './importable-events.js';

/** When a rule makes its event: all that is given must hold. */
export type Condition = Readonly<{
  /** One of these columns differs from the row before; on the first row: one is known. */
  changed?: readonly string[];
  /** One of these columns is known. */
  known?: readonly string[];
  /** The column has one of these values. */
  is?: ReadonlyMap<string, readonly string[]>;
  /** The column has one of these values, and had none of them on the row before; the first row has no row before. */
  becomes?: ReadonlyMap<string, readonly string[]>;
  /** The state changed, from one of these kinds (absent: from any) to one of those. */
  state?: Readonly<{ from?: readonly string[]; to?: readonly string[] }>;
}>;

export type Rows = 'first' | 'later' | 'every';

/** One event that a row can make. */
export type Rule = Readonly<{
  event: ImportableType;
  rows: Rows;
  when: Condition;
  at: Template;
  by?: Template;
  data: ReadonlyMap<string, Expression>;
}>;

/** How another system's log becomes events; docs/import.md is its reference. */
export type Mapping = Readonly<{
  /** Who the events are from: the actor of every one. */
  name: string;
  /** Whose incident numbers these are; with the number it makes the events' ids. */
  source: string;
  delimiter: string;
  /** What stands for "not known", beside an empty cell. */
  missing: readonly string[];
  time: Readonly<{ format: string; zone: string }>;
  incident: Template;
  state?: Readonly<{ of: string; before: string; kindOf: ReadonlyMap<string, string> }>;
  rules: readonly Rule[];
  /** SHA-256 of the mapping's text, hex. */
  sha256: string;
}>;
