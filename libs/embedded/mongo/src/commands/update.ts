import { BsonType, RawValue } from '../bson/raw.js';
import { idOf } from '../bson/values.js';
import type { CollectionInfo } from '../catalogue.js';
import { CommandError } from '../errors.js';
import type { Node } from '../node.js';
import { collated, collatedSort } from '../query/collation.js';
import { compileFilter } from '../query/compile-filter.js';
import type { Filter } from '../query/filter.js';
import type { FindOptions } from '../query/find.js';
import { parseSort } from '../query/sort.js';
import type { Patience } from '../slices.js';
import { checkStages } from '../update/pipeline.js';
import { compileUpdate, type Update } from '../update/update.js';
import { variablesOf, type Handler } from './call.js';
import { Arguments } from './command.js';
import { collatorOf, refuseCollatedUpdate } from './collation.js';
import { hintOf } from './find.js';
import { checkBatchLength } from './insert.js';
import { changeAll, changeMany, fewMatches, firstMatch } from './matching.js';
import { checkRetryable, retryKeyOf } from './retry.js';
import { POSTPONED, retriedStatements, runBatch, writeErrors } from './write-batch.js';

const FIELDS: ReadonlySet<string> = new Set(['updates', 'ordered', 'bypassDocumentValidation', 'let']);
const STATEMENT: ReadonlySet<string> = new Set(['q', 'u', 'c', 'multi', 'upsert', 'arrayFilters', 'hint', 'collation', 'sort']);

/** What one statement has done. */
export interface Updated {
  matched: number;
  modified: number;
  /** The `_id` of the document that an upsert inserted. */
  upserted?: RawValue;
}

/** One statement, compiled. */
interface Statement {
  filter: Filter;
  options: FindOptions;
  update: Update;
  multi: boolean;
  upsert: boolean;
}

const now = (): Date => new Date();

/** @throws CommandError for a statement that is not well-formed */
const compile = (document: RawValue, given: RawValue | undefined): Statement => {
  const statement = new Arguments('update.updates', document);
  statement.allow(STATEMENT);
  const collator = collatorOf(statement);
  if (collator) refuseCollatedUpdate(statement.require('u'), statement.array('arrayFilters'));
  const [multi, sort] = [statement.boolean('multi'), statement.object('sort')];
  if (multi && sort) throw new CommandError('FailedToParse', 'Cannot specify sort with multi=true');
  const variables = { ...variablesOf(given), ...variablesOf(statement.object('c')) };
  const filter = collated(compileFilter(statement.object('q') ?? statement.require('q'), variables), collator);
  const update = compileUpdate(statement.require('u'), {
    arrayFilters: statement.objects('arrayFilters'),
    variables,
    now,
  });
  if (multi && update.kind === 'replacement')
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update');
  const options = { hint: hintOf(statement), sort: collatedSort(parseSort(sort), collator) };
  return { filter, update, multi, upsert: statement.boolean('upsert'), options };
};

/** Changes one document; answers whether it is another one now. */
export const updateDocument = (
  node: Node,
  collection: CollectionInfo,
  document: RawValue,
  { filter, update }: Pick<Statement, 'filter' | 'update'>,
): RawValue => {
  const after = update.apply(document, filter);
  if (after.compare(document.bytes, document.start, document.end) === 0) return document;
  node.documents.replace(collection, document, after);
  return RawValue.document(after);
};

/** Inserts what an upsert makes where nothing matches; answers the document. */
export const upsertDocument = (
  node: Node,
  db: string,
  name: string,
  { filter, update }: Pick<Statement, 'filter' | 'update'>,
): RawValue => {
  const document = update.insert(filter);
  node.documents.insert(node.catalogue.ensure(db, name), document);
  return RawValue.document(document);
};

const total = (changed: readonly boolean[]): Updated => ({ matched: changed.length, modified: changed.filter(Boolean).length });

const runInside = (node: Node, db: string, name: string, statement: Statement): Updated | typeof POSTPONED => {
  const { filter, options, multi, upsert } = statement;
  const collection = node.catalogue.working(db, name);
  const change = (at: CollectionInfo, document: RawValue): boolean => updateDocument(node, at, document, statement) !== document;
  let updated: Updated = { matched: 0, modified: 0 };
  if (collection && multi) {
    const keys = fewMatches(node, collection, filter, options);
    if (!keys) return POSTPONED;
    updated = total(changeAll(node, collection, filter, keys, change));
  } else if (collection) {
    const document = firstMatch(node, collection, filter, options);
    if (document) updated = total([change(collection, document)]);
  }
  if (updated.matched > 0 || !upsert) return updated;
  const inserted = upsertDocument(node, db, name, statement);
  return { ...updated, upserted: idOf(inserted) as RawValue };
};

const runLong = async (node: Node, db: string, name: string, statement: Statement, patience: Patience): Promise<Updated> => {
  const collection = node.catalogue.find(db, name);
  if (!collection) return { matched: 0, modified: 0 };
  const change = (at: CollectionInfo, document: RawValue): boolean => updateDocument(node, at, document, statement) !== document;
  return total(await changeMany(node, collection, statement.filter, statement.options, change, patience));
};

const readUpdated = (written: RawValue): Updated => {
  const fields = new Arguments('retried', written);
  const upserted = fields.get('upserted');
  return {
    matched: fields.integer('matched') ?? 0,
    modified: fields.integer('modified') ?? 0,
    ...(upserted && { upserted: upserted.owned() }),
  };
};

/** https://www.mongodb.com/docs/manual/reference/command/update/ */
export const update: Handler = async ({ node, command, patience }) => {
  command.allow(FIELDS);
  const [db, name, given] = [command.db, command.collection(), command.object('let')];
  const statements = command.list('updates');
  checkBatchLength(statements.length);
  for (const statement of statements) {
    const written = new Arguments('update.updates', statement).get('u');
    if (written?.type === BsonType.array) checkStages(written);
  }
  const key = retryKeyOf(command);
  const statementAt = (at: number): Statement => {
    const statement = compile(statements[at] as RawValue, given);
    checkRetryable(key, statement.multi, 'updates');
    return statement;
  };
  const outcomes = await runBatch<Updated>(node, {
    count: statements.length,
    ordered: command.get('ordered') === undefined || command.boolean('ordered'),
    run: (at) => runInside(node, db, name, statementAt(at)),
    runLong: (at) => runLong(node, db, name, statementAt(at), patience),
    retry: key && { key, write: (result) => result, read: readUpdated },
  });
  const upserted: object[] = [];
  let [n, nModified] = [0, 0];
  for (const outcome of outcomes) {
    if (!('result' in outcome)) continue;
    const { matched, modified, upserted: id } = outcome.result;
    if (id) upserted.push({ index: outcome.at, _id: id });
    n += matched + (id ? 1 : 0);
    nModified += modified;
  }
  return {
    ...{ n, nModified },
    upserted: upserted.length > 0 ? upserted : undefined,
    writeErrors: writeErrors(outcomes),
    retriedStmtIds: retriedStatements(outcomes),
  };
};
