import type { RawValue } from '../bson/raw.js';

/** A value of an expression; undefined is a missing field. */
export type Value = RawValue | undefined;

/** What an expression may look at. */
export interface Scope {
  /** The document at hand: `$$ROOT` and `$$CURRENT`. */
  readonly root: RawValue;
  readonly variables: Readonly<Record<string, Value>>;
}

export type Expression = (scope: Scope) => Value;

/** The same scope with further variables. */
export const binding = (scope: Scope, variables: Readonly<Record<string, Value>>): Scope => ({
  root: scope.root,
  variables: { ...scope.variables, ...variables },
});

/** What an operator is compiled with. */
export interface Compiling {
  /** Compiles an expression within it, where further variables may be defined. */
  compile: (expression: RawValue, more?: readonly string[]) => Expression;
}

/** Builds an operator's expression from its operand. */
export type OperatorFactory = (operand: RawValue, compiling: Compiling) => Expression;
