import { Catalogue } from './catalogue.js';
import { Cursors } from './cursors.js';
import { Documents } from './documents.js';
import { CommandError } from './errors.js';
import { Indexes } from './indexes.js';
import { Retries } from './retries.js';
import type { Users } from './security/users.js';
import { Sessions } from './sessions.js';
import { GroupCommit } from './storage/group-commit.js';
import { Store } from './storage/store.js';
import { Sweeper } from './storage/sweeper.js';

/** What one node is made of, for the commands: its data, its open cursors, its users. */
export class Node {
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly documents: Documents;
  readonly cursors = new Cursors();
  readonly sessions = new Sessions();
  readonly indexes: Indexes;
  readonly retries: Retries;
  readonly startedAt = Date.now();
  /** How often what was asked, and how many ask: for serverStatus. */
  readonly opcounters = { insert: 0, query: 0, update: 0, delete: 0, getmore: 0, command: 0 };
  readonly connections = { current: 0, totalCreated: 0 };
  readonly #writes: GroupCommit;
  readonly #sweeper: Sweeper;
  #closing = false;

  /** @throws FolderInUse */
  constructor(
    dataDir: string | undefined,
    readonly users: Users,
  ) {
    this.store = Store.open(dataDir);
    this.catalogue = new Catalogue(this.store);
    this.documents = new Documents(this.store, this.catalogue);
    this.retries = new Retries(this.store);
    this.#writes = new GroupCommit({
      transaction: (work) => this.store.transaction(work),
      beforeCommit: () => this.catalogue.beforeCommit(),
      committed: () => {
        this.catalogue.committed();
        this.#sweeper.wake();
      },
      undone: () => this.catalogue.undone(),
    });
    this.#sweeper = new Sweeper(this.store, this.catalogue, (run) => this.write(run));
    this.indexes = new Indexes(this.store, this.documents, this.catalogue, (run) => this.write(run));
  }

  /** Finishes what an earlier run of the node left behind. */
  async recover(): Promise<void> {
    await this.indexes.dropUnfinished();
    this.#sweeper.wake();
  }

  /**
   * Runs a write inside a transaction; resolves with its answer when it is on disk. It may be run again, and must then start anew.
   * @throws CommandError that `run` threw, and then nothing of it is written
   */
  write<T>(run: () => T): Promise<T> {
    if (this.#closing) throw new CommandError('InterruptedAtShutdown', 'The node is shutting down');
    return this.#writes.write(run);
  }

  /** Ends when every write that was under way is done. */
  async close(): Promise<void> {
    this.#closing = true;
    this.cursors.close();
    await this.#sweeper.stop();
    await this.#writes.idle();
    await this.store.close();
  }
}
