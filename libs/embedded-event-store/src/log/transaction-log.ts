import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  write,
} from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Acknowledged } from './acknowledged.js';
import { DataDamaged } from './damage.js';
import { EventRecord, isIntact, MIN_RECORD_BYTES, statedPosition, statedSize, statedSizeBefore } from './record.js';
import { createSegment, inspectSegment, SEGMENT_HEADER_BYTES, segmentPath, segmentStart, syncFolder, type SegmentFile } from './segment.js';

export type TransactionLogOptions = Readonly<{
  /** Whether an append is on disk when it resolves; `false` for logs that nobody keeps. */
  durable: boolean;
  /** A segment that has grown to this is closed, and another one begun. */
  segmentBytes?: number;
}>;

const SEGMENT_BYTES = 256 * 1_048_576;
/** What one look at the log takes into memory, unless a single record is larger. */
export const PAGE_BYTES = 256 * 1_024;
/** Most events are smaller, and are read at once. */
const SMALL_RECORD_BYTES = 8 * 1_024;
/** Files kept open to be read. */
const OPEN_SEGMENTS = 64;

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

const copySegment = async (from: string, to: string, bytes: number): Promise<void> => {
  await pipeline(createReadStream(from, { end: bytes - 1 }), createWriteStream(to, { mode: 0o600, flush: true }));
};

/** The segments in a folder, in order, each checked to begin where the one before ends. @throws DataDamaged naming the gap */
const inspectSegments = (folder: string): SegmentFile[] => {
  const starts = readdirSync(folder)
    .map(segmentStart)
    .filter((start) => start !== undefined)
    .sort((a, b) => a - b);
  const segments: SegmentFile[] = [];
  for (const start of starts) {
    const segment = inspectSegment(folder, start);
    const before = segments.at(-1);
    const expected = before ? before.start + before.bytes : 0;
    if (expected < start) {
      const lost = `${expected} to ${start}`;
      throw new DataDamaged(`The log has a gap: ${segmentPath(folder, before?.start ?? 0)} is cut short or missing, positions ${lost}`);
    }
    if (expected > start) throw new DataDamaged(`${segmentPath(folder, before?.start ?? 0)} is longer than it was written`);
    if (before && segment.salt !== undefined && segment.salt !== before.salt) {
      throw new DataDamaged(`${segmentPath(folder, start)} is of another log`);
    }
    segments.push(segment);
  }
  return segments;
};

/**
 * The events themselves, in the order they were written: append only, in segments. An event's position is where its record stands, so
 * the whole log is read without an index, page by page.
 */
export class TransactionLog {
  /** What every record's checksum begins with. */
  readonly salt: number;
  private readonly segments: { start: number; bytes: number }[];
  private readonly readers = new Map<number, number>();
  private readonly acknowledged: Acknowledged | undefined;
  private readonly small = Buffer.alloc(SMALL_RECORD_BYTES);
  private writer: number;
  private failure: Error | undefined;
  private readonly segmentBytes: number;
  private readonly durable: boolean;

  /**
   * Opens the log in a folder, and begins it where there is none. What stands behind the last append that was finished is still there
   * until `recover` has looked at it.
   * @throws DataDamaged where segments are missing, cut short, or none
   */
  constructor(
    readonly folder: string,
    { durable, segmentBytes = SEGMENT_BYTES }: TransactionLogOptions,
  ) {
    this.durable = durable;
    this.segmentBytes = segmentBytes;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const segments = inspectSegments(folder);
    const unfinished = segments.at(-1);
    if (unfinished && unfinished.salt === undefined) {
      // the process ended while it began this segment: nothing was written to it
      if (Acknowledged.read(folder) > unfinished.start) {
        throw new DataDamaged(`${segmentPath(folder, unfinished.start)} is cut short: its records were acknowledged`);
      }
      rmSync(segmentPath(folder, unfinished.start));
      segments.pop();
    }
    this.salt = segments[0]?.salt ?? randomBytes(4).readUInt32BE();
    this.segments = segments.map(({ start, bytes }) => ({ start, bytes }));
    if (segments.length === 0) this.begin(0);
    this.writer = this.openToWrite();
    this.acknowledged = durable ? new Acknowledged(folder) : undefined;
  }

  /** The position behind the last record: the next one's. */
  get end(): number {
    const { start, bytes } = this.last;
    return start + bytes;
  }

