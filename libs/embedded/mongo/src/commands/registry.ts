import { CommandError } from '../errors.js';
import { requireOwner } from './access.js';
import { aggregate } from './aggregate.js';
import { logout, saslContinue, saslStart } from './authentication.js';
import type { Call, Handler } from './call.js';
import { create, drop, dropDatabase, listCollections, listDatabases } from './collections.js';
import { count } from './count.js';
import { getMore, killCursors } from './cursors.js';
import { deleteCommand } from './delete.js';
import { collStats, dbStats, hostInfo, serverStatus } from './diagnostics.js';
import { distinct } from './distinct.js';
import { explain } from './explain.js';
import { findAndModify } from './find-and-modify.js';
import { findCommand } from './find.js';
import { buildInfo, connectionStatus, getParameter, hello, ping, whatsMyUri } from './handshake.js';
import { createIndexes, dropIndexes, listIndexes } from './indexes.js';
import { insert } from './insert.js';
import { endSessions, killAllSessions, refreshSessions, startSession } from './sessions.js';
import { update } from './update.js';

/** Who may give a command: anybody who reaches the node, whoever has said who he is, or the owner alone. */
type Access = 'anybody' | 'user' | 'owner';

export interface CommandEntry {
  access: Access;
  handler: Handler;
}

const anybody = (handler: Handler): CommandEntry => ({ access: 'anybody', handler });
const user = (handler: Handler): CommandEntry => ({ access: 'user', handler });
const owner = (handler: Handler): CommandEntry => ({ access: 'owner', handler });

/** Every command of this node. */
const COMMANDS: Readonly<Record<string, CommandEntry | undefined>> = {
  hello: anybody(hello),
  isMaster: anybody(hello),
  ismaster: anybody(hello),
  ping: anybody(ping),
  buildInfo: anybody(buildInfo),
  buildinfo: anybody(buildInfo),
  whatsmyuri: anybody(whatsMyUri),
  connectionStatus: anybody(connectionStatus),
  saslStart: anybody(saslStart),
  saslContinue: anybody(saslContinue),
  logout: anybody(logout),
  endSessions: anybody(endSessions),

  find: user(findCommand),
  getMore: user(getMore),
  killCursors: user(killCursors),
  aggregate: user(aggregate),
  count: user(count),
  distinct: user(distinct),
  explain: user(explain),
  listCollections: user(listCollections),
  listDatabases: user(listDatabases),
  listIndexes: user(listIndexes),
  collStats: user(collStats),
  collstats: user(collStats),
  dbStats: user(dbStats),
  dbstats: user(dbStats),
  serverStatus: user(serverStatus),
  getParameter: user(getParameter),
  startSession: user(startSession),
  refreshSessions: user(refreshSessions),

  hostInfo: owner(hostInfo),
  killAllSessions: owner(killAllSessions),
  insert: owner(insert),
  update: owner(update),
  delete: owner(deleteCommand),
  findAndModify: owner(findAndModify),
  findandmodify: owner(findAndModify),
  create: owner(create),
  drop: owner(drop),
  dropDatabase: owner(dropDatabase),
  createIndexes: owner(createIndexes),
  dropIndexes: owner(dropIndexes),
  deleteIndexes: owner(dropIndexes),
};

/**
 * The handler of a command, where this client may give it.
 * @throws CommandError CommandNotFound; Unauthorized
 */
export const handlerOf = ({ node, client, command }: Pick<Call, 'node' | 'client' | 'command'>): Handler => {
  const { name, db } = command;
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!entry) throw new CommandError('CommandNotFound', `no such command: '${name}'`);
  if (!node.users.required || entry.access === 'anybody') return entry.handler;
  if (!client.user) throw new CommandError('Unauthorized', `Command ${name} requires authentication`);
  if (entry.access === 'owner') requireOwner(node, client, name, db);
  return entry.handler;
};
