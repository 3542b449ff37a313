import type { RawValue } from '../bson/raw.js';
import { encodeValue } from '../bson/values.js';
import type { Writable } from '../bson/writer.js';
import { fieldsOf } from '../bson/raw.js';
import { compileExpression } from '../aggregate/expression.js';
import type { Variables } from '../aggregate/environment.js';
import type { Node } from '../node.js';
import type { ScramConversation } from '../security/scram.js';
import type { User } from '../security/users.js';
import type { Patience } from '../slices.js';
import type { Command } from './command.js';

/** An authentication under way. */
export interface Conversation extends ScramConversation {
  /** The database whose user it is. */
  db: string;
  /** The client needs no empty exchange at the end. */
  skipEmptyExchange: boolean;
  /** The user whose proof was right, while the empty exchange is still to come. */
  proven: User | undefined;
}

/** One connection, as commands see it. */
export interface Client {
  readonly id: number;
  /** Host and port of the other side. */
  readonly remote: string;
  user: User | undefined;
  conversation: Conversation | undefined;
}

/** What a command is carried out with. */
export interface Call {
  readonly node: Node;
  readonly client: Client;
  readonly command: Command;
  readonly patience: Patience;
}

/** The fields of a reply before its `ok`. */
export type Reply = Readonly<Record<string, Writable | undefined>>;

export type Handler = (call: Call) => Reply | Promise<Reply>;

/** The variables of a command's `let`, and the moment it is carried out at. */
export const variablesOf = (given: RawValue | undefined): Variables => {
  const variables: Record<string, RawValue | undefined> = { NOW: encodeValue(new Date()) };
  if (!given) return variables;
  const scope = { root: given, variables: {} };
  for (const [name, value] of fieldsOf(given)) variables[name] = compileExpression(value)(scope);
  return variables;
};
