import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, type Database, type RootDatabase } from 'lmdb';
import { DataDamaged } from './damage.js';
import { TOMBSTONE } from './revision.js';

/** Where a stream's events stand, as far as they are not in LMDB yet. */
type Tail = {
  /** The revision of the first of `positions`. */
  first: number;
  readonly positions: number[];
  tombstone?: number;
};

/** A stream in LMDB: the number that its events are kept under, and its last revision. */
type Head = Readonly<{ number: number; last: number }>;

/** So many events, or so much of the log, is indexed in memory before it goes to LMDB. This bounds what a start has to read again. */
const TAIL_EVENTS = 16_384;
const TAIL_BYTES = 8 * 1_048_576;

const POSITION_BYTES = 6;
const REVISION_BYTES = 6;

/** LMDB's keys are short: a longer name is told apart by its digest. */
const MAX_KEY_BYTES = 512;

const nameKey = (streamName: string): Buffer => {
  const name = Buffer.from(streamName);
  if (name.length <= MAX_KEY_BYTES) return name;
  return Buffer.concat([name.subarray(0, MAX_KEY_BYTES), createHash('sha256').update(name).digest()]);
};

/** Events of one stream stand together, in order. */
const eventKey = (stream: number, revision: number): Buffer => {
  const key = Buffer.allocUnsafe(4 + REVISION_BYTES);
  key.writeUInt32BE(stream);
  key.writeUIntBE(revision, 4, REVISION_BYTES);
  return key;
};

const numberBytes = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(POSITION_BYTES);
  bytes.writeUIntBE(value, 0, POSITION_BYTES);
  return bytes;
};

const headBytes = ({ number, last }: Head): Buffer => {
  const bytes = Buffer.allocUnsafe(4 + REVISION_BYTES);
  bytes.writeUInt32BE(number);
  bytes.writeUIntBE(last, 4, REVISION_BYTES);
  return bytes;
};

/** Names that no stream's key is: they are in a database of their own. */
const CHECKPOINT = Buffer.from('checkpoint');
const STREAMS = Buffer.from('streams');
const SALT = Buffer.from('salt');

/** A part of a stream: from a revision on, so many, either way. */
export type StreamRange = Readonly<{ from: number; limit: number; backwards?: boolean }>;

/**
 * Which events a stream has, and where they stand in the log.
 *
 * What was written last is indexed in memory, and goes to LMDB in the background, in large transactions. `checkpoint` says how far LMDB
 * has come; a start indexes the rest of the log again, so the index needs no sync of its own to be right, and can be made again as a
 * whole.
 */
export class StreamIndex {
  private readonly root: RootDatabase<Buffer, Buffer>;
  private readonly streams: Database<Buffer, Buffer>;
  private readonly events: Database<Buffer, Buffer>;
  private readonly state: Database<Buffer, Buffer>;
  private tail = new Map<string, Tail>();
  /** What is on its way to LMDB. */
  private flushing: ReadonlyMap<string, Tail> = new Map();
  private flushingEnd = 0;
  private sending: Promise<void> | undefined;
  private tailEvents = 0;
  /** What was taken in of the log, and what of that is in LMDB. */
  private end: number;
  private indexed: number;
  private nextStream: number;

  /** @param readOnly to look at the index of a node that may be running @throws DataDamaged where it cannot be opened */
  constructor(path: string, { durable, readOnly = false }: Readonly<{ durable: boolean; readOnly?: boolean }>) {
    try {
      this.root = open<Buffer, Buffer>({ path, maxDbs: 4, noSubdir: false, noSync: !durable, readOnly, cache: false });
    } catch (error) {
      throw new DataDamaged(
        `${path}: the index cannot be opened (${(error as Error).message}): remove it where it is damaged, it is made again`,
      );
    }
    const database = (name: string) => this.root.openDB<Buffer, Buffer>({ name, keyEncoding: 'binary', encoding: 'binary' });
    this.streams = database('streams');
    this.events = database('events');
    this.state = database('state');
    this.indexed = this.end = this.checkpoint;
    this.nextStream = this.state.get(STREAMS)?.readUIntBE(0, POSITION_BYTES) ?? 0;
  }

  /** The position that LMDB knows the log up to. */
  get checkpoint(): number {
    return this.state.get(CHECKPOINT)?.readUIntBE(0, POSITION_BYTES) ?? 0;
  }

  /** The salt of the log that this is the index of; `undefined` as long as it is none's. */
  get salt(): number | undefined {
    return this.state.get(SALT)?.readUInt32BE();
  }

  /** Empties the index, for a log. */
  async reset(salt: number): Promise<void> {
    await Promise.all([this.streams.clearAsync(), this.events.clearAsync(), this.state.clearAsync()]);
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeUInt32BE(salt);
    await this.state.put(SALT, bytes);
    this.indexed = this.end = 0;
    this.nextStream = 0;
  }

  /** The last revision of a stream: -1 if it was never written, `TOMBSTONE` if it is ended for good. */
  last(streamName: string): number {
    const tail = this.tail.get(streamName) ?? this.flushing.get(streamName);
    if (tail) return tail.tombstone === undefined ? tail.first + tail.positions.length - 1 : TOMBSTONE;
    return this.head(streamName)?.last ?? -1;
  }

