import { hostname } from 'node:os';
import { collatedPipeline, compilePipeline, runPipeline } from '../aggregate/pipeline.js';
import { Elements, type RawValue } from '../bson/raw.js';
import type { CollectionInfo } from '../catalogue.js';
import { CommandError } from '../errors.js';
import { collated } from '../query/collation.js';
import { compileFilter } from '../query/compile-filter.js';
import { EVERYTHING } from '../query/filter.js';
import { find, type FindOptions, type Found } from '../query/find.js';
import type { Access } from '../query/plan.js';
import { drain } from '../query/source.js';
import { variablesOf, type Call, type Handler, type Reply } from './call.js';
import { collatorOf } from './collation.js';
import { Arguments } from './command.js';
import { hintOf, readFind } from './find.js';
import { ID_INDEX } from './index-specification.js';

const FIELDS: ReadonlySet<string> = new Set(['verbosity']);
const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution'];

/** What a stage of an explained plan is made of. */
interface StageTree {
  readonly [field: string]: unknown;
  readonly stage: string;
}

/** How an access reaches its documents, in the words of a real server. */
const accessTree = ({ index, stage, reverse, intervals }: Access, filter: RawValue | undefined): StageTree => {
  const direction = reverse ? 'backward' : 'forward';
  if (stage === 'EOF' || stage === 'IDHACK') return { stage };
  if (stage === 'COLLSCAN') return { stage, ...(filter && { filter }), direction };
  const { name, pattern, unique, sparse, partial } = index ?? { ...ID_INDEX, unique: true };
  const scan = {
    stage: 'IXSCAN',
    keyPattern: Object.fromEntries(pattern),
    indexName: name,
    isMultiKey: index?.multikey ?? false,
    isUnique: unique,
    isSparse: sparse,
    isPartial: partial !== undefined,
    indexVersion: 2,
    direction,
    intervals: intervals.length,
  };
  return { stage: 'FETCH', ...(filter && { filter }), inputStage: scan };
};

const planTree = ({ plan }: Found, query: RawValue | undefined, { sort, skip, limit, projection }: FindOptions): StageTree => {
  const trees = plan.accesses.map((access) => accessTree(access, access.residual.predicates.length > 0 ? query : undefined));
  let tree: StageTree = trees.length === 1 ? (trees[0] as StageTree) : { stage: 'OR', inputStages: trees };
  if (sort && !plan.sorted) {
    const sortPattern = Object.fromEntries(sort.map(({ dotted, direction }) => [dotted, direction]));
    tree = { stage: 'SORT', sortPattern, ...(limit !== undefined && { limitAmount: limit + (skip ?? 0) }), inputStage: tree };
  }
  if (skip) tree = { stage: 'SKIP', skipAmount: skip, inputStage: tree };
  if (limit !== undefined) tree = { stage: 'LIMIT', limitAmount: limit, inputStage: tree };
  return projection ? { stage: 'PROJECTION_DEFAULT', inputStage: tree } : tree;
};

/** A query to be explained. */
interface Question {
  collection: CollectionInfo | undefined;
  namespace: string;
  query: RawValue | undefined;
  options: FindOptions;
  found: Found | undefined;
  /** What is on top of the plan: COUNT, UPDATE, DELETE, DISTINCT. */
  top?: string;
}

const isEmpty = (query: RawValue | undefined): boolean => !query || !Elements.of(query).next();

/** Explains a query: how it would be answered and, where asked for, what answering it costs. Nothing is written. */
const explained = async (question: Question, execute: boolean, call: Call): Promise<Reply> => {
  const { namespace, query, options, found, top } = question;
  const inner: StageTree = found ? planTree(found, isEmpty(query) ? undefined : query, options) : { stage: 'EOF' };
  const winningPlan = top === undefined ? inner : { stage: top, inputStage: inner };
  const queryPlanner = { plannerVersion: 1, namespace, indexFilterSet: false, parsedQuery: query ?? {}, winningPlan, rejectedPlans: [] };
  if (!execute) return { queryPlanner };
  const from = performance.now();
  let nReturned = 0;
  if (found) await drain(found.source, () => ++nReturned > 0, call.patience);
  const sum = (of: 'keysExamined' | 'documentsExamined') => (found?.scans ?? []).reduce((total, scan) => total + scan[of], 0);
  return {
    queryPlanner,
    executionStats: {
      executionSuccess: true,
      nReturned,
      executionTimeMillis: Math.round(performance.now() - from),
      totalKeysExamined: sum('keysExamined'),
      totalDocsExamined: sum('documentsExamined'),
      executionStages: winningPlan,
    },
  };
};

