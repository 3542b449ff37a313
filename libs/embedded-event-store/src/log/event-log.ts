import { open, type Database, type RootDatabase } from 'lmdb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataOf, decodeRecord, encodeRecord, TICKS_PER_MS, type ProposedEvent, type StoredEvent } from './record.js';
import { LONG_MAX, NO_METADATA, parseMetadata, type StreamMetadata } from './stream-metadata.js';

/** How many of the latest events are remembered by id, for appends that name no revision. */
const REMEMBERED_IDS = 65_536;
/** Streams whose metadata is kept parsed. */
const CACHED_METADATA = 10_000;

/** Longest stream name, in bytes: what fits into an index key beside a revision. */
export const MAX_STREAM_NAME_BYTES = 1_024;

const positionKey = (position: bigint): Buffer => {
  const key = Buffer.allocUnsafe(8);
  key.writeBigUInt64BE(position);
  return key;
};

/** The name, a zero byte that no name holds, and the revision: events of one stream stand together, in order. */
const eventKey = (name: Buffer, revision: bigint): Buffer => {
  const key = Buffer.allocUnsafe(name.length + 9);
  name.copy(key);
  key[name.length] = 0;
  key.writeBigUInt64BE(revision, name.length + 1);
  return key;
};

export const metastreamOf = (streamName: string): string => `$$${streamName}`;
export const isMetastream = (streamName: string): boolean => streamName.startsWith('$$');

/** Wakes those who wait for a next commit; each waits once. */
class Waiters {
  private waiting: (() => void)[] = [];

  wake(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const resolve of woken) resolve();
  }

  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.waiting.push(done);
      if (signal.aborted) done();
    });
  }
}

/** A range of events, and which way. `limit` bounds what one call takes into memory. */
export type Range = Readonly<{ from: bigint; limit: number; backwards?: boolean }>;

/**
 * The log in LMDB: every record by position, the index of each stream, and each stream's last event number.
 *
 * Reads are synchronous and see everything that is committed; memory and start-up do not grow with the log. Writes happen in `write`
 * alone: one LMDB transaction for all that is waiting, whose promise resolves once it is synced to disk. lmdb-js would otherwise let a
 * commit overtake its sync (`overlappingSync`), so that is off: what is acknowledged is on disk.
 */
export class EventLog {
  private readonly root: RootDatabase<Buffer, Buffer>;
  private readonly records: Database<Buffer, Buffer>;
  private readonly index: Database<Buffer, Buffer>;
  private readonly heads: Database<Buffer, Buffer>;
  private readonly scratch: string | undefined;
  private readonly metadata = new Map<string, StreamMetadata>();
  private readonly recentIds = new Map<string, Readonly<{ streamName: string; revision: bigint }>>();
  private readonly commits = new Waiters();
  private readonly streamCommits = new Map<string, Waiters>();
  private nextPosition: bigint;

  /** @param folder where the log lives; absent: in a temporary folder, without syncing, gone when it is closed */
  constructor(folder?: string) {
    this.scratch = folder ? undefined : mkdtempSync(join(tmpdir(), 'embedded-event-store-'));
    const path = folder ?? (this.scratch as string);
    this.root = open<Buffer, Buffer>({ path, maxDbs: 8, noSync: !folder, overlappingSync: false, noSubdir: false, cache: false });
    const database = (name: string) => this.root.openDB<Buffer, Buffer>({ name, keyEncoding: 'binary', encoding: 'binary' });
    this.records = database('records');
    this.index = database('streams');
    this.heads = database('heads');
    const [last] = this.records.getKeys({ reverse: true, limit: 1 });
    this.nextPosition = last ? last.readBigUInt64BE() + 1n : 0n;
    for (const event of this.readAll({ from: this.nextPosition, limit: 1_000, backwards: true }).reverse()) this.remember(event);
  }

  /** The position behind the last event. */
  get end(): bigint {
    return this.nextPosition;
  }

  /** The last event number of a stream: -1 if it was never written, `LONG_MAX` if it is tombstoned. */
  lastRevision(streamName: string): bigint {
    const head = this.heads.get(Buffer.from(streamName));
    return head ? head.readBigInt64BE() : -1n;
  }

  /** What a stream's metadata says now. A metastream has none of its own and keeps one event. */
  metadataOf(streamName: string): StreamMetadata {
    if (isMetastream(streamName)) return { json: '{}', maxCount: 1n };
    const cached = this.metadata.get(streamName);
    if (cached) return cached;
    const metastream = metastreamOf(streamName);
    const last = this.lastRevision(metastream);
    const event = last < 0n ? undefined : this.eventAt(metastream, last);
    const metadata = event ? parseMetadata(dataOf(event).toString()) : NO_METADATA;
    if (this.metadata.size >= CACHED_METADATA) this.metadata.clear();
    this.metadata.set(streamName, metadata);
    return metadata;
  }

  recent(id: string): Readonly<{ streamName: string; revision: bigint }> | undefined {
    return this.recentIds.get(id);
  }

