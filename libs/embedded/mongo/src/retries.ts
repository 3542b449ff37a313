import { fieldsOf, RawValue } from './bson/raw.js';
import { decodeValue } from './bson/values.js';
import { writeDocument, type Writable } from './bson/writer.js';
import { CommandError } from './errors.js';
import { SESSION_MS } from './sessions.js';
import type { Store } from './storage/store.js';

const PREFIX = 's\0';

/** What a retryable command names itself by: its session, its number within it, and its statements. */
export interface RetryKey {
  session: string;
  txnNumber: bigint;
  /** The number of the statement at a place of the batch. */
  statement: (at: number) => number;
}

const keyOf = (session: string): Buffer => Buffer.from(PREFIX + session);

/**
 * Which statements of the last retryable write of each session have been carried out, and with what result. It is written in the same
 * transaction as what they did, so that a statement that is sent again, even to a node that was started anew, is answered and not repeated.
 */
export class Retries {
  constructor(private readonly store: Store) {}

  /**
   * What the command has done so far, by statement (inside a transaction).
   * @throws CommandError TransactionTooOld, where the session has gone on to a later command
   */
  done({ session, txnNumber }: RetryKey): Map<number, RawValue> {
    const stored = this.store.meta.getBinary(keyOf(session));
    if (!stored) return new Map();
    const record = fieldsOf(RawValue.document(stored));
    const last = longOf(record.get('txnNumber') as RawValue);
    if (last > txnNumber)
      throw new CommandError(
        'TransactionTooOld',
        `Retryable write with txnNumber ${txnNumber} is prohibited on session ${session} because a newer retryable write with txnNumber ${last} has already started on this session.`,
      );
    if (last < txnNumber) return new Map();
    return new Map([...fieldsOf(record.get('done') as RawValue)].map(([statement, result]) => [Number(statement), result]));
  }

  /** Notes what the command has done (inside a transaction). */
  note({ session, txnNumber }: RetryKey, done: ReadonlyMap<number, Writable>): void {
    const record = { txnNumber, at: new Date(), done: Object.fromEntries(done) };
    void this.store.meta.put(keyOf(session), writeDocument(record));
  }

  /** Forgets sessions that have long been over (inside a transaction). */
  forgetOld(): void {
    for (const { key, value } of this.store.meta.getRange({ start: Buffer.from(PREFIX), end: Buffer.from('s\x01') })) {
      const at = decodeValue(fieldsOf(RawValue.document(value)).get('at') as RawValue) as Date;
      if (Date.now() - at.getTime() > SESSION_MS) void this.store.meta.remove(key);
    }
  }
}

const longOf = ({ bytes, start }: RawValue): bigint => bytes.readBigInt64LE(start);