const firstOf = (given: Arguments, list: string): Arguments => {
  const [statement, ...more] = given.objects(list) ?? [];
  if (!statement || more.length > 0) throw new CommandError('FailedToParse', `An explained ${given.what} has exactly one statement`);
  return new Arguments(`${given.what}.${list}`, statement);
};

const questionOf = (call: Call, given: Arguments, name: string): Question => {
  const { node, command } = call;
  const collection = node.catalogue.find(command.db, name);
  const ask = (query: RawValue | undefined, options: FindOptions, top?: string, from = given): Question => {
    const filter = collated(query ? compileFilter(query, variablesOf(given.object('let'))) : EVERYTHING, collatorOf(from));
    const found = collection && find(node, collection, filter, options);
    return { collection, namespace: `${command.db}.${name}`, query, options, found, ...(top !== undefined && { top }) };
  };
  switch (given.what) {
    case 'find': {
      const { options } = readFind(given);
      return ask(given.object('filter'), options);
    }
    case 'count':
      return ask(given.object('query'), { hint: hintOf(given), skip: given.integer('skip'), limit: given.integer('limit') }, 'COUNT');
    case 'distinct':
      return ask(given.object('query'), { hint: hintOf(given) });
    case 'update':
    case 'delete': {
      const statement = firstOf(given, given.what === 'update' ? 'updates' : 'deletes');
      return ask(statement.object('q'), { hint: hintOf(statement) }, given.what.toUpperCase(), statement);
    }
    case 'findAndModify':
    case 'findandmodify':
      return ask(given.object('query'), { hint: hintOf(given), limit: 1 }, given.boolean('remove') ? 'DELETE' : 'UPDATE');
    default:
      throw new CommandError('CommandNotFound', `Explain failed due to unknown command: ${given.what}`);
  }
};

/** Explains a pipeline: the query at its front, and the stages behind it. */
export const explainPipeline = async (call: Call, given: Arguments, name: string, execute: boolean): Promise<Reply> => {
  const { node, command } = call;
  const variables = variablesOf(given.object('let'));
  const place = { node, db: command.db };
  const compiled = compilePipeline(given.objects('pipeline') ?? [], place, new Set(Object.keys(variables)));
  const pipeline = collatedPipeline(compiled, collatorOf(given));
  const collection = node.catalogue.find(command.db, name);
  const { found } = runPipeline({ ...pipeline, stages: [] }, place, collection, variables, hintOf(given));
  const { filters, sort, skip, limit } = pipeline.front;
  const options = { sort, skip: skip === 0 ? undefined : skip, limit };
  const question = { collection, namespace: `${command.db}.${name}`, query: filters[0], options, found };
  const front = await explained(question, execute, call);
  if (pipeline.written.length === 0) return front;
  return { stages: [{ $cursor: front }, ...pipeline.written.map((stage) => ({ [stage.name]: stage.operand }))] };
};

/** What every explanation says beside the plan. */
export const explanation = (given: RawValue, plan: Reply): Reply => ({
  explainVersion: '1',
  ...plan,
  command: given,
  serverInfo: { host: hostname(), version: '7.0.0', gitVersion: 'embedded-mongo' },
});

/** https://www.mongodb.com/docs/manual/reference/command/explain/ */
export const explain: Handler = async (call) => {
  const { command } = call;
  command.allow(FIELDS);
  const verbosity = command.string('verbosity') ?? 'allPlansExecution';
  if (!VERBOSITIES.includes(verbosity))
    throw new CommandError('FailedToParse', `verbosity string must be one of {'queryPlanner', 'executionStats', 'allPlansExecution'}`);
  const inner = command.object('explain') ?? command.require('explain');
  const first = Elements.of(inner);
  const name = first.next() ? first.name() : '';
  const given = new Arguments(name, inner);
  const collection = given.string(name);
  if (collection === undefined) throw new CommandError('InvalidNamespace', 'Explain needs a command on a collection');
  const execute = verbosity !== 'queryPlanner';
  const plan =
    name === 'aggregate'
      ? await explainPipeline(call, given, collection, execute)
      : await explained(questionOf(call, given, collection), execute, call);
  return explanation(inner, plan);
};
