import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse, type InfoRecord } from 'csv-parse';
import { InvalidInput } from '#kernel';
import type { Fault, Row } from './map-incident.js';

/** A log file as it lies on the disk: `sha256` is of its bytes, packed where it is packed, as `sha256sum` gives it. */
export type LogFile = Readonly<{ path: string; sizeBytes: number; sha256: string; isGzip: boolean }>;

const READ_BYTES = 256 * 1024;
/** A record longer than this is taken for a quote that was never closed. */
const LARGEST_RECORD_BYTES = 1024 * 1024;

const failure = (path: string, error: unknown): InvalidInput => {
  const { code, message } = error as NodeJS.ErrnoException;
  const why =
    code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'it may not be read' : message;
  return new InvalidInput('FILE_UNREADABLE', `${path} cannot be read: ${why}`);
};

/**
 * Looks at a file and takes its hash, in one pass.
 * @throws InvalidInput FILE_UNREADABLE
 */
export const openLogFile = async (path: string): Promise<LogFile> => {
  try {
    const { size } = await stat(path);
    const file = await open(path);
    const magic = Buffer.alloc(2);
    await file.read(magic, 0, 2, 0);
    await file.close();
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) hash.update(chunk as Buffer);
    return { path, sizeBytes: size, sha256: hash.digest('hex'), isGzip: magic[0] === 0x1f && magic[1] === 0x8b };
  } catch (error) {
    throw failure(path, error);
  }
};

/** A row, or where a row should be and none can be read. */
export type CsvItem = Readonly<{ kind: 'row'; row: Row } | { kind: 'fault'; fault: Fault }>;

export type CsvReading = Readonly<{
  header: readonly string[];
  /** The rows below the header, in order. A record that breaks CSV's rules is a fault, and reading goes on behind it. */
  items: AsyncIterable<CsvItem>;
  /** How many bytes of the file have been read. */
  bytesRead: () => number;
  /** Ends the reading early. */
  close: () => void;
}>;

/** Line breaks in cells: a record ends so many lines below the one it began in. */
const lineBreaksIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0);

const withoutByteOrderMark = (cells: readonly string[]): string[] => cells.map((cell, n) => (n === 0 ? cell.replace(/^\uFEFF/, '') : cell));

/**
 * Reads a CSV file (RFC 4180, with any delimiter; gzip is unpacked) row by row, at the pace of whoever reads. Memory does not grow with the file.
 * @throws InvalidInput FILE_EMPTY when there is no header, FILE_UNREADABLE when the bytes cannot be read or unpacked
 */
export const readCsv = async ({ path, isGzip }: LogFile, delimiter: string): Promise<CsvReading> => {
  const broken: Fault[] = [];
  const source = createReadStream(path, { highWaterMark: READ_BYTES });
  const parser = parse({
    delimiter,
    info: true,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LARGEST_RECORD_BYTES,
    on_skip: (error) => {
      if (error) broken.push({ line: error instanceof CsvError ? Number(error['lines'] ?? 0) : 0, reason: reasonOf(error) });
      return undefined;
    },
  });
  const done = () => undefined;
  if (isGzip) pipeline(source, createGunzip(), parser, done);
  else pipeline(source, parser, done);

  const records = (parser as AsyncIterable<{ record: string[]; info: InfoRecord }>)[Symbol.asyncIterator]();
  const next = async () => {
    try {
      return await records.next();
    } catch (error) {
      throw failure(path, error);
    }
  };

  const first = await next();
  if (first.done) throw new InvalidInput('FILE_EMPTY', `${path} has no header: its first line has to name the columns`);

  async function* items(): AsyncGenerator<CsvItem> {
    let row = 0;
    for (;;) {
      const { done: isDone, value } = await next();
      // the parser runs ahead of us: a broken record waits for its place among the rows
      while (broken[0] && (isDone || broken[0].line < value.info.lines)) yield { kind: 'fault', fault: broken.shift() as Fault };
      if (isDone) return;
      const { record: cells, info } = value;
      row++;
      yield { kind: 'row', row: { line: info.lines - lineBreaksIn(cells), row, cells } };
    }
  }

  return {
    header: withoutByteOrderMark(first.value.record),
    items: items(),
    bytesRead: () => source.bytesRead,
    close: () => source.destroy(),
  };
};

const reasonOf = (error: Error): string => {
  switch ((error as CsvError).code) {
    case 'CSV_MAX_RECORD_SIZE':
      return `it is longer than ${LARGEST_RECORD_BYTES} bytes: is a quote left open?`;
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is left open until the end of the file';
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return 'a quote stands inside a cell: quote the whole cell, and double the quotes in it';
    default:
      return `it breaks the rules of CSV: ${error.message}`;
  }
};
