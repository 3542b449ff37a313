import type { Catalogue, CollectionInfo } from '../catalogue.js';
import { Elements, fieldsOf, type RawValue } from '../bson/raw.js';
import type { Documents } from '../documents.js';
import { CommandError } from '../errors.js';
import { collated, collatedSort, refuseCollated } from '../query/collation.js';
import { compileFilter } from '../query/compile-filter.js';
import { Filter } from '../query/filter.js';
import { find, NOTHING, type Found } from '../query/find.js';
import type { Hint } from '../query/plan.js';
import { parseSort, type Sort } from '../query/sort.js';
import type { Source } from '../query/source.js';
import type { Store } from '../storage/store.js';
import type { Environment, Inner, Stage, Variables } from './environment.js';
import { countingGroup } from './counting.js';
import { stageLimit, STAGES } from './stages.js';

/** Where a pipeline finds its collections. */
export interface Place {
  readonly node: { readonly store: Store; readonly documents: Documents; readonly catalogue: Catalogue };
  readonly db: string;
}

/** One stage as it was written. */
export interface Written {
  name: string;
  operand: RawValue;
}

/** @throws CommandError Location40323, for what is no stage */
export const readStage = (stage: RawValue): Written => {
  const [entry, ...more] = fieldsOf(stage);
  if (!entry || more.length > 0)
    throw new CommandError('Location40323', 'A pipeline stage specification object must contain exactly one field.');
  return { name: entry[0], operand: entry[1] };
};

/** What the first stages of a pipeline ask of a collection. */
interface Front {
  filters: readonly RawValue[];
  sort: Sort | undefined;
  skip: number;
  limit: number | undefined;
  /** By whose rules text is compared. */
  collator?: Intl.Collator;
}

/** A compiled pipeline. */
export interface Pipeline {
  front: Front;
  /** The stages behind the front, as they were written and compiled. */
  written: readonly Written[];
  stages: readonly Stage[];
}

const isEmpty = (document: RawValue): boolean => !Elements.of(document).next();

/** Takes `$match`, `$sort`, `$skip` and `$limit` off the front, as a query, so that indexes serve them. */
const frontOf = (stages: readonly Written[]): { front: Front; length: number } => {
  const filters: RawValue[] = [];
  let sort: Sort | undefined;
  let skip = 0;
  let limit: number | undefined;
  let length = 0;
  for (const { name, operand } of stages) {
    // what is filtered or sorted after a skip or limit is another question
    const bounded = skip > 0 || limit !== undefined;
    if (name === '$match' && !bounded) filters.push(operand);
    else if (name === '$sort' && !bounded && !isEmpty(operand)) sort = parseSort(operand);
    else if (name === '$skip' && limit === undefined) skip += stageLimit('$skip', operand, 0);
    else if (name === '$limit') limit = Math.min(limit ?? Infinity, stageLimit('$limit', operand, 1));
    else break;
    length++;
  }
  return { front: { filters, sort, skip, limit }, length };
};

const compileStage = ({ name, operand }: Written, environment: Environment): Stage => {
  const factory = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
  if (!factory) throw new CommandError('Location40324', `Unrecognized pipeline stage name: '${name}'`);
  return factory(operand, environment);
};

/**
 * Compiles a pipeline. `names` are the variables that its expressions may use.
 * @throws CommandError for a stage that does not exist or is not well-formed
 */
export const compilePipeline = (stages: readonly RawValue[], place: Place, names: ReadonlySet<string>, query = true): Pipeline => {
  const written = stages.map(readStage);
  const { front, length } = frontOf(query ? written : []);
  const environment: Environment = {
    db: place.db,
    names,
    inner: (inner, more = []) => innerPipeline(inner, place, new Set([...names, ...more])),
  };
  const behind = written.slice(length);
  // checked now, whatever the variables turn out to be
  filterOf(front, Object.fromEntries([...names].map((name) => [name, undefined])));
  return { front, written: behind, stages: behind.map((stage) => compileStage(stage, environment)) };
};

/** What the front of a pipeline asks for. */
export const filterOf = ({ filters, collator }: Front, variables: Variables): Filter =>
  collated(new Filter(filters.flatMap((filter) => compileFilter(filter, variables).predicates)), collator);

/** Stages that compare no text. */
const BLIND: ReadonlySet<string> = new Set(['$limit', '$skip', '$count', '$unset']);

/**
 * The pipeline as it is where text is compared by the rules of a language.
 * @throws CommandError NotImplemented, for stages behind the front that may compare text
 */
export const collatedPipeline = (pipeline: Pipeline, collator: Intl.Collator | undefined): Pipeline => {
  if (!collator) return pipeline;
  const stranger = pipeline.written.find(({ name, operand }) => !BLIND.has(name) && !(name === '$group' && countingGroup(operand)));
  if (stranger) refuseCollated(`the stage ${stranger.name} at this place`);
  return { ...pipeline, front: { ...pipeline.front, collator } };
};

const innerPipeline = (stages: readonly RawValue[], place: Place, names: ReadonlySet<string>): Inner => {
  const overDocuments = compilePipeline(stages, place, names, false);
  const overCollection = compilePipeline(stages, place, names);
  return {
    over: (documents, variables) => through(overDocuments.stages, documents, variables),
    overCollection: (name, variables) => runPipeline(overCollection, place, place.node.catalogue.find(place.db, name), variables).source,
  };
};

/** The stages, one after another. */
export const through = (stages: readonly Stage[], from: Source, variables: Variables): Source =>
  stages.reduce((source, stage) => stage(source, variables), from);

/** What a pipeline gives over a collection; `found` is the query it begins with. */
export const runPipeline = (
  { front, stages }: Pipeline,
  { node }: Place,
  collection: CollectionInfo | undefined,
  variables: Variables,
  hint?: Hint,
): { source: Source; found: Found | undefined } => {
  const { skip, limit } = front;
  const sort = collatedSort(front.sort, front.collator);
  const found = collection && find(node, collection, filterOf(front, variables), { sort, skip, limit, hint });
  return { source: through(stages, found?.source ?? NOTHING, variables), found };
};