  eventAt(streamName: string, revision: bigint): StoredEvent | undefined {
    const position = this.index.get(eventKey(Buffer.from(streamName), revision));
    return position && this.at(position);
  }

  /** Events of a stream from a revision on, whatever its metadata hides. */
  readStream(streamName: string, { from, limit, backwards = false }: Range): StoredEvent[] {
    const name = Buffer.from(streamName);
    const range = backwards
      ? { start: eventKey(name, from), end: eventKey(name, 0n), reverse: true, inclusiveEnd: true, limit }
      : { start: eventKey(name, from), end: eventKey(name, LONG_MAX), inclusiveEnd: true, limit };
    const events: StoredEvent[] = [];
    for (const { value } of this.index.getRange(range)) {
      const event = this.at(value);
      if (event) events.push(event);
    }
    return events;
  }

  /** Events of the whole log: forwards from a position on, or backwards from before it. */
  readAll({ from, limit, backwards = false }: Range): StoredEvent[] {
    if (backwards && from === 0n) return [];
    const range = backwards ? { start: positionKey(from - 1n), reverse: true, limit } : { start: positionKey(from), limit };
    const events: StoredEvent[] = [];
    for (const { key, value } of this.records.getRange(range)) events.push(decodeRecord(key.readBigUInt64BE(), value));
    return events;
  }

  /** Resolves at the next commit, of one stream or of any, or when the signal is aborted. */
  committed(signal: AbortSignal, streamName?: string): Promise<void> {
    if (streamName === undefined) return this.commits.wait(signal);
    let waiters = this.streamCommits.get(streamName);
    if (!waiters) this.streamCommits.set(streamName, (waiters = new Waiters()));
    return waiters.wait(signal);
  }

  /**
   * Runs these steps one after another in one transaction, each seeing what those before it wrote, and resolves when all of it is on
   * disk. A step that throws fails alone, if it had not written yet; one that fails while writing fails them all.
   */
  async write(steps: readonly ((transaction: Transaction) => void)[]): Promise<void> {
    const transaction = new Transaction(this.nextPosition, (event, record) => this.place(event, record), this);
    try {
      await this.root.transaction(() => {
        for (const step of steps) step(transaction);
      });
    } catch (error) {
      // metadata that was read inside the transaction never came to be
      this.metadata.clear();
      throw error;
    }
    // only what is on disk is remembered, and only then is anyone told of it
    this.nextPosition = transaction.position;
    const streams = new Set<string>();
    for (const event of transaction.written) {
      this.remember(event);
      streams.add(event.streamName);
      if (isMetastream(event.streamName)) this.metadata.delete(event.streamName.slice(2));
    }
    if (streams.size === 0) return;
    this.commits.wake();
    for (const name of streams) {
      this.streamCommits.get(name)?.wake();
      this.streamCommits.delete(name);
    }
  }

  async close(): Promise<void> {
    await this.root.close();
    if (this.scratch) rmSync(this.scratch, { recursive: true, force: true });
  }

  private at(position: Buffer): StoredEvent | undefined {
    const record = this.records.get(position);
    return record && decodeRecord(position.readBigUInt64BE(), record);
  }

  private place(event: StoredEvent, record: Buffer): void {
    const name = Buffer.from(event.streamName);
    const position = positionKey(event.position);
    void this.records.put(position, record);
    void this.index.put(eventKey(name, event.revision), position);
    const head = Buffer.allocUnsafe(8);
    head.writeBigInt64BE(event.revision);
    void this.heads.put(name, head);
    if (isMetastream(event.streamName)) this.metadata.delete(event.streamName.slice(2));
  }

  private remember({ id, streamName, revision }: StoredEvent): void {
    const key = id.toString('hex');
    this.recentIds.delete(key);
    this.recentIds.set(key, { streamName, revision });
    if (this.recentIds.size <= REMEMBERED_IDS) return;
    const [oldest] = this.recentIds.keys();
    this.recentIds.delete(oldest as string);
  }
}

/** What a group of writes has written so far. */
export class Transaction {
  readonly written: StoredEvent[] = [];
  private readonly ids = new Map<string, Readonly<{ streamName: string; revision: bigint }>>();
  private readonly createdTicks = BigInt(Date.now()) * TICKS_PER_MS;

  constructor(
    private next: bigint,
    private readonly place: (event: StoredEvent, record: Buffer) => void,
    readonly log: EventLog,
  ) {}

  /** The position of the next event. */
  get position(): bigint {
    return this.next;
  }

  /** Takes a position without an event: the answer to an append of nothing. */
  takePosition(): bigint {
    return this.next++;
  }

  recent(id: string): Readonly<{ streamName: string; revision: bigint }> | undefined {
    return this.ids.get(id) ?? this.log.recent(id);
  }

  put(streamName: string, revision: bigint, event: ProposedEvent): StoredEvent {
    const position = this.next++;
    const record = encodeRecord(event, streamName, revision, position, this.createdTicks);
    const stored = decodeRecord(position, record);
    this.place(stored, record);
    this.written.push(stored);
    this.ids.set(event.id.toString('hex'), { streamName, revision });
    return stored;
  }
}
