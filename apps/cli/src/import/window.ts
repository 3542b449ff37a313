/**
 * Runs tasks that were given a place in a line, at most `size` at once, and knows how far along the line everything is done.
 * The first failure ends it: it is thrown to whoever comes next.
 */
export class Window {
  private running = 0;
  private readonly unfinished = new Set<number>();
  private latest = 0;
  private failure: { error: unknown } | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly size: number) {}

  /** Starts a task as soon as there is room. `place` grows from call to call. */
  async run(place: number, task: () => Promise<void>): Promise<void> {
    while (this.running >= this.size) await this.change();
    this.throwFailure();
    this.running++;
    this.latest = place;
    this.unfinished.add(place);
    task()
      .catch((error: unknown) => (this.failure ??= { error }))
      .finally(() => {
        this.running--;
        // what failed stays unfinished: nothing behind it counts as done
        if (!this.failure) this.unfinished.delete(place);
        this.wake?.();
      });
  }

  /** Waits for all that is running. */
  async drain(): Promise<void> {
    while (this.running > 0) await this.change();
    this.throwFailure();
  }

  /** The place up to which everything is done, inclusive; places are in order, and a set keeps that of insertion. */
  doneThrough(): number {
    for (const place of this.unfinished) return place - 1;
    return this.latest;
  }

  private change(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  private throwFailure() {
    if (this.failure) throw this.failure.error;
  }
}
