import { Binary, UUID } from 'bson';
import { CommandError } from '../errors.js';
import type { Handler } from './call.js';
import type { Command } from './command.js';
import { sessionId } from './session-id.js';

/** https://www.mongodb.com/docs/manual/reference/command/startSession/ */
export const startSession: Handler = () => ({ id: { id: new Binary(new UUID().buffer, Binary.SUBTYPE_UUID) }, timeoutMinutes: 30 });

/** https://www.mongodb.com/docs/manual/reference/command/endSessions/ : its cursors are closed. */
export const endSessions: Handler = ({ node, command }) => {
  for (const lsid of sessionsOf(command)) {
    node.cursors.killOfSession(lsid);
    node.sessions.end(lsid);
  }
  return {};
};

/** https://www.mongodb.com/docs/manual/reference/command/refreshSessions/ */
export const refreshSessions: Handler = ({ node, client, command }) => {
  for (const lsid of sessionsOf(command)) node.sessions.use(lsid, client.user?.name);
  return {};
};

/**
 * https://www.mongodb.com/docs/manual/reference/command/killAllSessions/ , of all users: what test runners of the drivers begin with.
 * @throws CommandError NotImplemented, for sessions of some users
 */
export const killAllSessions: Handler = ({ node, command }) => {
  if ((command.objects(command.name) ?? []).length > 0)
    throw new CommandError('NotImplemented', 'This node kills the sessions of all users or of none');
  node.cursors.killOfSession();
  return {};
};

const sessionsOf = (command: Command): string[] => (command.objects(command.name) ?? []).map(sessionId);
