import { countingGroup } from '../aggregate/counting.js';
import type { Variables } from '../aggregate/environment.js';
import { compilePipeline, filterOf, readStage, runPipeline, through, type Pipeline } from '../aggregate/pipeline.js';
import { BsonType } from '../bson/raw.js';
import type { CollectionInfo } from '../catalogue.js';
import { CommandError } from '../errors.js';
import { countMatching } from '../query/count.js';
import { Held, type Source } from '../query/source.js';
import { requireOwner } from './access.js';
import { variablesOf, type Call, type Handler } from './call.js';
import { Arguments } from './command.js';
import { checkCollation } from './concerns.js';
import { cursorReply } from './cursor-reply.js';
import { explainPipeline, explanation } from './explain.js';
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

/** https://www.mongodb.com/docs/manual/reference/command/aggregate/ */
export const aggregate: Handler = async (call) => {
  const { node, client, command, patience } = call;
  command.allow(FIELDS);
  checkCollation(command);
  if (command.require('aggregate').type !== BsonType.string) {
    // a stage that does not exist is told first
    compilePipeline(command.list('pipeline'), { node, db: command.db }, new Set());
    throw new CommandError('InvalidNamespace', 'This node has no pipelines over a database; name a collection');
  }
  const name = command.collection();
  const namespace = `${command.db}.${name}`;
  if (command.boolean('explain')) return explanation(command.document, await explainPipeline(call, command, name, false));
  const options = command.object('cursor');
  if (!options) throw new CommandError('FailedToParse', "The 'cursor' option is required, except for aggregate with the explain argument");
  const cursor = new Arguments('cursor', options);
  cursor.allow(CURSOR);

  const stages = command.list('pipeline').map(readStage);
  const output = stages.at(-1);
  const reading = output && isOutput(output) ? command.list('pipeline').slice(0, -1) : command.list('pipeline');
  if (stages.slice(0, -1).some(isOutput))
    throw new CommandError('Location40601', '$out and $merge can only be the final stage in the pipeline');

  const variables = variablesOf(command.object('let'));
  const place = { node, db: command.db };
  const pipeline = compilePipeline(reading, place, new Set(Object.keys(variables)));
  const collection = node.catalogue.find(command.db, name);
  const batchSize = cursor.integer('batchSize');
  const count = await counted(call, pipeline, collection, variables);
  const { source, found } = count
    ? { source: count, found: undefined }
    : runPipeline(pipeline, place, collection, variables, hintOf(command));
  if (output && isOutput(output)) {
    requireOwner(node, client, command.name, command.db);
    await runOutput(node, command.db, output, source, patience);
    return cursorReply(call, { namespace, source: new Held([]), batchSize });
  }
  return cursorReply(call, { namespace, source, batchSize, from: collection && found && { collection, plan: found.plan } });
};
