import { backOffMs } from '#kernel';
import type { Time } from './time.js';

/** One round of work; `signal` tells it to come to an end. Answers until when to sleep, in milliseconds since 1970; `undefined`: there may be more. */
export type Round = (signal: AbortSignal) => Promise<number | undefined>;

export type RoundsObserver = Readonly<{
  /** It is tried again. */
  failed?: (name: string, error: unknown, nextInMs: number) => void;
}>;

/** Works in rounds for as long as it runs: sleeps between them until it is time or somebody wakes it, and after a failure ever longer. */
export class Rounds {
  #wake = new AbortController();

  constructor(
    private readonly name: string,
    private readonly round: Round,
    private readonly time: Time,
    private readonly observer: RoundsObserver,
  ) {}

  /** There may be something new: the next round begins at once. */
  wake(): void {
    this.#wake.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    // one listener for all rounds: what is derived from a signal of the process, once a round, is kept as long as the process
    const end = () => this.wake();
    signal.addEventListener('abort', end);
    for (let failures = 0; !signal.aborted;) {
      this.#wake = new AbortController();
      const woken = this.#wake.signal;
      try {
        const untilMs = await this.round(signal);
        failures = 0;
        if (untilMs !== undefined) await this.time.until(untilMs, woken);
      } catch (error) {
        const waitMs = backOffMs(++failures);
        this.observer.failed?.(this.name, error, waitMs);
        await this.time.until(this.time.nowMs() + waitMs, woken);
      }
    }
    signal.removeEventListener('abort', end);
  }
}
