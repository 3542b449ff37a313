import { setTimeout as delay } from 'node:timers/promises';
import { LOG_START, Unavailable } from '#kernel';
import { Checkpoints } from './checkpoints.js';
import type { ReadModels } from './connection.js';
import { reaching } from './failures.js';

/** Between two looks at a checkpoint that somebody waits for, in milliseconds: doubling from the first to the most. */
const FIRST_LOOK_MS = 5;
const MOST_MS = 100;

type Waiter = Readonly<{ position: bigint; settle: (failure?: unknown) => void }>;

/**
 * Those who wait for one view. While there are any, one loop looks at the checkpoint for all of them; a commit in this process wakes them
 * without a look.
 */
class ViewWatch {
  readonly #waiting = new Set<Waiter>();
  #reached = LOG_START;
  #isLooking = false;

  constructor(
    private readonly models: ReadModels,
    private readonly checkpoints: Checkpoints,
  ) {}

  /** The view was seen at this position. */
  reached(position: bigint): void {
    if (position > this.#reached) this.#reached = position;
    for (const waiter of this.#waiting) if (waiter.position <= position) waiter.settle();
  }

  async until(position: bigint, withinMs: number): Promise<void> {
    if (this.#reached >= position) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (failure?: unknown) => {
        clearTimeout(timer);
        this.#waiting.delete(waiter);
        if (failure === undefined) resolve();
        else reject(failure as Error);
      };
      const waiter: Waiter = { position, settle };
      const timer = setTimeout(() => settle(this.#behind(position, withinMs)), withinMs);
      this.#waiting.add(waiter);
      if (!this.#isLooking) void this.#look();
    });
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    for (let pauseMs = FIRST_LOOK_MS; this.#waiting.size > 0; pauseMs = Math.min(2 * pauseMs, MOST_MS)) {
      try {
        const record = await reaching(this.models.endpoint, () => this.checkpoints.read());
        if (record) this.reached(record.position);
      } catch (failure) {
        for (const waiter of this.#waiting) waiter.settle(failure);
      }
      if (this.#waiting.size > 0) await delay(pauseMs);
    }
    this.#isLooking = false;
  }

  #behind(position: bigint, withinMs: number): Unavailable {
    const where = this.#reached === LOG_START ? 'at no event yet' : `at ${this.#reached}`;
    return new Unavailable(
      'VIEW_BEHIND',
      `The view ${this.checkpoints.view} did not reach position ${position} within ${withinMs} ms (it is ${where}): ask again`,
    );
  }
}

/** Tells when views have reached a position, so that a client can read its own writes. */
export class Freshness {
  readonly #watches = new Map<string, ViewWatch>();

  constructor(private readonly models: ReadModels) {
    models.commits.subscribe(({ view, position }) => this.#watches.get(view)?.reached(position));
  }

  /**
   * Waits until every event up to `position` is in the view.
   * @throws Unavailable VIEW_BEHIND when it is not within so many milliseconds; READ_MODELS_UNAVAILABLE
   */
  until(view: string, position: bigint, withinMs: number): Promise<void> {
    let watch = this.#watches.get(view);
    if (!watch) {
      watch = new ViewWatch(this.models, new Checkpoints(this.models.db, view));
      this.#watches.set(view, watch);
    }
    return watch.until(position, withinMs);
  }
}