  /**
   * Goes through the records from a position on, and drops what was written behind the last append that was finished: an append that the
   * end of the process, or of the power, interrupted.
   * @throws DataDamaged where events are missing or damaged that were acknowledged, and leaves everything as it is
   */
  recover(from: number, found: (record: EventRecord) => void): void {
    if (from > this.end) {
      throw new DataDamaged(`${this.folder}: the log ends at ${this.end}, and was acknowledged through ${from}: it was cut short`);
    }
    let sound = from;
    let write: EventRecord[] = [];
    for (let at = from; at < this.end;) {
      const page = this.readable(at);
      if (page.length === 0) break;
      for (const record of page) {
        at += record.bytes.length;
        write.push(record);
        if (!record.endsWrite) continue;
        for (const whole of write) found(whole);
        write = [];
        sound = at;
      }
    }
    const acknowledged = Acknowledged.read(this.folder);
    if (sound < this.last.start || sound < acknowledged) {
      const until = Math.max(this.last.start, acknowledged);
      throw new DataDamaged(`${this.folder}: the log is damaged at ${sound}, and was acknowledged through ${until}`);
    }
    if (sound === this.end) return;
    this.last.bytes = sound - this.last.start;
    ftruncateSync(this.writer, SEGMENT_HEADER_BYTES + this.last.bytes);
    fsyncSync(this.writer);
  }

  /**
   * Appends the records of finished writes, whose positions follow each other from `end` on. Resolves when they are on disk.
   * One append at a time.
   * @throws DiskFull where there is no room: nothing is appended; any other failure ends appending until the log is opened again
   */
  async append(bytes: Buffer): Promise<void> {
    if (this.failure) throw this.failure;
    try {
      if (this.last.bytes >= this.segmentBytes) this.roll();
      await writeAll(this.writer, bytes, SEGMENT_HEADER_BYTES + this.last.bytes);
      if (this.durable && !SYNCS_ITSELF) await sync(this.writer);
    } catch (error) {
      throw this.withdraw(error);
    }
    this.last.bytes += bytes.length;
    this.acknowledged?.write(this.end);
  }

  /**
   * The record at a position.
   * @throws DataDamaged where there is none, or it is not as it was written
   */
  at(position: number): EventRecord {
    const record = this.recordAt(position);
    if (!record) throw this.damagedAt(position);
    return record;
  }

  /** About a page of records from a position on, which is one's own or `end`. @throws DataDamaged */
  forwards(from: number): EventRecord[] {
    if (from >= this.end) return [];
    const page = this.readable(from);
    if (page.length === 0) throw this.damagedAt(from);
    return page;
  }

  /** About a page of records before a position, the last one first. @throws DataDamaged */
  backwards(before: number): EventRecord[] {
    if (before <= 0) return [];
    const segment = this.segmentOf(before - 1);
    const from = Math.max(segment.start, before - PAGE_BYTES);
    let bytes = this.bytesAt(from, before - from);
    const size = bytes.length >= MIN_RECORD_BYTES ? statedSizeBefore(bytes, bytes.length) : 0;
    if (size > bytes.length && size <= before - segment.start) bytes = this.bytesAt(before - size, size);
    const page: EventRecord[] = [];
    for (let end = bytes.length; end >= MIN_RECORD_BYTES;) {
      const start = end - statedSizeBefore(bytes, end);
      if (start < 0 && page.length > 0) break;
      const record = bytes.subarray(Math.max(0, start), end);
      if (!isIntact(record, before - bytes.length + start, this.salt)) throw this.damagedAt(before - bytes.length + end, 'before');
      page.push(new EventRecord(record));
      end = start;
    }
    if (page.length === 0) throw this.damagedAt(before, 'before');
    return page;
  }

  /** The first position of a record at or behind any position: clients may name one that no event has. */
  boundaryAt(position: number): number {
    if (position >= this.end) return this.end;
    if (position <= 0 || this.recordAt(position)) return Math.max(0, position);
    const segment = this.segmentOf(position);
    const until = segment.start + segment.bytes;
    for (let at = position; at < until;) {
      const bytes = this.bytesAt(at, Math.min(PAGE_BYTES, until - at));
      for (let offset = 0; offset + MIN_RECORD_BYTES <= bytes.length; offset++) {
        if (statedPosition(bytes, offset) !== at + offset) continue;
        const size = statedSize(bytes, offset);
        if (size < MIN_RECORD_BYTES || at + offset + size > until) continue;
        const record = offset + size <= bytes.length ? bytes.subarray(offset, offset + size) : this.bytesAt(at + offset, size);
        if (isIntact(record, at + offset, this.salt)) return at + offset;
      }
      at += Math.max(1, bytes.length - MIN_RECORD_BYTES + 1);
    }
    return until;
  }

