/**
 * The documents that were folded last, so that the next batch need not read them back. Least recently used ones go first.
 */
export class RecentDocuments<Value> {
  readonly #values = new Map<string, Value>();

  /** @param capacity most documents to keep */
  constructor(private readonly capacity: number) {}

  get(id: string): Value | undefined {
    const value = this.#values.get(id);
    if (value === undefined) return undefined;
    this.#values.delete(id);
    this.#values.set(id, value);
    return value;
  }

  set(id: string, value: Value): void {
    this.#values.delete(id);
    this.#values.set(id, value);
    if (this.#values.size <= this.capacity) return;
    const oldest = this.#values.keys().next();
    if (!oldest.done) this.#values.delete(oldest.value);
  }
}
