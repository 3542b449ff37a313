import { fieldsOf, type RawValue } from '../bson/raw.js';
import { idOf } from '../bson/values.js';
import { CommandError } from '../errors.js';
import type { Node } from '../node.js';
import { collated, collatedSort } from '../query/collation.js';
import { compileFilter } from '../query/compile-filter.js';
import { EVERYTHING, type Filter } from '../query/filter.js';
import type { FindOptions } from '../query/find.js';
import { compileProjection, type Projection } from '../query/projection.js';
import { parseSort } from '../query/sort.js';
import { compileUpdate, type Update } from '../update/update.js';
import { variablesOf, type Handler, type Reply } from './call.js';
import type { Command } from './command.js';
import { collatorOf, refuseCollatedProjection, refuseCollatedUpdate } from './collation.js';
import { hintOf } from './find.js';
import { firstMatch } from './matching.js';
import { retryKeyOf } from './retry.js';
import { updateDocument, upsertDocument } from './update.js';
import { runBatch } from './write-batch.js';

const FIELDS: ReadonlySet<string> = new Set(
  'query sort remove update new fields upsert bypassDocumentValidation collation arrayFilters hint let'.split(' '),
);

const failed = (message: string): CommandError => new CommandError('FailedToParse', message);

interface Modification {
  filter: Filter;
  options: FindOptions;
  /** Undefined: the document is removed. */
  update: Update | undefined;
  upsert: boolean;
  /** The document as it is afterwards is wanted, not as it was. */
  after: boolean;
  shown: (document: RawValue) => RawValue;
}

/** @throws CommandError for options that contradict each other */
const read = (command: Command): Modification => {
  const collator = collatorOf(command);
  const variables = variablesOf(command.object('let'));
  const [query, update] = [command.object('query'), command.get('update')];
  const [remove, after, upsert] = [command.boolean('remove'), command.boolean('new'), command.boolean('upsert')];
  if (remove && update) throw failed('Cannot specify both an update and remove=true');
  if (remove && upsert) throw failed('Cannot specify both upsert=true and remove=true');
  if (remove && after) throw failed("Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
  if (!remove && !update) throw failed('Either an update or remove=true must be specified');
  if (collator && update) refuseCollatedUpdate(update, command.array('arrayFilters'));
  if (collator) refuseCollatedProjection(command.object('fields'));
  const filter = collated(query ? compileFilter(query, variables) : EVERYTHING, collator);
  const projection: Projection | undefined = compileProjection(command.object('fields'), {
    filter,
    names: new Set(Object.keys(variables)),
  });
  return {
    filter,
    options: { sort: collatedSort(parseSort(command.object('sort')), collator), hint: hintOf(command) },
    update: update && compileUpdate(update, { arrayFilters: command.objects('arrayFilters'), variables, now: () => new Date() }),
    ...{ upsert, after },
    shown: (document) => projection?.({ root: document, variables }) ?? document,
  };
};

const run = (node: Node, db: string, name: string, { filter, options, update, upsert, after, shown }: Modification): Reply => {
  const collection = node.catalogue.working(db, name);
  const before = collection && firstMatch(node, collection, filter, options);
  if (!update) {
    if (collection && before) node.documents.remove(collection, before);
    return { lastErrorObject: { n: before ? 1 : 0 }, value: before ? shown(before) : null };
  }
  if (collection && before) {
    const changed = updateDocument(node, collection, before, { filter, update });
    return { lastErrorObject: { n: 1, updatedExisting: true }, value: shown(after ? changed : before) };
  }
  if (!upsert) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
  const inserted = upsertDocument(node, db, name, { filter, update });
  return { lastErrorObject: { n: 1, updatedExisting: false, upserted: idOf(inserted) as RawValue }, value: after ? shown(inserted) : null };
};

/** https://www.mongodb.com/docs/manual/reference/command/findAndModify/ */
export const findAndModify: Handler = async ({ node, command }) => {
  command.allow(FIELDS);
  const [db, name, modification, key] = [command.db, command.collection(), read(command), retryKeyOf(command)];
  const [outcome] = await runBatch<Reply>(node, {
    count: 1,
    ordered: true,
    run: () => run(node, db, name, modification),
    retry: key && { key, write: (reply) => reply, read: (written) => Object.fromEntries(fieldsOf(written)) },
  });
  if (!outcome || 'error' in outcome) throw outcome?.error ?? new CommandError('InternalError', 'findAndModify had no outcome');
  return { ...outcome.result, ...(outcome.retried !== undefined && { retriedStmtId: outcome.retried }) };
};
