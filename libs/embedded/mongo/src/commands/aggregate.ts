import { countingGroup } from '../aggregate/counting.js';
import type { Variables } from '../aggregate/environment.js';
import { collatedPipeline, compilePipeline, filterOf, readStage, runPipeline, through, type Pipeline } from '../aggregate/pipeline.js';
import type { RawValue } from '../bson/raw.js';
import type { CollectionInfo } from '../catalogue.js';
import { CommandError } from '../errors.js';
import { refuseCollated } from '../query/collation.js';
import { countMatching } from '../query/count.js';
import { Held, type Source } from '../query/source.js';
import { requireOwner } from './access.js';
import { variablesOf, type Call, type Handler } from './call.js';
import { Arguments } from './command.js';
import { collatorOf } from './collation.js';
import { cursorReply, type Results } from './cursor-reply.js';
import { explainPipeline, explanation } from './explain.js';
import { broughtBy } from './first-stages.js';
import { hintOf } from './find.js';
import { isOutput, runOutput } from './output.js';

const FIELDS: ReadonlySet<string> = new Set('pipeline cursor explain hint let allowDiskUse collation bypassDocumentValidation'.split(' '));
const CURSOR: ReadonlySet<string> = new Set(['batchSize']);

/** A pipeline that does nothing but count what matches: answered from an index where one knows all that is asked. */
const counted = async (
  { node, command, patience }: Call,
  { front, written, stages }: Pipeline,
  collection: CollectionInfo | undefined,
  variables: Variables,
): Promise<Source | undefined> => {
  const [first] = written;
  const documentFor = first?.name === '$group' ? countingGroup(first.operand) : undefined;
  if (!documentFor || !collection) return undefined;
  const filter = filterOf(front, variables);
  const { documents } = node.catalogue.size(collection);
  const matching = filter.predicates.length === 0 ? documents : await countMatching(node, collection, filter, hintOf(command), patience);
  const document = documentFor(Math.max(0, Math.min(matching - front.skip, front.limit ?? Infinity)));
  return through(stages.slice(1), new Held(document ? [document] : []), variables);
};

/** What a pipeline gives, without a stage at its end that writes. */
const resultsOf = async (
  call: Call,
  stages: readonly RawValue[],
  over: 'collection' | 'database',
  variables: Variables,
): Promise<Pick<Results, 'source' | 'from'>> => {
  const { node, command } = call;
  const [place, names] = [{ node, db: command.db }, new Set(Object.keys(variables))];
  const [first] = stages;
  const brought = first && broughtBy(call, readStage(first), over, variables);
  if (brought && collatorOf(command)) refuseCollated('documents of no collection');
  if (brought) return { source: through(compilePipeline(stages.slice(1), place, names, false).stages, brought, variables) };
  const pipeline = collatedPipeline(compilePipeline(stages, place, names), collatorOf(command));
  if (over === 'database')
    throw new CommandError('InvalidNamespace', '{aggregate: 1} is not valid for this pipeline; a collection is required.');
  const collection = node.catalogue.find(command.db, command.collection());
  const count = await counted(call, pipeline, collection, variables);
  if (count) return { source: count };
  const { source, found } = runPipeline(pipeline, place, collection, variables, hintOf(command));
  return { source, from: collection && found && { collection, plan: found.plan } };
};

/** https://www.mongodb.com/docs/manual/reference/command/aggregate/ */
export const aggregate: Handler = async (call) => {
  const { node, client, command, patience } = call;
  command.allow(FIELDS);
  const over = command.require('aggregate').isNumber ? 'database' : 'collection';
  const name = over === 'database' ? '$cmd.aggregate' : command.collection();
  const namespace = `${command.db}.${name}`;
  if (command.boolean('explain')) return explanation(command.document, await explainPipeline(call, command, name, false));
  const options = command.object('cursor');
  if (!options) throw new CommandError('FailedToParse', "The 'cursor' option is required, except for aggregate with the explain argument");
  const cursor = new Arguments('cursor', options);
  cursor.allow(CURSOR);

  const stages = command.list('pipeline');
  const last = stages.at(-1);
  const output = [last && readStage(last)].find((stage) => stage && isOutput(stage));
  if (stages.slice(0, -1).map(readStage).some(isOutput))
    throw new CommandError('Location40601', '$out and $merge can only be the final stage in the pipeline');

  const variables = variablesOf(command.object('let'));
  const batchSize = cursor.integer('batchSize');
  const { source, from } = await resultsOf(call, output ? stages.slice(0, -1) : stages, over, variables);
  if (output) {
    requireOwner(node, client, command.name, command.db);
    await runOutput(node, command.db, output, source, patience);
    return cursorReply(call, { namespace, source: new Held([]), batchSize });
  }
  return cursorReply(call, { namespace, source, batchSize, from });
};
