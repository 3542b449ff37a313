import { CommandError } from '../errors.js';
import type { RetryKey } from '../retries.js';
import { Arguments, type Command } from './command.js';
import { sessionOf } from './session-id.js';

/** By what a retryable command is known again; undefined for one that is not retryable. @throws CommandError InvalidOptions */
export const retryKeyOf = (command: Command): RetryKey | undefined => {
  const txnNumber = command.long('txnNumber');
  if (txnNumber === undefined) return undefined;
  const session = sessionOf(command);
  if (session === undefined) throw new CommandError('InvalidOptions', 'Transaction number requires a session ID to also be specified');
  const first = command.integer('stmtId') ?? 0;
  const list = command.array('stmtIds');
  const numbers = list && list.map((_, at) => new Arguments('stmtIds', command.require('stmtIds')).integer(String(at)) ?? at);
  return { session, txnNumber, statement: (at) => numbers?.[at] ?? first + at };
};

/** @throws CommandError InvalidOptions, for a statement on many documents in a retryable command */
export const checkRetryable = (retry: RetryKey | undefined, multi: boolean, what: 'updates' | 'deletes'): void => {
  if (retry && multi) throw new CommandError('InvalidOptions', `Cannot use (multi) ${what} with retryable writes`);
};
