import { randomBytes } from 'node:crypto';
import { decideAppend, type EventPlace, type ExpectedRevision, type StreamState } from './append-decision.js';
import { Arena } from './arena.js';
import { isMetastream, metastreamOf, type EventLog } from './event-log.js';
import { idKey } from './recent-ids.js';
import { createdAt, encodeRecord, EventRecord, seal, type ProposedEvent } from './record.js';
import { TOMBSTONE } from './revision.js';
import { isSoftDeleted, parseMetadata, SOFT_DELETED, truncatedBefore, type StreamMetadata } from './stream-metadata.js';

type Refused = Readonly<{ kind: 'wrong-expected-version'; current: number }> | Readonly<{ kind: 'stream-deleted' }>;

/** How an append ended. `position` is absent where a repeat is answered whose stream was deleted since. */
export type WriteResult = Readonly<{ kind: 'written'; revision: number; position?: number }> | Refused;

/** How a deletion ended. */
export type DeleteResult = Readonly<{ kind: 'deleted'; position: number }> | Refused;

/** Most writes, and about the most bytes, that are synced together: beyond that, those who wait longest should not wait longer. */
const GROUP_WRITES = 2_048;
const GROUP_BYTES = 16 * 1_048_576;
/** With so many bytes waiting, whoever sends more is asked to wait. */
const BACKLOG_BYTES = 64 * 1_048_576;

type Waiting = Readonly<{
  bytes: number;
  /** Places what is to be written, or does not. @returns what tells the result, once it is on disk */
  decide: (group: Group) => () => void;
  reject: (error: unknown) => void;
}>;

const newId = (): Buffer => {
  const id = randomBytes(16);
  id[6] = ((id[6] as number) & 0x0f) | 0x40;
  id[8] = ((id[8] as number) & 0x3f) | 0x80;
  return id;
};

const NOTHING = Buffer.alloc(0);

/** An event that the node writes itself, of JSON. */
export const systemEvent = (type: string, json: string): ProposedEvent => ({
  id: newId(),
  type: Buffer.from(type),
  isJson: true,
  data: Buffer.from(json),
  customMetadata: NOTHING,
});

/** The writes that are decided and synced together: each sees those before it. */
class Group {
  readonly events: EventRecord[] = [];
  private end: number;
  private sealed = 0;
  private readonly created = createdAt(Date.now());
  private readonly lasts = new Map<string, number>();
  private readonly metadata = new Map<string, StreamMetadata>();
  private readonly ids = new Map<string, EventPlace>();
  private readonly idsOf = new Map<string, Map<number, string>>();

  constructor(
    private readonly log: EventLog,
    private readonly arena: Arena,
  ) {
    this.end = log.end;
  }

  /** The position of the next event. */
  get position(): number {
    return this.end;
  }

  last(streamName: string): number {
    return this.lasts.get(streamName) ?? this.log.lastRevision(streamName);
  }

  metadataOf(streamName: string): StreamMetadata {
    return this.metadata.get(streamName) ?? this.log.metadataOf(streamName);
  }

  positionOf(streamName: string, revision: number): number | undefined {
    const written = this.events.find((event) => event.revision === revision && event.streamName === streamName);
    return written?.position ?? this.log.positionOf(streamName, revision);
  }

  stateOf(streamName: string): StreamState {
    return {
      last: this.last(streamName),
      softDeleted: isSoftDeleted(this.metadataOf(streamName)),
      hasMetadata: !isMetastream(streamName) && this.last(metastreamOf(streamName)) >= 0,
      idAt: (revision) => {
        const written = this.idsOf.get(streamName)?.get(revision);
        if (written !== undefined) return written;
        const stored = this.log.eventAt(streamName, revision);
        return stored && idKey(stored.id);
      },
      recent: (id) => this.ids.get(id) ?? this.log.recentIds.get(id),
    };
  }

  /** Places an event. @returns its position */
  put(streamName: string, revision: number, event: ProposedEvent): number {
    const position = this.end;
    const place = { name: Buffer.from(streamName), revision, position };
    const record = encodeRecord(event, place, this.created, (size) => this.arena.take(size));
    this.end += record.length;
    this.events.push(new EventRecord(record));

    const id = idKey(event.id);
    this.lasts.set(streamName, revision);
    this.ids.set(id, { streamName, revision });
    let ids = this.idsOf.get(streamName);
    if (!ids) this.idsOf.set(streamName, (ids = new Map<number, string>()));
    ids.set(revision, id);
    if (isMetastream(streamName)) this.metadata.set(streamName.slice(2), parseMetadata(Buffer.from(event.data).toString()));
    return position;
  }

  /** Ends one write: what it placed is there as a whole, or not at all. */
  endWrite(): void {
    const last = this.events.length - 1;
    for (let n = this.sealed; n <= last; n++) seal((this.events[n] as EventRecord).bytes, n === last, this.log.salt);
    this.sealed = this.events.length;
  }
}

/** Takes a stream's soft delete back: what was there before it stays hidden. */
const softUndelete = (group: Group, streamName: string, truncateBefore: number): void => {
  const metastream = metastreamOf(streamName);
  const json = truncatedBefore(group.metadataOf(streamName), truncateBefore);
  group.put(metastream, group.last(metastream) + 1, systemEvent('$metadata', json));
};

