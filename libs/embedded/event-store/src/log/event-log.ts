import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Commits } from './commits.js';
import { DataDamaged } from './damage.js';
import { hasSegments } from './log-reader.js';
import { RecentIds } from './recent-ids.js';
import type { EventRecord } from './record.js';
import { StreamIndex, type StreamRange } from './stream-index.js';
import { NO_METADATA, parseMetadata, type StreamMetadata } from './stream-metadata.js';
import { TransactionLog } from './transaction-log.js';

/** Streams whose metadata is kept parsed. */
const CACHED_METADATA = 10_000;

/** The parts of a data folder. */
export const logFolder = (dataDir: string): string => join(dataDir, 'log');
export const indexFolder = (dataDir: string): string => join(dataDir, 'index');

export const metastreamOf = (streamName: string): string => `$$${streamName}`;
export const isMetastream = (streamName: string): boolean => streamName.startsWith('$$');

const METASTREAM_METADATA: StreamMetadata = { json: '{}', maxCount: 1 };

/**
 * All events: the log, which is the truth, and the index over it. Reads are synchronous and see everything that is committed. Neither
 * memory nor start-up grows with the log.
 */
export class EventLog {
  readonly commits = new Commits();
  readonly recentIds = new RecentIds();
  private readonly metadata = new Map<string, StreamMetadata>();

  private constructor(
    /** Where it is kept. */
    readonly folder: string,
    private readonly log: TransactionLog,
    private readonly index: StreamIndex,
    private readonly isScratch: boolean,
  ) {}

  /**
   * @param dataDir where the events are kept; absent: in a temporary folder, without syncing, gone when it is closed
   * @throws DataDamaged where acknowledged events are missing or damaged
   */
  static async open(dataDir?: string): Promise<EventLog> {
    const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'embedded-event-store-'));
    const durable = dataDir !== undefined;
    const index = new StreamIndex(indexFolder(folder), { durable });
    let log: TransactionLog | undefined;
    try {
      if (index.checkpoint > 0 && !hasSegments(logFolder(folder))) {
        throw new DataDamaged(`${logFolder(folder)}: the log is missing, and was acknowledged through ${index.checkpoint}`);
      }
      log = new TransactionLog(logFolder(folder), { durable });
      const events = new EventLog(folder, log, index, !durable);
      await events.catchUp();
      return events;
    } catch (error) {
      log?.close();
      await index.close();
      throw error;
    }
  }

  /** The position behind the last event. */
  get end(): number {
    return this.log.end;
  }

  /** What the records' checksums begin with. */
  get salt(): number {
    return this.log.salt;
  }

  /** The last event number of a stream: -1 if it was never written, `TOMBSTONE` if it is ended for good. */
  lastRevision(streamName: string): number {
    return this.index.last(streamName);
  }

  /** What a stream's metadata says now. A metastream has none of its own and keeps one event. */
  metadataOf(streamName: string): StreamMetadata {
    if (isMetastream(streamName)) return METASTREAM_METADATA;
    let metadata = this.metadata.get(streamName);
    if (metadata) return metadata;
    const event = this.lastEvent(metastreamOf(streamName));
    metadata = event ? parseMetadata(event.data.toString()) : NO_METADATA;
    if (this.metadata.size >= CACHED_METADATA) this.metadata.clear();
    this.metadata.set(streamName, metadata);
    return metadata;
  }

  positionOf(streamName: string, revision: number): number | undefined {
    return this.index.position(streamName, revision);
  }

  /** The event at a position. @throws DataDamaged */
  at(position: number): EventRecord {
    return this.log.at(position);
  }

  eventAt(streamName: string, revision: number): EventRecord | undefined {
    const position = this.index.position(streamName, revision);
    if (position === undefined) return undefined;
    const event = this.log.at(position);
    if (event.revision !== revision || event.streamName !== streamName) {
      throw new DataDamaged(`The index says that ${revision}@${streamName} is at ${position}, where another event is`);
    }
    return event;
  }

  lastEvent(streamName: string): EventRecord | undefined {
    const last = this.lastRevision(streamName);
    return last < 0 ? undefined : this.eventAt(streamName, last);
  }

  /** Where a stream's events stand, whatever its metadata hides. */
  positionsOf(streamName: string, range: StreamRange): number[] {
    return this.index.positions(streamName, range);
  }

  /**
   * About a page of the log from a position on, which is an event's or the end.
   * @param into what to read it into: its events are gone when it is read into again
   * @throws DataDamaged
   */
  forwards(from: number, into?: Buffer): EventRecord[] {
    return this.log.forwards(from, into);
  }

  /** About a page of the log before such a position, the last event first. @param into as of `forwards` @throws DataDamaged */
  backwards(before: number, into?: Buffer): EventRecord[] {
    return this.log.backwards(before, into);
  }

  /** The first event's position at or behind any position. */
  boundaryAt(position: number): number {
    return this.log.boundaryAt(position);
  }

  /** The first event's position behind any position. */
  behind(position: number): number {
    return this.log.behind(position);
  }

  /**
   * Appends the records of writes that were decided, placed and sealed, and makes them known once they are on disk.
   * @param pieces the bytes of the events' records, in order
   * @throws DiskFull where there is no room for them: nothing has happened then
   */
  async append(pieces: readonly Buffer[], events: readonly EventRecord[]): Promise<void> {
    if (events.length === 0) return;
    await this.log.append(pieces);
    const streams = new Set<string>();
    for (const event of events) streams.add(this.takeIn(event));
    this.index.flushIfDue();
    this.commits.announce(streams);
  }

  /** Brings the index up to the log, and closes both. */
  async close(): Promise<void> {
    // without room for it the index stays behind, and the next start catches up
    await this.index.flush().catch(() => undefined);
    await this.index.close();
    this.log.close();
    if (this.isScratch) rmSync(this.folder, { recursive: true, force: true });
  }

  /** Indexes what the index has not seen: after a crash a part of the log, with no index, or another log's, all of it. */
  private async catchUp(): Promise<void> {
    if (this.index.salt !== this.log.salt) await this.index.reset(this.log.salt);
    await this.log.recover(this.index.checkpoint, async (events) => {
      for (const event of events) this.takeIn(event);
      if (this.index.isDue) await this.index.flush();
    });
    await this.index.flush();
    if (this.recentIds.size > 0) return;
    for (const event of this.log.backwards(this.end).reverse()) this.recentIds.add(event);
  }

  /** @returns the stream's name */
  private takeIn(event: EventRecord): string {
    const { streamName } = event;
    this.index.add(streamName, event.revision, event.position, event.end);
    this.recentIds.add(event, streamName);
    if (isMetastream(streamName)) this.metadata.delete(streamName.slice(2));
    return streamName;
  }
}
