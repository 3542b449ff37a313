import type { RawValue } from '../bson/raw.js';
import { BsonType } from '../bson/raw.js';
import { decode } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { collated, collatedSort } from '../query/collation.js';
import { compileFilter } from '../query/compile-filter.js';
import { EVERYTHING, type Filter } from '../query/filter.js';
import { find, NOTHING } from '../query/find.js';
import type { Hint } from '../query/plan.js';
import { compileProjection } from '../query/projection.js';
import { parseSort } from '../query/sort.js';
import type { FindOptions } from '../query/find.js';
import { variablesOf, type Handler } from './call.js';
import type { Arguments } from './command.js';
import { collatorOf, refuseCollatedProjection } from './collation.js';
import { cursorReply } from './cursor-reply.js';

const FIELDS: ReadonlySet<string> = new Set(
  (
    'filter sort projection hint skip limit batchSize singleBatch noCursorTimeout allowPartialResults allowDiskUse collation let ' +
    'max min returnKey showRecordId tailable awaitData oplogReplay'
  ).split(' '),
);
/** What a find can ask for that would change its answer, and that this node has not. */
const REFUSED = ['max', 'min', 'returnKey', 'showRecordId', 'tailable', 'awaitData'];

/** The `hint` of a command: an index's name or its key pattern. @throws CommandError TypeMismatch */
export const hintOf = (given: Arguments): Hint | undefined => {
  const hint = given.get('hint');
  if (!hint) return undefined;
  if (hint.type === BsonType.string) return hint.text();
  if (hint.type !== BsonType.object) throw given.wrongType('hint', hint, '[string, object]');
  return hint.length === 5 ? undefined : decode(hint);
};

/** A find as it was asked for: which documents, in which order, in which form. */
export const readFind = (given: Arguments): { filter: Filter; options: FindOptions } => {
  for (const field of REFUSED) {
    const value: RawValue | undefined = given.get(field);
    if (value && (value.type === BsonType.object ? value.length > 5 : given.boolean(field)))
      throw new CommandError('NotImplemented', `This node does not take the option '${field}' of find`);
  }
  const collator = collatorOf(given);
  const variables = variablesOf(given.object('let'));
  const query = given.object('filter');
  const filter = collated(query ? compileFilter(query, variables) : EVERYTHING, collator);
  const shown = given.object('projection');
  if (collator) refuseCollatedProjection(shown);
  const projection = compileProjection(shown, { filter, names: new Set(Object.keys(variables)) });
  const limit = given.integer('limit') ?? 0;
  return {
    filter,
    options: {
      sort: collatedSort(parseSort(given.object('sort')), collator),
      skip: given.integer('skip'),
      limit: limit === 0 ? undefined : limit,
      hint: hintOf(given),
      projection,
      variables,
    },
  };
};

/** https://www.mongodb.com/docs/manual/reference/command/find/ */
export const findCommand: Handler = (call) => {
  const { node, command } = call;
  command.allow(FIELDS);
  const name = command.collection();
  const namespace = `${command.db}.${name}`;
  const { filter, options } = readFind(command);
  const [batchSize, single, patient] = [command.integer('batchSize'), command.boolean('singleBatch'), command.boolean('noCursorTimeout')];
  const collection = node.catalogue.find(command.db, name);
  if (!collection) return cursorReply(call, { namespace, source: NOTHING });
  const { source, plan } = find(node, collection, filter, options);
  return cursorReply(call, { namespace, source, batchSize, single, patient, from: { collection, plan } });
};
