export type CommitListener = (view: string, position: bigint) => void;

/**
 * How whoever writes a view in this process tells those who wait for it. A short cut only: between processes, and where a signal is
 * missed, the checkpoint in the database says the same.
 */
export class CommitSignals {
  readonly #listeners = new Set<CommitListener>();

  /** A view, by the id of its checkpoint, has reached a position. */
  announce(view: string, position: bigint): void {
    for (const listener of this.#listeners) listener(view, position);
  }

  /** Answers how to stop listening. */
  listen(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
