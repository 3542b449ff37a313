import type { Catalogue, Sweep } from '../catalogue.js';
import type { Store } from './store.js';

/** Keys that one transaction clears away. */
const KEYS_PER_WRITE = 2_000;

/** Clears away, in the background and a little at a time, what was dropped: documents and index entries whose id nobody uses any more. */
export class Sweeper {
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
    private readonly write: (run: () => void) => Promise<void>,
  ) {}

  /** Looks whether there is something to do. */
  wake(): void {
    if (this.#running || this.#stopped || this.catalogue.sweeps.length === 0) return;
    // what fails (a full disk) is tried again at the next commit, or after a restart
    this.#running = this.#run()
      .catch(() => undefined)
      .finally(() => (this.#running = undefined));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let [sweep] = this.catalogue.sweeps; sweep && !this.#stopped; [sweep] = this.catalogue.sweeps) {
      const next = sweep;
      await this.write(() => this.#clear(next));
    }
  }

  /** Clears some keys, and notes where none is left. */
  #clear(sweep: Sweep): void {
    const table = this.store[sweep.table];
    const [start, end] = [Buffer.alloc(4), Buffer.alloc(4)];
    start.writeUInt32BE(sweep.id);
    end.writeUInt32BE(sweep.id + 1);
    const keys = [...table.getKeys({ start, end, limit: KEYS_PER_WRITE })];
    for (const key of keys) void table.remove(key);
    if (keys.length < KEYS_PER_WRITE) this.catalogue.swept(sweep);
  }
}
