import { RawValue } from './bson/raw.js';
import { writeDocument } from './bson/writer.js';
import type { CollectionInfo, IndexInfo } from './catalogue.js';
import { changeMany } from './commands/matching.js';
import type { Node } from './node.js';
import { compileFilter } from './query/compile-filter.js';
import { Filter } from './query/filter.js';
import { Patience } from './slices.js';

/** How often the node looks for what has expired, in milliseconds; as often as a real server. */
const LOOK_MS = 60_000;

/** What a TTL index says is over: a date in its field, or in an array there, that lies so many seconds back. */
const expired = ({ pattern, expireAfterSeconds = 0, filter }: IndexInfo): Filter => {
  const [field] = pattern[0] as readonly [string, unknown];
  const before = { [field]: { $lt: new Date(Date.now() - expireAfterSeconds * 1000) } };
  return new Filter([...compileFilter(RawValue.document(writeDocument(before))).predicates, ...(filter?.predicates ?? [])]);
};

/** Removes, in the background, documents that a TTL index says are over, and sessions that nobody uses any more. */
export class Expiry {
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;

  constructor(private readonly node: Node) {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  /** Looks once, and removes what is over. */
  async run(): Promise<void> {
    await this.node.write(() => this.node.retries.forgetOld());
    for (const collection of this.node.catalogue.collections())
      for (const index of collection.indexes)
        if (index.expireAfterSeconds !== undefined && !index.building) await this.#expire(collection, index);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#running;
  }

  #look(): void {
    // what fails is tried again at the next look
    this.#running ??= this.run()
      .catch(() => undefined)
      .finally(() => (this.#running = undefined));
  }

  async #expire(collection: CollectionInfo, index: IndexInfo): Promise<void> {
    const remove = (at: CollectionInfo, document: RawValue) => this.node.documents.remove(at, document);
    await changeMany(this.node, collection, expired(index), {}, remove, new Patience(this.#stop.signal));
  }
}
