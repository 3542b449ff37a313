import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Database, type RootDatabase } from 'lmdb';
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
 * and a torn write can only touch pages that no committed root refers to. The commit runs on lmdb-js's own thread, so reads go on meanwhile.
 */
export class Store {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #release: () => void;
  readonly meta: Table;
  readonly documents: Table;
  readonly entries: Table;

  private constructor(
    readonly folder: string,
    readonly temporary: boolean,
  ) {
    this.#release = lockFolder(folder);
    try {
      this.#root = open<Buffer, Buffer>({
        path: join(folder, 'data.mdb'),
        noSubdir: true,
        overlappingSync: false,
        // A temporary store is gone at stop: nothing to make durable.
        noSync: temporary,
        maxDbs: 4,
        mapSize: MAP_BYTES,
        ...TABLE,
      });
      this.meta = this.#root.openDB({ name: 'meta', ...TABLE });
      this.documents = this.#root.openDB({ name: 'documents', ...TABLE });
      this.entries = this.#root.openDB({ name: 'entries', ...TABLE });
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  /** Opens the folder, or a temporary one that `close` removes. */
  static open(folder?: string): Store {
    return folder === undefined ? new Store(mkdtempSync(join(tmpdir(), 'embedded-mongo-')), true) : new Store(folder, false);
  }

  /** Runs the writes of `work` as one transaction; resolves when they are on disk. An error in `work` undoes them all. */
  async transaction<T>(work: () => T): Promise<T> {
    return this.#root.childTransaction(work);
  }

  async close(): Promise<void> {
    await this.#root.close();
    this.#release();
    if (this.temporary) rmSync(this.folder, { recursive: true, force: true });
  }
}
