import { BsonType } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import type { Handler } from './call.js';

const GET_MORE: ReadonlySet<string> = new Set(['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime']);

/** https://www.mongodb.com/docs/manual/reference/command/getMore/ */
export const getMore: Handler = async ({ node, client, command, patience }) => {
  command.allow(GET_MORE);
  const id = command.long('getMore');
  if (id === undefined) throw command.wrongType('getMore', command.require('getMore'), 'long');
  const namespace = `${command.db}.${command.collection('collection')}`;
  const batch = await node.cursors.next(id, namespace, client.user?.name, command.integer('batchSize'), patience);
  return { cursor: { nextBatch: batch.documents, id: batch.id, ns: namespace } };
};

const KILL_CURSORS: ReadonlySet<string> = new Set(['cursors']);

/** https://www.mongodb.com/docs/manual/reference/command/killCursors/ */
export const killCursors: Handler = ({ node, client, command }) => {
  command.allow(KILL_CURSORS);
  const namespace = `${command.db}.${command.collection()}`;
  const cursors = command.array('cursors') ?? [];
  const [killed, notFound]: [bigint[], bigint[]] = [[], []];
  for (const cursor of cursors) {
    if (cursor.type !== BsonType.long)
      throw new CommandError('TypeMismatch', `BSON field 'killCursors.cursors.0' is the wrong type, expected type 'long'`);
    const id = cursor.bytes.readBigInt64LE(cursor.start);
    (node.cursors.kill(id, namespace, client.user?.name) ? killed : notFound).push(id);
  }
  return { cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [] };
};
