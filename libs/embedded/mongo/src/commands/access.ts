import { CommandError } from '../errors.js';
import type { Node } from '../node.js';
import type { Client } from './call.js';

/**
 * Only the owner goes on.
 * @throws CommandError Unauthorized
 */
export const requireOwner = (node: Node, { user }: Client, name: string, db: string): void => {
  if (!node.users.required || user?.role === 'owner') return;
  throw new CommandError('Unauthorized', `not authorized on ${db} to execute command { ${name}: … }`);
};
