import type { RawValue } from '../bson/raw.js';
import { decodeValue } from '../bson/values.js';
import type { CollectionInfo } from '../catalogue.js';
import { CommandError } from '../errors.js';
import type { Node } from '../node.js';
import { collated } from '../query/collation.js';
import { compileFilter } from '../query/compile-filter.js';
import type { Filter } from '../query/filter.js';
import type { Hint } from '../query/plan.js';
import type { Patience } from '../slices.js';
import { variablesOf, type Handler } from './call.js';
import { Arguments } from './command.js';
import { collatorOf } from './collation.js';
import { hintOf } from './find.js';
import { checkBatchLength } from './insert.js';
import { changeAll, changeMany, fewMatches, firstMatch } from './matching.js';
import { checkRetryable, retryKeyOf } from './retry.js';
import { POSTPONED, retriedStatements, runBatch, writeErrors } from './write-batch.js';

const FIELDS: ReadonlySet<string> = new Set(['deletes', 'ordered', 'let']);
const STATEMENT: ReadonlySet<string> = new Set(['q', 'limit', 'hint', 'collation']);

interface Statement {
  filter: Filter;
  one: boolean;
  hint: Hint | undefined;
}

/** @throws CommandError for a statement that is not well-formed */
const compile = (document: RawValue, given: RawValue | undefined): Statement => {
  const statement = new Arguments('delete.deletes', document);
  statement.allow(STATEMENT);
  const filter = collated(compileFilter(statement.object('q') ?? statement.require('q'), variablesOf(given)), collatorOf(statement));
  statement.require('limit');
  const limit = statement.integer('limit');
  if (limit !== 0 && limit !== 1) throw new CommandError('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${limit}`);
  return { filter, one: limit === 1, hint: hintOf(statement) };
};

const runInside = (node: Node, db: string, name: string, { filter, one, hint }: Statement): number | typeof POSTPONED => {
  const collection = node.catalogue.working(db, name);
  if (!collection) return 0;
  if (one) {
    const document = firstMatch(node, collection, filter, { hint });
    if (document) node.documents.remove(collection, document);
    return document ? 1 : 0;
  }
  const keys = fewMatches(node, collection, filter, { hint });
  if (!keys) return POSTPONED;
  return changeAll(node, collection, filter, keys, (at, document) => node.documents.remove(at, document)).length;
};

const runLong = async (node: Node, db: string, name: string, { filter, hint }: Statement, patience: Patience): Promise<number> => {
  const collection = node.catalogue.find(db, name);
  if (!collection) return 0;
  const remove = (at: CollectionInfo, document: RawValue) => node.documents.remove(at, document);
  return (await changeMany(node, collection, filter, { hint }, remove, patience)).length;
};

/** https://www.mongodb.com/docs/manual/reference/command/delete/ */
export const deleteCommand: Handler = async ({ node, command, patience }) => {
  command.allow(FIELDS);
  const [db, name, given] = [command.db, command.collection(), command.object('let')];
  const statements = command.list('deletes');
  checkBatchLength(statements.length);
  const key = retryKeyOf(command);
  const statementAt = (at: number): Statement => {
    const statement = compile(statements[at] as RawValue, given);
    checkRetryable(key, !statement.one, 'deletes');
    return statement;
  };
  const outcomes = await runBatch<number>(node, {
    count: statements.length,
    ordered: command.get('ordered') === undefined || command.boolean('ordered'),
    run: (at) => runInside(node, db, name, statementAt(at)),
    runLong: (at) => runLong(node, db, name, statementAt(at), patience),
    retry: key && { key, write: (n) => n, read: (n) => Number(decodeValue(n)) },
  });
  const n = outcomes.reduce((sum, outcome) => sum + ('result' in outcome ? outcome.result : 0), 0);
  return { n, writeErrors: writeErrors(outcomes), retriedStmtIds: retriedStatements(outcomes) };
};
