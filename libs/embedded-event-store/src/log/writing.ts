import { randomBytes } from 'node:crypto';
import { decideAppend, type ExpectedRevision } from './append-decision.js';
import { metastreamOf, isMetastream, type EventLog, type Transaction } from './event-log.js';
import type { ProposedEvent } from './record.js';
import { isSoftDeleted, LONG_MAX, SOFT_DELETED, truncatedBefore } from './stream-metadata.js';

/** How a write ended. `position` is absent where a repeat is answered whose stream was deleted since. */
export type WriteResult =
  | Readonly<{ kind: 'written'; revision: bigint; position?: bigint }>
  | Readonly<{ kind: 'wrong-expected-version'; current: bigint }>
  | Readonly<{ kind: 'stream-deleted' }>;

/** Most writes, and most bytes, that share one transaction: beyond that, those who wait longest should not wait longer. */
const GROUP_WRITES = 1_024;
const GROUP_BYTES = 16 * 1_048_576;

type Waiting = Readonly<{
  bytes: number;
  step: (transaction: Transaction) => WriteResult;
  resolve: (result: WriteResult) => void;
  reject: (error: unknown) => void;
}>;

const newId = (): Buffer => {
  const id = randomBytes(16);
  id[6] = ((id[6] as number) & 0x0f) | 0x40;
  id[8] = ((id[8] as number) & 0x3f) | 0x80;
  return id;
};

const systemEvent = (type: string, json: string): ProposedEvent => ({
  id: newId(),
  type,
  isJson: true,
  data: Buffer.from(json),
  customMetadata: Buffer.alloc(0),
});

const softUndelete = (transaction: Transaction, streamName: string, truncateBefore: bigint): void => {
  const metastream = metastreamOf(streamName);
  const json = truncatedBefore(transaction.log.metadataOf(streamName), truncateBefore);
  transaction.put(metastream, transaction.log.lastRevision(metastream) + 1n, systemEvent('$metadata', json));
};

const stateOf = (transaction: Transaction, streamName: string) => {
  const { log } = transaction;
  return {
    last: log.lastRevision(streamName),
    softDeleted: isSoftDeleted(log.metadataOf(streamName)),
    hasMetadata: !isMetastream(streamName) && log.lastRevision(metastreamOf(streamName)) >= 0n,
    idAt: (revision: bigint) => log.eventAt(streamName, revision)?.id.toString('hex'),
    recent: (id: string) => transaction.recent(id),
  };
};

/**
 * Every write to the log, in one line: those that wait while a transaction is being synced go into the next one together (group commit),
 * so that throughput grows with load while each is decided against everything before it.
 */
export class Writing {
  private readonly waiting: Waiting[] = [];
  private busy = false;

  constructor(private readonly log: EventLog) {}

  append(streamName: string, expected: ExpectedRevision, events: readonly ProposedEvent[]): Promise<WriteResult> {
    const ids = events.map(({ id }) => id.toString('hex'));
    const bytes = events.reduce((sum, { data, customMetadata }) => sum + data.length + customMetadata.length, 0);
    return this.queue(bytes, (transaction) => {
      const state = stateOf(transaction, streamName);
      const decision = decideAppend(streamName, expected, ids, state);
      switch (decision.kind) {
        case 'stream-deleted':
          return decision;
        case 'wrong-expected-version':
          return { ...decision, current: state.last };
        case 'idempotent': {
          const position = state.softDeleted ? undefined : this.log.eventAt(streamName, decision.revision)?.position;
          return { kind: 'written', revision: decision.revision, ...(position !== undefined && { position }) };
        }
        case 'append':
          return this.place(transaction, streamName, state.last, state.softDeleted, events);
        default:
          return decision satisfies never;
      }
    });
  }

  /** Soft delete: hides every event by metadata; the stream can be written again. */
  delete(streamName: string, expected: ExpectedRevision): Promise<WriteResult> {
    return this.queue(0, (transaction) => {
      const state = stateOf(transaction, streamName);
      const refused = this.refusal(streamName, expected, state);
      if (refused) return refused;
      if (state.last < 0n && !state.hasMetadata) return { kind: 'wrong-expected-version', current: -1n };
      const metastream = metastreamOf(streamName);
      const { position } = transaction.put(metastream, this.log.lastRevision(metastream) + 1n, systemEvent('$metadata', SOFT_DELETED));
      return { kind: 'written', revision: state.last, position };
    });
  }

  /** Hard delete: the stream can never be written again. */
  tombstone(streamName: string, expected: ExpectedRevision): Promise<WriteResult> {
    return this.queue(0, (transaction) => {
      const refused = this.refusal(streamName, expected, stateOf(transaction, streamName));
      if (refused) return refused;
      const { position } = transaction.put(streamName, LONG_MAX, { ...systemEvent('$streamDeleted', ''), isJson: false });
      return { kind: 'written', revision: LONG_MAX, position };
    });
  }

  /** Deletions are decided as an append of one event that nobody wrote before: they are never repeats. */
  private refusal(streamName: string, expected: ExpectedRevision, state: ReturnType<typeof stateOf>): WriteResult | undefined {
    const decision = decideAppend(streamName, expected, [newId().toString('hex')], state);
    if (decision.kind === 'append') return undefined;
    return decision.kind === 'stream-deleted' ? decision : { kind: 'wrong-expected-version', current: state.last };
  }

  private place(
    transaction: Transaction,
    streamName: string,
    last: bigint,
    softDeleted: boolean,
    events: readonly ProposedEvent[],
  ): WriteResult {
    if (events.length === 0) return { kind: 'written', revision: last < 0n ? 0n : last, position: transaction.takePosition() };
    const owner = isMetastream(streamName) ? streamName.slice(2) : undefined;
    const reviving = owner !== undefined && isSoftDeleted(this.log.metadataOf(owner));

    let revision = last;
    let position = 0n;
    for (const event of events) ({ revision, position } = transaction.put(streamName, revision + 1n, event));

    if (softDeleted) softUndelete(transaction, streamName, last + 1n);
    if (reviving) softUndelete(transaction, owner, this.log.lastRevision(owner) + 1n);
    return { kind: 'written', revision, position };
  }

  private queue(bytes: number, step: (transaction: Transaction) => WriteResult): Promise<WriteResult> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ bytes, step, resolve, reject });
      void this.run();
    });
  }

  /** Takes the writes that wait, up to the limits of a group. */
  private takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.waiting.length && count < GROUP_WRITES && (count === 0 || bytes < GROUP_BYTES)) {
      bytes += (this.waiting[count] as Waiting).bytes;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async run(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.waiting.length > 0) {
        // whoever asks in this turn of the event loop shares the transaction
        await new Promise((resolve) => setImmediate(resolve));
        const group = this.takeGroup();
        const results: WriteResult[] = [];
        try {
          await this.log.write(
            group.map(
              ({ step }) =>
                (transaction) =>
                  void results.push(step(transaction)),
            ),
          );
          group.forEach(({ resolve }, n) => resolve(results[n] as WriteResult));
        } catch (error) {
          for (const { reject } of group) reject(error);
        }
      }
    } finally {
      this.busy = false;
    }
  }
}
