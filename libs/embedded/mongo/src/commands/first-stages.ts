import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { Binary, UUID } from 'bson';
import { compileExpression } from '../aggregate/expression.js';
import type { Variables } from '../aggregate/environment.js';
import type { Written } from '../aggregate/pipeline.js';
import { BsonType, itemsOf, RawValue } from '../bson/raw.js';
import { writeDocument } from '../bson/writer.js';
import { CommandError } from '../errors.js';
import { Held, type Source } from '../query/source.js';
import { USERS_DB } from '../security/users.js';
import type { Call } from './call.js';
import { Arguments } from './command.js';
import { statisticsOf } from './diagnostics.js';

/** Stages that do not read a collection's documents but bring others: a pipeline can only begin with them. */
interface FirstStage {
  /** Whether it is about a collection, or about none (`{aggregate: 1}`). */
  of: 'collection' | 'database';
  /** The stable API has it. */
  stable: boolean;
  bring: (call: Call, operand: RawValue, variables: Variables) => readonly RawValue[];
}

const document = (fields: object): RawValue => RawValue.document(writeDocument(fields));

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/documents/ */
const documents: FirstStage['bring'] = (_, operand, variables) => {
  const names = new Set(Object.keys(variables));
  const list = compileExpression(operand, names)({ root: document({}), variables });
  const items = list?.type === BsonType.array ? itemsOf(list) : undefined;
  if (!items || items.some(({ type }) => type !== BsonType.object))
    throw new CommandError('Location5858203', '$documents takes an array of documents');
  return items.map((item) => RawValue.document(item.slice()));
};

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/listLocalSessions/ , those of who asks. */
const listLocalSessions: FirstStage['bring'] = ({ node, client }, operand) => {
  new Arguments('$listLocalSessions', operand).allow(new Set());
  const name = client.user?.name;
  const uid = createHash('sha256')
    .update(name === undefined ? '' : `${name}@${USERS_DB}`)
    .digest();
  return node.sessions
    .of(name)
    .map(({ id, lastUse }) => document({ _id: { id: new UUID(id), uid: new Binary(uid) }, lastUse: new Date(lastUse) }));
};

const STATISTICS: ReadonlySet<string> = new Set(['storageStats', 'count']);

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/collStats/ ; this node measures no latencies. */
const collStats: FirstStage['bring'] = ({ node, command }, operand) => {
  const given = new Arguments('$collStats', operand);
  given.allow(STATISTICS);
  const name = command.collection();
  if (!node.catalogue.find(command.db, name)) throw new CommandError('NamespaceNotFound', `Collection [${command.db}.${name}] not found.`);
  const storage = given.object('storageStats');
  const statistics = statisticsOf(node, command.db, name, (storage && new Arguments('storageStats', storage).integer('scale', 1)) ?? 1);
  const { ns, ...storageStats } = statistics;
  return [
    document({
      ns,
      host: hostname(),
      localTime: new Date(),
      ...(storage && { storageStats }),
      ...(given.object('count') && { count: storageStats['count'] }),
    }),
  ];
};

const FIRST_STAGES: Readonly<Record<string, FirstStage | undefined>> = {
  $documents: { of: 'database', stable: true, bring: documents },
  $listLocalSessions: { of: 'database', stable: false, bring: listLocalSessions },
  $collStats: { of: 'collection', stable: false, bring: collStats },
};

/**
 * The documents that the first stage of a pipeline brings; undefined where it begins with those of a collection.
 * @throws CommandError InvalidNamespace, for a stage that is about a collection where the command names none, or the other way round
 */
export const broughtBy = (call: Call, first: Written, of: FirstStage['of'], variables: Variables): Source | undefined => {
  const stage = Object.hasOwn(FIRST_STAGES, first.name) ? FIRST_STAGES[first.name] : undefined;
  if (!stage) return undefined;
  if (stage.of !== of)
    throw new CommandError(
      'InvalidNamespace',
      of === 'collection' ? `${first.name} can only be run with {aggregate: 1}` : `${first.name} needs a collection`,
    );
  if (!stage.stable && call.command.boolean('apiStrict'))
    throw new CommandError('APIStrictError', `stage ${first.name} is not allowed with 'apiStrict: true' in API Version 1`);
  return new Held(stage.bring(call, first.operand, variables));
};
