/** Told when events have been committed. Who waits for one stream is not woken by the others. */
export class Commits {
  private readonly listeners = new Map<string | undefined, Set<() => void>>();

  /** @param streamName absent: any stream. @returns what ends it */
  listen(streamName: string | undefined, listener: () => void): () => void {
    let listeners = this.listeners.get(streamName);
    if (!listeners) this.listeners.set(streamName, (listeners = new Set()));
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(streamName) === listeners) this.listeners.delete(streamName);
    };
  }

  announce(streamNames: Iterable<string>): void {
    this.wake(undefined);
    for (const streamName of streamNames) this.wake(streamName);
  }

  private wake(streamName: string | undefined): void {
    for (const listener of this.listeners.get(streamName) ?? []) listener();
  }
}
