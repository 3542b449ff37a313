import { randomBytes } from 'node:crypto';
import { closeSync, constants, fdatasync, fsyncSync, ftruncateSync, mkdirSync, openSync, rmSync, write } from 'node:fs';
import { Acknowledged } from './acknowledged.js';
import { cutShort, inspectSegments, LogReader, type Segment } from './log-reader.js';
import type { EventRecord } from './record.js';
import { createSegment, SEGMENT_HEADER_BYTES, segmentPath, type SegmentFile } from './segment.js';

export type TransactionLogOptions = Readonly<{
  /** Whether an append is on disk when it resolves; `false` for logs that nobody keeps. */
  durable: boolean;
  /** A segment that has grown to this is closed, and another one begun. */
  segmentBytes?: number;
}>;

const SEGMENT_BYTES = 256 * 1_048_576;

/** The disk has no room for what was to be written; the log is as it was before, and takes the next append when there is room. */
export class DiskFull extends Error {
  constructor(cause: unknown) {
    super('The disk has no room for it', { cause });
    this.name = 'DiskFull';
  }
}

/** Linux can write and sync in one call. Elsewhere a sync of its own is needed for the disk to have it. */
const SYNCS_ITSELF = process.platform === 'linux';

const OUT_OF_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

const writeAll = async (fd: number, bytes: Buffer, at: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    done += await new Promise<number>((resolve, reject) =>
      write(fd, bytes, done, bytes.length - done, at + done, (error, written) => (error ? reject(error) : resolve(written))),
    );
  }
};

const sync = (fd: number): Promise<void> => new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())));

/** The segments of a log that is opened to be written: a last one that was never finished being made is removed. */
const openSegments = (folder: string): SegmentFile[] => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const segments = inspectSegments(folder);
  const unfinished = segments.at(-1);
  if (!unfinished || unfinished.salt !== undefined) return segments;
  if (Acknowledged.read(folder) > unfinished.start) throw cutShort(folder, unfinished.start, Acknowledged.read(folder));
  rmSync(segmentPath(folder, unfinished.start));
  return segments.slice(0, -1);
};

/** The log of a node, which it alone appends to. */
export class TransactionLog extends LogReader {
  private readonly acknowledged: Acknowledged;
  private readonly durable: boolean;
  private readonly segmentBytes: number;
  private writer: number;
  private failure: Error | undefined;

  /**
   * Opens the log in a folder, and begins it where there is none. What stands behind the last append that was finished is still there
   * until `recover` has looked at it.
   * @throws DataDamaged where segments are missing, cut short, or none
   */
  constructor(folder: string, { durable, segmentBytes = SEGMENT_BYTES }: TransactionLogOptions) {
    const segments = openSegments(folder);
    const salt = segments[0]?.salt ?? randomBytes(4).readUInt32BE();
    super(
      folder,
      segments.map(({ start, bytes }) => ({ start, bytes })),
      salt,
    );
    this.durable = durable;
    this.segmentBytes = segmentBytes;
    if (segments.length === 0) this.begin(0);
    this.writer = this.openToWrite();
    this.acknowledged = new Acknowledged(folder);
  }

  /**
   * Goes through the records from a position on, and drops what was written behind the last append that was finished: an append that the
   * end of the process, or of the power, interrupted.
   * @param found is given the records of finished appends, some at a time
   * @throws DataDamaged where events are missing or damaged that were acknowledged, and leaves everything as it is
   */
  async recover(from: number, found: (records: readonly EventRecord[]) => Promise<void>): Promise<void> {
    if (from > this.end) throw cutShort(this.folder, this.end, from);
    let sound = from;
    let unfinished: EventRecord[] = [];
    for (let at = from; at < this.end;) {
      const page = this.readable(at);
      const last = page.at(-1);
      if (!last) break;
      at = last.end;
      const records = [...unfinished, ...page];
      const finished = records.findLastIndex(({ endsWrite }) => endsWrite) + 1;
      unfinished = records.slice(finished);
      sound = records[finished - 1]?.end ?? sound;
      await found(records.slice(0, finished));
    }
    // whatever has a segment behind it was acknowledged
    const acknowledged = Math.max(this.last.start, Acknowledged.read(this.folder));
    if (sound < acknowledged) throw cutShort(this.folder, sound, acknowledged);
    if (sound === this.end) return;
    this.last.bytes = sound - this.last.start;
    this.truncate();
  }

  /**
   * Appends the records of finished writes, whose positions follow each other from `end` on. Resolves when they are on disk.
   * One append at a time.
   * @throws DiskFull where there is no room: nothing is appended; any other failure ends appending until the log is opened again
   */
  async append(pieces: readonly Buffer[]): Promise<void> {
    if (this.failure) throw this.failure;
    let written = 0;
    try {
      if (this.last.bytes >= this.segmentBytes) this.roll();
      for (const piece of pieces) {
        await writeAll(this.writer, piece, SEGMENT_HEADER_BYTES + this.last.bytes + written);
        written += piece.length;
      }
      if (this.durable && !SYNCS_ITSELF) await sync(this.writer);
    } catch (error) {
      throw this.withdraw(error);
    }
    this.last.bytes += written;
    this.acknowledged.write(this.end);
  }

  override close(): void {
    // the system gives the descriptors to the next files: whatever still came would be written into those
    this.failure = new Error('The log is closed');
    super.close();
    this.acknowledged.close();
    closeSync(this.writer);
  }

  private get last(): Segment {
    return this.segments.at(-1) as Segment;
  }

  private begin(start: number): void {
    createSegment(this.folder, start, this.salt);
    this.segments.push({ start, bytes: 0 });
  }

  private openToWrite(): number {
    const path = segmentPath(this.folder, this.last.start);
    return openSync(path, constants.O_RDWR | (this.durable && SYNCS_ITSELF ? constants.O_DSYNC : 0));
  }

  private roll(): void {
    this.begin(this.end);
    closeSync(this.writer);
    this.writer = this.openToWrite();
  }

  /** Drops what stands behind the end, for good: it does not come back with the power. */
  private truncate(): void {
    ftruncateSync(this.writer, SEGMENT_HEADER_BYTES + this.last.bytes);
    fsyncSync(this.writer);
  }

  /** Takes back what a failed append wrote. */
  private withdraw(error: unknown): Error {
    const isFull = OUT_OF_ROOM.has((error as NodeJS.ErrnoException).code ?? '');
    try {
      if (!isFull) throw error;
      this.truncate();
      return new DiskFull(error);
    } catch {
      // what the disk holds now is unknown: nothing may be written behind it
      this.failure = new Error(`The log cannot be written any more: ${(error as Error).message}`, { cause: error });
      return this.failure;
    }
  }
}
