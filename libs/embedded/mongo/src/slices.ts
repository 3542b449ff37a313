import { CommandError } from './errors.js';

/** How long one command works before others of this thread have their turn, in milliseconds. */
const SLICE_MS = 15;
/** Looking at the clock costs more than looking at a document. */
const STEPS_PER_LOOK = 64;

/** A share of the thread's time. */
export class Slice {
  readonly #until: number;
  #steps = 0;

  constructor(milliseconds = SLICE_MS) {
    this.#until = performance.now() + milliseconds;
  }

  isOver(): boolean {
    return ++this.#steps % STEPS_PER_LOOK === 0 && performance.now() > this.#until;
  }
}

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Why a command that takes long should end before it is done: its client's limit, a client that is gone, a node that stops. */
export class Patience {
  readonly #until: number;

  constructor(
    private readonly signal: AbortSignal,
    maxTimeMs = 0,
  ) {
    this.#until = maxTimeMs > 0 ? performance.now() + maxTimeMs : Infinity;
  }

  /** @throws CommandError MaxTimeMSExpired, Interrupted */
  check(): void {
    if (this.signal.aborted) throw new CommandError('Interrupted', 'operation was interrupted');
    if (performance.now() > this.#until) throw new CommandError('MaxTimeMSExpired', 'operation exceeded time limit');
  }

  /** Lets others have their turn. @throws CommandError as `check` */
  async pause(): Promise<void> {
    await nextTurn();
    this.check();
  }
}
