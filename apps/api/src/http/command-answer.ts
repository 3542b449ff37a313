import type { FastifyReply } from 'fastify';
import type { CommandResult } from '#kernel';
import { answeredAtRevision } from './answered-at.js';
import { flag, position, whole, type FieldsOf } from '../schemas/schema.js';

/** What every command answers with, as JSON has it: a place in the log is text, since it is larger than a double holds exactly. */
export type CommandAnswer = Readonly<{ revision: number; position: string; changed: boolean; repeated: boolean }>;

export const commandFields: FieldsOf<CommandAnswer> = {
  revision: whole('The place of its last event in the history, from 0; the ETag.'),
  position: position('The place of that event in the log: ask queries for `after` it to see it.'),
  changed: flag('false: there was nothing to do.'),
  repeated: flag('true: it was done before, under this Idempotency-Key.'),
};

/** What a command did, for whoever sent it, in the headers and in the body. */
export const answerCommand = (reply: FastifyReply, { changed, repeated, ...at }: CommandResult): CommandAnswer => ({
  ...answeredAtRevision(reply, at),
  changed,
  repeated,
});