const place = (group: Group, streamName: string, { last, softDeleted }: StreamState, events: readonly ProposedEvent[]): WriteResult => {
  if (events.length === 0) return { kind: 'written', revision: Math.max(last, 0), position: group.position };
  const owner = isMetastream(streamName) ? streamName.slice(2) : undefined;
  const reviving = owner !== undefined && isSoftDeleted(group.metadataOf(owner));

  let revision = last;
  let position = 0;
  for (const event of events) position = group.put(streamName, ++revision, event);

  if (softDeleted) softUndelete(group, streamName, last + 1);
  if (reviving) softUndelete(group, owner, group.last(owner) + 1);
  return { kind: 'written', revision, position };
};

/** Deletions are decided as an append of one event that nobody wrote before: they are never repeats. */
const refusal = (streamName: string, expected: ExpectedRevision, state: StreamState): Refused | undefined => {
  const decision = decideAppend(streamName, expected, [idKey(newId())], state);
  if (decision.kind === 'append') return undefined;
  return decision.kind === 'stream-deleted' ? decision : { kind: 'wrong-expected-version', current: state.last };
};

/**
 * Every write to the log, in one line: those that wait while others are being synced go next together (group commit), so that throughput
 * grows with load while each is decided against everything before it.
 */
export class Writing {
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private busy = false;
  private idle: Promise<void> = Promise.resolve();
  private roomWanted: (() => void)[] = [];
  private readonly arena = new Arena();

  constructor(private readonly log: EventLog) {}

  append(streamName: string, expected: ExpectedRevision, events: readonly ProposedEvent[]): Promise<WriteResult> {
    const ids = events.map(({ id }) => idKey(id));
    const bytes = events.reduce((sum, { data, customMetadata }) => sum + data.length + customMetadata.length, 0);
    return this.queue(bytes, (group) => {
      const state = group.stateOf(streamName);
      const decision = decideAppend(streamName, expected, ids, state);
      switch (decision.kind) {
        case 'stream-deleted':
          return decision;
        case 'wrong-expected-version':
          return { ...decision, current: state.last };
        case 'idempotent': {
          const position = state.softDeleted ? undefined : group.positionOf(streamName, decision.revision);
          return { kind: 'written', revision: decision.revision, ...(position !== undefined && { position }) };
        }
        case 'append':
          return place(group, streamName, state, events);
        default:
          return decision satisfies never;
      }
    });
  }

  /** Soft delete: hides every event by metadata; the stream can be written again. */
  delete(streamName: string, expected: ExpectedRevision): Promise<DeleteResult> {
    return this.queue(0, (group) => {
      const state = group.stateOf(streamName);
      const refused = refusal(streamName, expected, state);
      if (refused) return refused;
      if (state.last < 0 && !state.hasMetadata) return { kind: 'wrong-expected-version', current: -1 };
      const metastream = metastreamOf(streamName);
      const position = group.put(metastream, group.last(metastream) + 1, systemEvent('$metadata', SOFT_DELETED));
      return { kind: 'deleted', position };
    });
  }

  /** Hard delete: the stream can never be written again. */
  tombstone(streamName: string, expected: ExpectedRevision): Promise<DeleteResult> {
    return this.queue(0, (group) => {
      const refused = refusal(streamName, expected, group.stateOf(streamName));
      if (refused) return refused;
      const position = group.put(streamName, TOMBSTONE, { ...systemEvent('$streamDeleted', ''), isJson: false });
      return { kind: 'deleted', position };
    });
  }

  /** Whether more is waiting to be written than should be in memory. */
  get isFull(): boolean {
    return this.waitingBytes > BACKLOG_BYTES;
  }

  /** Resolves when there is room again for what is to be written. */
  room(): Promise<void> {
    return this.isFull ? new Promise((resolve) => this.roomWanted.push(resolve)) : Promise.resolve();
  }

  /** Resolves when all that was asked for so far is written. */
  async settled(): Promise<void> {
    while (this.busy) await this.idle;
  }

  private queue<Result>(bytes: number, decide: (group: Group) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      const deciding = (group: Group) => {
        const result = decide(group);
        return () => resolve(result);
      };
      this.waiting.push({ bytes, decide: deciding, reject });
      this.waitingBytes += bytes;
      if (this.busy) return;
      this.busy = true;
      this.idle = this.run();
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
    this.waitingBytes -= bytes;
    return this.waiting.splice(0, count);
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      // whoever asks in this turn of the event loop is synced together
      await new Promise((resolve) => setImmediate(resolve));
      const writes = this.takeGroup();
      if (!this.isFull) for (const resolve of this.roomWanted.splice(0)) resolve();
      await this.write(writes);
    }
    this.busy = false;
  }

  private async write(writes: readonly Waiting[]): Promise<void> {
    this.arena.reset();
    const group = new Group(this.log, this.arena);
    const decided = new Map<Waiting, () => void>();
    for (const write of writes) {
      try {
        decided.set(write, write.decide(group));
        group.endWrite();
      } catch (error) {
        // a decision reads the log, and may find it damaged; nothing is placed before it is made
        write.reject(error);
      }
    }
    try {
      await this.log.append(this.arena.pieces, group.events);
      for (const tell of decided.values()) tell();
    } catch (error) {
      for (const { reject } of decided.keys()) reject(error);
    }
  }
}
