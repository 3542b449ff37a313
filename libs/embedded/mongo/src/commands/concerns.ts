import { BsonType, fieldsOf } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import type { Command } from './command.js';
import { Arguments } from './command.js';

const READ_CONCERNS: ReadonlySet<string> = new Set(['local', 'available', 'majority']);

/** https://www.mongodb.com/docs/manual/reference/stable-api/ : commands that a client which is strict about it may give. */
const STABLE_API: ReadonlySet<string> = new Set(
  (
    'aggregate count create createIndexes delete drop dropDatabase dropIndexes endSessions explain find findAndModify getMore hello ' +
    'insert killCursors listCollections listDatabases listIndexes ping refreshSessions update'
  ).split(' '),
);

/**
 * What any command may ask for beside itself: a write concern, a read concern, a transaction, a version of the API. What a standalone
 * server grants is granted here (every write is on disk before it is acknowledged, so that any write concern is met); the rest is refused as one
 * refuses it.
 * @throws CommandError IllegalOperation, NotAReplicaSet, BadValue, APIVersionError, APIStrictError
 */
export const checkConcerns = (command: Command): void => {
  const { fields } = command;
  if (fields.has('startTransaction') || fields.has('autocommit'))
    throw new CommandError('IllegalOperation', 'Transaction numbers are only allowed on a replica set member or mongos');

  const write = command.object('writeConcern');
  const w = write && fieldsOf(write).get('w');
  if (w?.type === BsonType.string && w.text() !== 'majority')
    throw new CommandError('BadValue', "cannot use non-majority 'w' mode when a host is not a member of a replica set");
  if (write && w?.isNumber && (new Arguments('writeConcern', write).integer('w') ?? 0) > 1)
    throw new CommandError('BadValue', "cannot use 'w' > 1 when a host is not replicated");

  const read = command.object('readConcern');
  const level = read && new Arguments('readConcern', read).string('level');
  if (level !== undefined && !READ_CONCERNS.has(level))
    throw new CommandError('NotAReplicaSet', `node needs to be a replica set member to use read concern level '${level}'`);

  const version = command.string('apiVersion');
  if (version !== undefined && version !== '1') throw new CommandError('APIVersionError', 'API version must be "1"');
  if (!command.boolean('apiStrict')) return;
  if (version === undefined) throw new CommandError('Location4886600', 'Provided apiStrict without passing apiVersion');
  if (!STABLE_API.has(command.name))
    throw new CommandError('APIStrictError', `Provided apiStrict:true, but the command ${command.name} is not in API Version 1`);
};
