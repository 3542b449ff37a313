import type { EventLog } from '../log/event-log.js';
import { systemEvent, type Writing } from '../log/writing.js';
import type { User } from './principal.js';

const USERS = '$users';

/**
 * Records who may log in, and in which groups, in the streams that a real server keeps its users in: who could do what, and since when, is
 * history too. What their passwords are is not.
 */
export const recordUsers = async (log: EventLog, writing: Writing, users: readonly User[]): Promise<void> => {
  for (const { username, groups } of users) {
    const streamName = `$user-${username}`;
    const last = log.lastEvent(streamName)?.data.toString();
    const data = JSON.stringify({ loginName: username, groups, disabled: false });
    if (last === data) continue;
    const isNew = last === undefined;
    await writing.append(streamName, 'any', [systemEvent(isNew ? '$UserCreated' : '$UserUpdated', data)]);
    if (isNew) await writing.append(USERS, 'any', [systemEvent('$User', JSON.stringify(username))]);
  }
};
