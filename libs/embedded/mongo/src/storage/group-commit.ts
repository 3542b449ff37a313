import { CommandError } from '../errors.js';

interface Job {
  run: () => unknown;
  result?: unknown;
  refused?: CommandError;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export interface GroupCommitHooks {
  /** Runs `work` in one transaction, resolves when it is durable, undoes it all when it throws. */
  transaction: (work: () => void) => Promise<void>;
  /** Inside the transaction, after the last job. */
  beforeCommit: () => void;
  /** The transaction is durable: publish what it changed. */
  committed: () => void;
  /** The transaction was undone: forget what it changed. */
  undone: () => void;
}

/** How long one group collects work before it commits, in ms: bounds the wait of its first job. */
const GROUP_MS = 100;

/** An error that ended a group, and the job it came from. */
class GroupFailure extends Error {
  constructor(
    readonly job: Job,
    override readonly cause: unknown,
  ) {
    super('A write failed inside its transaction', { cause });
  }
}

/**
 * Group commit: all writes that wait, of all connections, share one transaction and so one sync to disk.
 * While a group is being synced the next one gathers.
 *
 * A job checks before it writes: what it refuses (CommandError) has left nothing behind, and concerns that job alone. Any other error may have
 * left half a document's entries, so the whole group is undone, the job that failed is told, and the others run again without it.
 */
export class GroupCommit {
  readonly #hooks: GroupCommitHooks;
  #waiting: Job[] = [];
  #running: Promise<void> | undefined;

  constructor(hooks: GroupCommitHooks) {
    this.#hooks = hooks;
  }

  /** Runs a write; resolves with its answer when it is durable. */
  write<T>(run: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run, resolve: resolve as (value: unknown) => void, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #drain(): Promise<void> {
    // One turn of the microtask queue, so that the writes of one batch of arriving data share the first group.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commitGroup();
    // in the same turn as the look that found nothing waiting: whoever comes next begins anew
    this.#running = undefined;
  }

  async #commitGroup(): Promise<void> {
    const group: Job[] = [];
    try {
      await this.#hooks.transaction(() => this.#run(group));
    } catch (error) {
      this.#hooks.undone();
      if (error instanceof GroupFailure) {
        error.job.reject(error.cause);
        this.#waiting = [...group.filter((job) => job !== error.job), ...this.#waiting];
      } else for (const job of group) job.reject(error);
      return;
    }
    this.#hooks.committed();
    for (const job of group)
      if (job.refused) job.reject(job.refused);
      else job.resolve(job.result);
  }

  #run(group: Job[]): void {
    const until = performance.now() + GROUP_MS;
    for (let job = this.#waiting.shift(); job; job = performance.now() < until ? this.#waiting.shift() : undefined) {
      group.push(job);
      delete job.refused;
      try {
        job.result = job.run();
      } catch (error) {
        if (!(error instanceof CommandError)) throw new GroupFailure(job, error);
        job.refused = error;
      }
    }
    this.#hooks.beforeCommit();
  }
}
