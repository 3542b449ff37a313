import type { RawValue } from '../bson/raw.js';
import type { Writable } from '../bson/writer.js';
import { CommandError } from '../errors.js';
import type { Node } from '../node.js';
import type { RetryKey } from '../retries.js';

/** How long one command may hold a transaction before others have a share, in milliseconds. */
const SHARE_MS = 50;

/** How one statement of a batch ended. */
export type Outcome<T> = { at: number; result: T; retried?: number } | { at: number; error: CommandError };

/** A statement answers this where it must be carried out in several transactions. */
export const POSTPONED = Symbol('postponed');

export interface Batch<T> {
  count: number;
  /** Ends at the first error. */
  ordered: boolean;
  /** Carries out one statement inside a transaction. @throws CommandError, and then it has written nothing */
  run: (at: number) => T | typeof POSTPONED;
  /** Carries out one statement that `run` has postponed. */
  runLong?: (at: number) => Promise<T>;
  /** For a retryable command: what it is known by, and how a result is written down and read again. */
  retry?: { key: RetryKey; write: (result: T) => Writable; read: (written: RawValue) => T } | undefined;
}

const attempt = <T>(at: number, run: () => T): Outcome<T> => {
  try {
    return { at, result: run() };
  } catch (error) {
    if (error instanceof CommandError) return { at, error };
    throw error;
  }
};

/**
 * Carries out the statements of one command in their order, in as few transactions as time allows: usually one.
 * @throws where the store fails: then statements of earlier transactions have been carried out
 */
export const runBatch = async <T>(node: Node, batch: Batch<T>): Promise<Outcome<T>[]> => {
  const { count, ordered, runLong } = batch;
  const outcomes: Outcome<T>[] = [];
  const isEnd = () => outcomes.length === count || (ordered && outcomes.at(-1) !== undefined && 'error' in (outcomes.at(-1) as object));
  while (!isEnd()) {
    const from = outcomes.length;
    const { done, postponed } = await node.write(() => runShare(node, from, batch));
    outcomes.push(...done);
    if (postponed === undefined || isEnd()) continue;
    outcomes.push(
      await (runLong as NonNullable<typeof runLong>)(postponed).then(
        (result) => ({ at: postponed, result }),
        (error: unknown) => {
          if (error instanceof CommandError) return { at: postponed, error };
          throw error;
        },
      ),
    );
  }
  return outcomes;
};

const runShare = <T>(node: Node, from: number, { count, ordered, run, retry }: Batch<T>): { done: Outcome<T>[]; postponed?: number } => {
  const until = performance.now() + SHARE_MS;
  const before = retry && node.retries.done(retry.key);
  const noted = new Map<number, Writable>(before);
  const done: Outcome<T>[] = [];
  for (let at = from; at < count && performance.now() < until; at++) {
    const statement = retry?.key.statement(at) ?? at;
    const written = before?.get(statement);
    if (retry && written) {
      done.push({ at, result: retry.read(written), retried: statement });
      continue;
    }
    const outcome = attempt(at, () => run(at));
    if ('result' in outcome && outcome.result === POSTPONED) return { done, postponed: at };
    done.push(outcome as Outcome<T>);
    if ('result' in outcome && retry) noted.set(statement, retry.write(outcome.result as T));
    if (ordered && 'error' in outcome) break;
  }
  if (retry && noted.size > (before?.size ?? 0)) node.retries.note(retry.key, noted);
  return { done };
};

/** The statements that had been carried out before, as the reply tells them; undefined where there are none. */
export const retriedStatements = (outcomes: readonly Outcome<unknown>[]): number[] | undefined => {
  const retried = outcomes.flatMap((outcome) => ('retried' in outcome && outcome.retried !== undefined ? [outcome.retried] : []));
  return retried.length > 0 ? retried : undefined;
};

/** The errors of a batch as its reply tells them; undefined where there are none. */
export const writeErrors = (outcomes: readonly Outcome<unknown>[]): object[] | undefined => {
  const errors = outcomes.flatMap((outcome) => {
    if (!('error' in outcome)) return [];
    const { code, message, details } = outcome.error;
    return [{ index: outcome.at, code, errmsg: message, ...details }];
  });
  return errors.length > 0 ? errors : undefined;
};
