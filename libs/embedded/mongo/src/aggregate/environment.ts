import type { RawValue } from '../bson/raw.js';
import type { Source } from '../query/source.js';
import type { Scope } from './scope.js';

export type Variables = Scope['variables'];

/** What a stage makes of the documents that come to it, with the variables of the moment. */
export type Stage = (from: Source, variables: Variables) => Source;

/** A pipeline within a stage, compiled once and run with the variables of the moment: over documents, or over a collection. */
export interface Inner {
  over: (documents: Source, variables: Variables) => Source;
  overCollection: (name: string, variables: Variables) => Source;
}

/** What stages may reach beside the documents that come to them. */
export interface Environment {
  readonly db: string;
  /** The names of the variables that are defined. */
  readonly names: ReadonlySet<string>;
  /** Compiles a pipeline within a stage, where further variables may be defined. */
  readonly inner: (stages: readonly RawValue[], more?: readonly string[]) => Inner;
}

export type StageFactory = (operand: RawValue, environment: Environment) => Stage;
