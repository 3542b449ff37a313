import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
import { CommandError } from '../errors.js';
import { nextTurn } from '../slices.js';
import { DataDamaged, prepareDataFile } from './data-file.js';
import { lockFolder } from './folder-lock.js';

export type Table = Database<Buffer, Buffer>;

/** The longest key LMDB takes on pages of 4 KiB, in bytes. */
export const MAX_KEY_BYTES = 1978;

/**
 * Initial size of the memory map, in bytes. Address space, not memory or disk (the file grows as it is used), and LMDB extends it
 * when it is full; generous, because extending waits for all readers.
 */
const MAP_BYTES = process.platform === 'win32' ? 1024 ** 3 : 64 * 1024 ** 3;

const TABLE = { encoding: 'binary', keyEncoding: 'binary' } as const;

export const DATA_FILE = 'data.mdb';

/** What LMDB says of pages that are not what they should be. */
const damageIn = (error: unknown): string | undefined => {
  const message = String((error as { message?: unknown }).message);
  return /MDB_(CORRUPTED|INVALID|PAGE_NOTFOUND|VERSION_MISMATCH)/.test(message) ? message : undefined;
};

/**
 * lmdb-js tells that a commit failed, and by a promise why: usually that the disk is full, which LMDB sees as a write that came to an end
 * early. Other errors are those of the work itself.
 */
const commitFailure = async (error: unknown): Promise<unknown> => {
  const { commitError } = error as { commitError?: Promise<never> };
  if (!commitError) return error;
  const why = await Promise.race([commitError.catch((cause: unknown) => String((cause as Error).message)), nextTurn()]);
  return new CommandError(
    'OutOfDiskSpace',
    `The disk does not take what is to be written${why === undefined ? '' : ` (${why})`}: is it full?`,
  );
};

/**
 * The LMDB environment of one node, three tables of bytes:
 * `meta` (the catalogue, counters, users), `documents` (collection id, _id key → BSON) and `entries` (index id, field keys, _id key → _id key).
 * All collections share the tables, so that a document and all its index entries change in one transaction, and dropping a collection
 * is one small write (its ranges are swept afterwards).
 *
 * Durability. `overlappingSync` is off: with it (the default of lmdb-js outside Windows) a write's promise resolves at commit, when the change is
 * visible but not yet on disk, and a crash of the machine falls back to an older, flushed state; one would have to await `flushed` as well.
 * Without it a commit is LMDB's own: pages written, fdatasync, then the meta page written and synced, and only then the promise resolves
 * (lmdb-js README, "overlappingSync" and "put"). What is acknowledged after that promise survives power loss as well as kill -9,
 * and a torn write can only touch pages that no committed root refers to, or the meta page of a commit that nobody was told of. The commit runs on lmdb-js's own thread, so reads go on meanwhile.
 */
export class Store {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #release: () => void;
  readonly meta: Table;
  readonly documents: Table;
  readonly entries: Table;

  private constructor(
    readonly folder: string,
    readonly mode: 'own' | 'temporary' | 'look',
  ) {
    const path = join(folder, DATA_FILE);
    const looks = mode === 'look';
    this.#release = looks ? () => undefined : lockFolder(folder);
    let root: RootDatabase<Buffer, Buffer> | undefined;
    try {
      if (!looks) prepareDataFile(path);
      root = this.#root = open<Buffer, Buffer>({
        path,
        noSubdir: true,
        readOnly: looks,
        overlappingSync: false,
        // Writes are grouped by `GroupCommit`; lmdb-js's own groups would each have a promise that nobody looks at when a commit fails.
        eventTurnBatching: false,
        // A temporary store is gone at stop: nothing to make durable.
        noSync: mode === 'temporary',
        maxDbs: 4,
        mapSize: MAP_BYTES,
        ...TABLE,
      });
      this.meta = this.#root.openDB({ name: 'meta', ...TABLE });
      this.documents = this.#root.openDB({ name: 'documents', ...TABLE });
      this.entries = this.#root.openDB({ name: 'entries', ...TABLE });
    } catch (error) {
      void root?.close();
      this.#release();
      const damage = damageIn(error);
      throw damage === undefined ? error : new DataDamaged(path, damage, { cause: error });
    }
  }

  /** Opens the folder, or a temporary one that `close` removes. @throws FolderInUse, DataDamaged */
  static open(folder?: string): Store {
    return folder === undefined ? new Store(mkdtempSync(join(tmpdir(), 'embedded-mongo-')), 'temporary') : new Store(folder, 'own');
  }

  /** Opens a folder to read it, while its owner goes on. */
  static look(folder: string): Store {
    return new Store(folder, 'look');
  }

  /**
   * Runs the writes of `work` as one transaction; resolves when they are on disk. An error in `work` undoes them all.
   * @throws what `work` threw; CommandError OutOfDiskSpace where the disk does not take the commit, of which then nothing remains
   */
  async transaction<T>(work: () => T): Promise<T> {
    try {
      return await this.#root.childTransaction(work);
    } catch (error) {
      throw await commitFailure(error);
    }
  }

  /** Writes what is committed, as of one moment, into another file, without its free pages. */
  copyTo(path: string): Promise<void> {
    return this.#root.backup(path, true) as Promise<void>;
  }

  async close(): Promise<void> {
    await this.#root.close();
    this.#release();
    if (this.mode === 'temporary') rmSync(this.folder, { recursive: true, force: true });
  }
}
