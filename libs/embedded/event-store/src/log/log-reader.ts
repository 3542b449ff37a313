import { closeSync, createReadStream, createWriteStream, existsSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Acknowledged } from './acknowledged.js';
import { DataDamaged } from './damage.js';
import { EventRecord, isIntact, MIN_RECORD_BYTES, statedPosition, statedSize, statedSizeBefore } from './record.js';
import { inspectSegment, SEGMENT_HEADER_BYTES, segmentPath, segmentStart, syncFolder, type SegmentFile } from './segment.js';

/** What one look at the log takes into memory, unless a single record is larger. */
export const PAGE_BYTES = 256 * 1_024;
/** Most events are smaller, and are read at once. */
const SMALL_RECORD_BYTES = 8 * 1_024;
/** Files kept open to be read. */
const OPEN_SEGMENTS = 64;

/** Whether there is a log in a folder. */
export const hasSegments = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).some((name) => segmentStart(name) !== undefined);

const copySegment = async (from: string, to: string, bytes: number): Promise<void> => {
  await pipeline(createReadStream(from, { end: bytes - 1 }), createWriteStream(to, { mode: 0o600, flush: true }));
};

/** The segments in a folder, in order, each checked to begin where the one before ends. @throws DataDamaged naming the gap */
export const inspectSegments = (folder: string): SegmentFile[] => {
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

/** The log ends before what was acknowledged, or cannot be read so far. */
export const cutShort = (folder: string, whole: number, acknowledged: number): DataDamaged =>
  new DataDamaged(`${folder}: the log is whole up to ${whole}, and was acknowledged through ${acknowledged}: it was cut short, or damaged`);

/** A file of the log, and how much of it counts. */
export type Segment = { readonly start: number; bytes: number };

/**
 * The events themselves, in the order they were written. An event's position is where its record stands, so the whole log is read without
 * an index, page by page, forwards and backwards.
 */
export class LogReader {
  private readonly readers = new Map<number, number>();
  private readonly small = Buffer.alloc(SMALL_RECORD_BYTES);

  /** @param salt what every record's checksum begins with */
  protected constructor(
    readonly folder: string,
    protected readonly segments: Segment[],
    readonly salt: number,
  ) {}

  /**
   * The log in a folder as far as it was acknowledged, whether a node has it open or not. Nothing is written.
   * @throws DataDamaged where segments are missing, cut short, or none
   */
  static open(folder: string): LogReader {
    const end = Acknowledged.read(folder);
    const segments = inspectSegments(folder);
    const { start, bytes, salt } = segments.at(-1) ?? { start: 0, bytes: 0 };
    if (start + bytes < end) throw cutShort(folder, start + bytes, end);
    const counted = segments.map((segment) => ({ start: segment.start, bytes: Math.max(0, Math.min(segment.bytes, end - segment.start)) }));
    return new LogReader(folder, counted, segments[0]?.salt ?? salt ?? 0);
  }

  /** The position behind the last record: the next one's. */
  get end(): number {
    const { start, bytes } = this.segments.at(-1) ?? { start: 0, bytes: 0 };
    return start + bytes;
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

  /**
   * About a page of records from a position on, which is one's own or `end`.
   * @param into what to read them into: they are gone when it is read into again. Its size is the page's.
   * @throws DataDamaged
   */
  forwards(from: number, into?: Buffer): EventRecord[] {
    if (from >= this.end) return [];
    const page = this.readable(from, into);
    if (page.length === 0) throw this.damagedAt(from);
    return page;
  }

  /** About a page of records before a position, the last one first. @param into as of `forwards` @throws DataDamaged */
  backwards(before: number, into?: Buffer): EventRecord[] {
    if (before <= 0) return [];
    const segment = this.segmentOf(before - 1);
    const from = Math.max(segment.start, before - (into?.length ?? PAGE_BYTES));
    let bytes = this.bytesAt(from, before - from, into);
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
    return boundary === position && position < this.end ? this.at(position).end : boundary;
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
  private segmentOf(position: number): Segment {
    let [low, high] = [0, this.segments.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.segments[middle] as Segment).start <= position) low = middle;
      else high = middle - 1;
    }
    return this.segments[low] as Segment;
  }

  /** Intact records from a position on, within its segment; as far as they are intact. */
  protected readable(from: number, into?: Buffer): EventRecord[] {
    const segment = this.segmentOf(from);
    const room = segment.start + segment.bytes - from;
    let bytes = this.bytesAt(from, Math.min(into?.length ?? PAGE_BYTES, room), into);
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

  private bytesAt(position: number, size: number, into?: Buffer): Buffer {
    const bytes = into?.subarray(0, size) ?? Buffer.allocUnsafeSlow(size);
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
    const open = this.readers.get(start);
    if (open !== undefined) return open;
    if (this.readers.size >= OPEN_SEGMENTS) {
      const [[oldest, fd] = [0, 0]] = this.readers;
      closeSync(fd);
      this.readers.delete(oldest);
    }
    const opened = openSync(segmentPath(this.folder, start), 'r');
    this.readers.set(start, opened);
    return opened;
  }
}