  /** Where an event stands; `undefined` where the stream has none of that number. */
  position(streamName: string, revision: number): number | undefined {
    for (const tail of this.tails(streamName)) {
      if (revision === TOMBSTONE && tail.tombstone !== undefined) return tail.tombstone;
      if (revision >= tail.first && revision !== TOMBSTONE) {
        const position = tail.positions[revision - tail.first];
        if (position !== undefined) return position;
      }
    }
    const head = this.head(streamName);
    return head && this.events.get(eventKey(head.number, revision))?.readUIntBE(0, POSITION_BYTES);
  }

  /** Where a stream's events stand, in the order asked for; the one that ends a stream is its last. */
  positions(streamName: string, { from, limit, backwards = false }: StreamRange): number[] {
    const tails = this.tails(streamName);
    const inMemory = tails[0]?.first ?? TOMBSTONE + 1;
    const found: number[] = [];
    const take = (positions: readonly number[]) => found.push(...positions.slice(0, limit - found.length));

    if (backwards) {
      for (const { first, positions, tombstone } of tails.reverse()) {
        if (tombstone !== undefined && from === TOMBSTONE) take([tombstone]);
        const until = Math.min(positions.length, from - first + 1);
        if (until > 0) take(positions.slice(Math.max(0, until - limit), until).reverse());
      }
      const older = { from: Math.min(from, inMemory - 1), limit: limit - found.length, backwards };
      if (older.limit > 0) take(this.stored(streamName, older));
      return found;
    }
    if (from < inMemory) take(this.stored(streamName, { from, limit }, inMemory));
    for (const { first, positions, tombstone } of tails) {
      const start = Math.max(0, from - first);
      take(positions.slice(start, start + limit));
      if (tombstone !== undefined) take([tombstone]);
    }
    return found;
  }

  /** Takes in the next event of the log. @param end where the one behind it stands */
  add(streamName: string, revision: number, position: number, end: number): void {
    let tail = this.tail.get(streamName);
    if (!tail) {
      const first = revision === TOMBSTONE ? this.last(streamName) + 1 : revision;
      this.tail.set(streamName, (tail = { first, positions: [] }));
    }
    if (revision === TOMBSTONE) tail.tombstone = position;
    else tail.positions.push(position);
    this.tailEvents++;
    this.end = end;
  }

  /** Sends what is in memory to LMDB, in the background, if it has become enough. */
  flushIfDue(): void {
    // one that fails is made up for by the next: until then its events stay in memory
    if (!this.sending && this.isDue) this.send().catch(() => undefined);
  }

  /** Whether there is enough in memory to be sent to LMDB. */
  get isDue(): boolean {
    return this.tailEvents >= TAIL_EVENTS || this.end - this.indexed >= TAIL_BYTES;
  }

  /** Sends all that is in memory to LMDB. */
  async flush(): Promise<void> {
    await this.sending?.catch(() => undefined);
    while (this.flushing.size > 0 || this.tail.size > 0) await this.send();
  }

  /** A copy of the index, as it stands in LMDB, in another folder. */
  async copyTo(path: string): Promise<void> {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    await this.root.backup(path, true);
  }

  /** How many events LMDB has. */
  get eventCount(): number {
    return (this.events.getStats() as { entryCount: number }).entryCount;
  }

  async close(): Promise<void> {
    await this.root.close();
  }

  /** What is in memory of a stream, oldest first. */
  private tails(streamName: string): Tail[] {
    return [this.flushing.get(streamName), this.tail.get(streamName)].filter((tail) => tail !== undefined);
  }

  private head(streamName: string): Head | undefined {
    const bytes = this.streams.get(nameKey(streamName));
    return bytes && { number: bytes.readUInt32BE(), last: bytes.readUIntBE(4, REVISION_BYTES) };
  }

  /** What LMDB has of a stream, before a revision that is in memory. */
  private stored(streamName: string, { from, limit, backwards }: StreamRange, before = TOMBSTONE + 1): number[] {
    const head = this.head(streamName);
    if (!head || from < 0) return [];
    const range = backwards
      ? { start: eventKey(head.number, from), end: eventKey(head.number, 0), reverse: true, inclusiveEnd: true, limit }
      : { start: eventKey(head.number, from), end: eventKey(head.number, before - 1), inclusiveEnd: true, limit };
    return [...this.events.getRange(range)].map(({ value }) => value.readUIntBE(0, POSITION_BYTES));
  }

  private send(): Promise<void> {
    if (this.flushing.size === 0) {
      this.flushing = this.tail;
      this.flushingEnd = this.end;
      this.tail = new Map();
      this.tailEvents = 0;
    }
    // lmdb-js puts what is asked for in one turn of the event loop into one transaction
    const puts: Promise<boolean>[] = [];
    for (const [streamName, { first, positions, tombstone }] of this.flushing) {
      const key = nameKey(streamName);
      const stream = this.head(streamName)?.number ?? this.nextStream++;
      positions.forEach((position, n) => puts.push(this.events.put(eventKey(stream, first + n), numberBytes(position))));
      if (tombstone !== undefined) puts.push(this.events.put(eventKey(stream, TOMBSTONE), numberBytes(tombstone)));
      const last = tombstone === undefined ? first + positions.length - 1 : TOMBSTONE;
      puts.push(this.streams.put(key, headBytes({ number: stream, last })));
    }
    puts.push(this.state.put(STREAMS, numberBytes(this.nextStream)), this.state.put(CHECKPOINT, numberBytes(this.flushingEnd)));
    this.sending = Promise.all(puts)
      .then(() => {
        this.flushing = new Map();
        this.indexed = this.flushingEnd;
      })
      .finally(() => {
        this.sending = undefined;
      });
    return this.sending;
  }
}
