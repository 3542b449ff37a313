import { BsonType, RawValue } from '../bson/raw.js';
import { writeDocument } from '../bson/writer.js';
import { Binary } from 'bson';
import { CommandError } from '../errors.js';
import type { Node } from '../node.js';
import { beginScram, finishScram, ScramFailure } from '../security/scram.js';
import type { Call, Client, Handler, Reply } from './call.js';
import { Arguments } from './command.js';

const MECHANISM = 'SCRAM-SHA-256';

/** One conversation at a time on a connection, so that its number is always the same. */
const CONVERSATION = 1;

const failed = (): CommandError => new CommandError('AuthenticationFailed', 'Authentication failed.');

const payloadOf = (given: Arguments): Buffer => {
  const payload = given.require('payload');
  if (payload.type !== BsonType.binary) throw given.wrongType('payload', payload, 'binData');
  return payload.slice().subarray(5);
};

const answer = (text: string, done: boolean): Reply => ({ conversationId: CONVERSATION, done, payload: new Binary(Buffer.from(text)) });

const START: ReadonlySet<string> = new Set(['mechanism', 'payload', 'autoAuthorize', 'options', 'db']);
const CONTINUE: ReadonlySet<string> = new Set(['conversationId', 'payload']);

const start = (node: Node, client: Client, db: string, given: Arguments): Reply => {
  const mechanism = given.string('mechanism');
  if (mechanism !== MECHANISM)
    throw new CommandError('MechanismUnavailable', `Received authentication for mechanism ${mechanism} which is not enabled`);
  const options = given.object('options');
  const skipEmptyExchange = options ? new Arguments('options', options).boolean('skipEmptyExchange') : false;
  try {
    const conversation = beginScram(payloadOf(given), (name) => node.users.saltOf(db, name));
    client.conversation = { ...conversation, db, skipEmptyExchange, proven: undefined };
    return answer(conversation.serverFirst, false);
  } catch (error) {
    if (error instanceof ScramFailure) throw failed();
    throw error;
  }
};

/** https://github.com/mongodb/specifications/blob/master/source/auth/auth.md : saslStart and saslContinue carry SCRAM's messages. */
export const saslStart: Handler = ({ node, client, command }) => {
  command.allow(START);
  return start(node, client, command.db, command);
};

export const saslContinue: Handler = ({ node, client, command }) => {
  command.allow(CONTINUE);
  const { conversation } = client;
  if (!conversation || command.integer('conversationId') !== CONVERSATION)
    throw new CommandError('ProtocolError', 'No SASL session state found');
  const payload = payloadOf(command);
  if (conversation.proven) {
    // drivers that know no shorter way end with an empty exchange
    client.conversation = undefined;
    client.user = conversation.proven;
    return answer('', true);
  }
  client.conversation = undefined;
  const user = node.users.find(conversation.db, conversation.username);
  let proof: string;
  try {
    proof = finishScram(conversation, payload, user?.keys);
  } catch (error) {
    if (error instanceof ScramFailure) throw failed();
    throw error;
  }
  if (conversation.skipEmptyExchange) client.user = user;
  else client.conversation = { ...conversation, proven: user };
  return answer(proof, conversation.skipEmptyExchange);
};

/**
 * The authentication that a driver begins within its `hello` to save a round trip. What fails here is not told: the driver then begins
 * again by `saslStart`.
 */
export const speculate = (node: Node, client: Client, given: RawValue): RawValue | undefined => {
  const statement = new Arguments('speculativeAuthenticate', given);
  try {
    if (statement.get('saslStart') === undefined) return undefined;
    return RawValue.document(writeDocument(start(node, client, statement.string('db') ?? 'admin', statement)));
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
};

export const logout: Handler = ({ client }: Call) => {
  client.user = undefined;
  return {};
};
