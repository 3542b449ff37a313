import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DataDamaged } from './damage.js';

/**
 * The log is kept in segments: files that follow each other without a gap, each named by the position of its first record.
 *
 *     magic  version  reserved  salt  start  crc32      records …
 *     4      2        2         4     8      4
 *
 * The salt is the same in all of them. It goes into every record's checksum, so that nobody who writes events can make up data that reads
 * like a record.
 */
const MAGIC = Buffer.from('EESL');
const VERSION = 1;
const AT = { magic: 0, version: 4, salt: 8, start: 12, crc: 20 } as const;
export const SEGMENT_HEADER_BYTES = 24;

const NAME = /^(\d{16})\.segment$/;

export const segmentPath = (folder: string, start: number): string => join(folder, `${String(start).padStart(16, '0')}.segment`);

/** The start that a file's name says, if it is a segment's. */
export const segmentStart = (fileName: string): number | undefined => {
  const digits = NAME.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** Makes a segment's name safe, too: a file that was synced can still be missing from its folder after a power failure. */
export const syncFolder = (folder: string): void => {
  const fd = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

/** Makes an empty segment, on disk when it returns. */
export const createSegment = (folder: string, start: number, salt: number): void => {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(header, AT.magic);
  header.writeUInt16BE(VERSION, AT.version);
  header.writeUInt32BE(salt, AT.salt);
  header.writeBigUInt64BE(BigInt(start), AT.start);
  header.writeUInt32BE(crc32(header.subarray(0, AT.crc)), AT.crc);
  const fd = openSync(segmentPath(folder, start), 'w', 0o600);
  try {
    writeSync(fd, header);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  syncFolder(folder);
};

/** What a segment's file says of itself. `salt` is absent where it was never finished being made. */
export type SegmentFile = Readonly<{ start: number; bytes: number; salt?: number }>;

/**
 * Looks at a segment's head.
 * @throws DataDamaged where it is not one, or of another version
 */
export const inspectSegment = (folder: string, start: number): SegmentFile => {
  const path = segmentPath(folder, start);
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size < SEGMENT_HEADER_BYTES) return { start, bytes: 0 };
    const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
    readSync(fd, header, 0, SEGMENT_HEADER_BYTES, 0);
    const isSound =
      header.subarray(0, MAGIC.length).equals(MAGIC) &&
      header.readUInt32BE(AT.crc) === crc32(header.subarray(0, AT.crc)) &&
      Number(header.readBigUInt64BE(AT.start)) === start;
    if (!isSound) throw new DataDamaged(`${path} does not begin as a segment of the log does`);
    const version = header.readUInt16BE(AT.version);
    if (version !== VERSION) throw new DataDamaged(`${path} has format ${version}; this version reads format ${VERSION}`);
    return { start, bytes: size - SEGMENT_HEADER_BYTES, salt: header.readUInt32BE(AT.salt) };
  } finally {
    closeSync(fd);
  }
};