  /** The first position of a record behind any position. */
  behind(position: number): number {
    const boundary = this.boundaryAt(position);
    return boundary === position && position < this.end ? position + this.at(position).bytes.length : boundary;
  }

  /** Copies the log as it is now into a folder of its own: on disk when it resolves. What is appended meanwhile is left out. */
  async copyTo(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { end } = this;
    for (const { start, bytes } of this.segments.map((segment) => ({ ...segment }))) {
      await copySegment(segmentPath(this.folder, start), segmentPath(folder, start), SEGMENT_HEADER_BYTES + bytes);
    }
    const acknowledged = new Acknowledged(folder);
    acknowledged.write(end);
    acknowledged.close();
    syncFolder(folder);
  }

  close(): void {
    for (const fd of this.readers.values()) closeSync(fd);
    this.readers.clear();
    this.acknowledged?.close();
    closeSync(this.writer);
  }

  private get last(): { start: number; bytes: number } {
    return this.segments.at(-1) as { start: number; bytes: number };
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

  /** Takes back what a failed append wrote. */
  private withdraw(error: unknown): Error {
    const isFull = OUT_OF_ROOM.has((error as NodeJS.ErrnoException).code ?? '');
    try {
      if (!isFull) throw error;
      ftruncateSync(this.writer, SEGMENT_HEADER_BYTES + this.last.bytes);
      return new DiskFull(error);
    } catch {
      // what the disk holds now is unknown: nothing may be written behind it
      this.failure = new Error(`The log cannot be written any more: ${(error as Error).message}`, { cause: error });
      return this.failure;
    }
  }

  private damagedAt(position: number, where: 'at' | 'before' = 'at'): DataDamaged {
    return new DataDamaged(`The record ${where} position ${position} is not as it was written`);
  }

  /** The record at a position; `undefined` where there is none, or none that is as it was written. */
  private recordAt(position: number): EventRecord | undefined {
    const known = this.read(position, this.small);
    const size = known >= MIN_RECORD_BYTES ? statedSize(this.small, 0) : 0;
    if (position + size > this.end) return undefined;
    const record = size <= known ? Buffer.from(this.small.subarray(0, size)) : this.bytesAt(position, size);
    return isIntact(record, position, this.salt) ? new EventRecord(record) : undefined;
  }

  /** The segment that holds a position. */
  private segmentOf(position: number): { start: number; bytes: number } {
    let [low, high] = [0, this.segments.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.segments[middle] as { start: number }).start <= position) low = middle;
      else high = middle - 1;
    }
    return this.segments[low] as { start: number; bytes: number };
  }

  /** Intact records from a position on, within its segment; as far as they are intact. */
  private readable(from: number): EventRecord[] {
    const segment = this.segmentOf(from);
    const room = segment.start + segment.bytes - from;
    let bytes = this.bytesAt(from, Math.min(PAGE_BYTES, room));
    const size = bytes.length >= MIN_RECORD_BYTES ? statedSize(bytes, 0) : 0;
    if (size > bytes.length && size <= room) bytes = this.bytesAt(from, size);
    const page: EventRecord[] = [];
    for (let at = 0; at + MIN_RECORD_BYTES <= bytes.length;) {
      const record = bytes.subarray(at, at + statedSize(bytes, at));
      if (!isIntact(record, from + at, this.salt)) break;
      page.push(new EventRecord(record));
      at += record.length;
    }
    return page;
  }

  private bytesAt(position: number, size: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(size);
    return bytes.subarray(0, this.read(position, bytes));
  }

  /** Fills a buffer from a position on, as far as its segment goes. */
  private read(position: number, into: Buffer): number {
    const segment = this.segmentOf(position);
    const offset = position - segment.start;
    const length = Math.min(into.length, segment.bytes - offset);
    if (length <= 0) return 0;
    return readSync(this.reader(segment.start), into, 0, length, SEGMENT_HEADER_BYTES + offset);
  }

  private reader(start: number): number {
    let fd = this.readers.get(start);
    if (fd === undefined) {
      fd = openSync(segmentPath(this.folder, start), 'r');
      if (this.readers.size >= OPEN_SEGMENTS) {
        const [oldest] = this.readers.entries();
        closeSync((oldest as [number, number])[1]);
        this.readers.delete((oldest as [number, number])[0]);
      }
    } else this.readers.delete(start);
    this.readers.set(start, fd);
    return fd;
  }
}
