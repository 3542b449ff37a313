import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/** The data of a folder cannot be read: its file is not what a node has written, or no longer all of it. */
export class DataDamaged extends Error {
  constructor(
    readonly path: string,
    why: string,
    options?: ErrorOptions,
  ) {
    super(`The data file ${path} is damaged (${why}): restore a backup`, options);
    this.name = 'DataDamaged';
  }
}

/**
 * LMDB's file begins with two meta pages; a commit overwrites the older of the two, after all pages that it speaks of are on disk. Each has,
 * behind the page's own head, a magic number, the version of the format, the page size, the last page in use and the transaction's number.
 */
const META_BYTES = 168;
const PAGE_NUMBER = 0;
const MAGIC = 24;
const VERSION = 28;
const PAGE_SIZE = 48;
const LAST_PAGE = 144;

const EXPECTED_MAGIC = 0xbeefc0de;
const EXPECTED_VERSION = 2;
const PAGE_SIZES: ReadonlySet<number> = new Set([4096, 8192, 16_384, 32_768, 65_536]);

const isMeta = (page: Buffer): boolean =>
  page.readUInt32LE(MAGIC) === EXPECTED_MAGIC &&
  page.readUInt32LE(VERSION) === EXPECTED_VERSION &&
  PAGE_SIZES.has(page.readUInt32LE(PAGE_SIZE));

const readAt = (file: number, position: number): Buffer => {
  const bytes = Buffer.alloc(META_BYTES);
  readSync(file, bytes, 0, META_BYTES, position);
  return bytes;
};

/**
 * Makes sure that LMDB can open a file without being killed by what it finds there (it maps the file into memory and believes it):
 * - A meta page that a crash has torn is written anew from the other one: nobody was told that its transaction is durable.
 * - A file that is shorter than its last page is made long enough, so that what is missing is a page that says nothing, which LMDB
 *   reports, and not a page that does not exist, which ends the process.
 * @throws DataDamaged where neither meta page can be read
 */
export const prepareDataFile = (path: string): void => {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    // made, and the process killed before anything was written
    if (size === 0) return;
    const first = readAt(file, 0);
    const pageSize = isMeta(first) ? first.readUInt32LE(PAGE_SIZE) : (pageSizeOfSecond(file) ?? 0);
    if (pageSize === 0) throw new DataDamaged(path, 'it does not begin as one');
    const pages = [first, readAt(file, pageSize)];
    const sound = pages.filter(isMeta);
    const [good] = sound;
    if (!good || size < 2 * pageSize) throw new DataDamaged(path, 'its beginning is missing');
    for (const [at, page] of pages.entries()) if (!isMeta(page)) restoreMeta(file, at, pageSize, good);
    const lastPage = Math.max(...sound.map((page) => Number(page.readBigUInt64LE(LAST_PAGE))));
    if (size < (lastPage + 1) * pageSize) ftruncateSync(file, (lastPage + 1) * pageSize);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Where the first meta page is torn, the page size is that at which a second one is found. */
const pageSizeOfSecond = (file: number): number | undefined =>
  [...PAGE_SIZES].find((pageSize) => {
    const second = readAt(file, pageSize);
    return isMeta(second) && second.readUInt32LE(PAGE_SIZE) === pageSize;
  });

const restoreMeta = (file: number, at: number, pageSize: number, good: Buffer): void => {
  const page = Buffer.alloc(pageSize);
  good.copy(page);
  page.writeBigUInt64LE(BigInt(at), PAGE_NUMBER);
  writeSync(file, page, 0, pageSize, at * pageSize);
};
