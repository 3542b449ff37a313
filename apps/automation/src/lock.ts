/** Lets one at a time through, in the order in which they came. */
export class Lock {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is one's turn, with how to end it. */
  async acquire(): Promise<() => void> {
    const before = this.#last;
    let release!: () => void;
    this.#last = new Promise((resolve) => (release = resolve));
    await before;
    return release;
  }
}
