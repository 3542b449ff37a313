import { Binary, UUID } from 'bson';
import type { Handler } from './call.js';
import type { Command } from './command.js';
import { sessionId } from './session-id.js';

/** https://www.mongodb.com/docs/manual/reference/command/startSession/ */
export const startSession: Handler = () => ({ id: { id: new Binary(new UUID().buffer, Binary.SUBTYPE_UUID) }, timeoutMinutes: 30 });

/** https://www.mongodb.com/docs/manual/reference/command/endSessions/ : its cursors are closed. */
export const endSessions: Handler = ({ node, command }) => {
  for (const lsid of sessionsOf(command)) node.cursors.killOfSession(lsid);
  return {};
};

/** https://www.mongodb.com/docs/manual/reference/command/refreshSessions/ */
export const refreshSessions: Handler = ({ command }) => {
  sessionsOf(command);
  return {};
};

const sessionsOf = (command: Command): string[] => (command.objects(command.name) ?? []).map(sessionId);
