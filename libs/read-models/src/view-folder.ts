import type { Event, Folded, IncrementWrite, Projection, Recorded } from '#kernel';
import { firstEvents, foldEvents } from './fold-events.js';
import { RecentDocuments } from './recent-documents.js';
import type { PlannedWrites, ViewGeneration } from './view-generation.js';

type Doc = Record<string, unknown>;

/** A batch, folded and not yet written. `written` is called when it has been. */
export type FoldedBatch = Readonly<{ writes: PlannedWrites; isEmpty: boolean; written: () => void }>;

const placeOf = ({ collection, id }: IncrementWrite) => `${collection}\n${id}`;

const NOT_THERE: Folded<Doc> = { document: undefined, stamp: undefined };

/**
 * Folds batch after batch into one generation, and remembers the documents it folded last.
 *
 * What it remembers is true as long as nobody else writes to the generation. Whoever shares one must call `forget` as soon as somebody
 * else may have moved the view: when a compare-and-swap on its checkpoint is lost, or its outcome unknown.
 */
export class ViewFolder {
  readonly #recent: RecentDocuments<Folded<Doc>>;
  /** Counters are never taken away: who has seen them need not look again. */
  readonly #begunCounters: RecentDocuments<true>;

  constructor(
    private readonly projection: Projection,
    private readonly generation: ViewGeneration,
    capacity: number,
  ) {
    this.#recent = new RecentDocuments(capacity);
    this.#begunCounters = new RecentDocuments(capacity);
  }

  /**
   * What the events do to the view: it is read, and nothing is written. `fresh` says that no event of the batch was ever written, so that
   * a document whose stream begins in it need not be looked for.
   * @throws PoisonEvent when a step fails; WriteRefused when a document cannot be stored
   */
  async fold(events: readonly Recorded<Event>[], { fresh }: { fresh: boolean }): Promise<FoldedBatch> {
    const first = firstEvents(this.projection, events);
    const stored = new Map<string, Folded<Doc>>();
    const missing: string[] = [];
    for (const [id, { revision }] of first) {
      const known = this.#recent.get(id) ?? (fresh && revision === 0n ? NOT_THERE : undefined);
      if (known) stored.set(id, known);
      else missing.push(id);
    }
    for (const [id, folded] of await this.generation.load(missing)) stored.set(id, folded);

    const batch = foldEvents(this.projection, stored, events);
    const begun = await this.#begun(batch.increments);
    const writes = this.generation.plan(
      batch,
      (id) => stored.get(id)?.stamp === undefined,
      (counters) => begun.has(counters),
    );
    return {
      writes,
      isEmpty: writes.before.size === 0 && writes.then.size === 0,
      written: () => {
        for (const id of first.keys()) this.#recent.set(id, stored.get(id) ?? NOT_THERE);
        for (const { id, document, stamp } of batch.documents) this.#recent.set(id, { document, stamp });
        for (const write of batch.increments) this.#begunCounters.set(placeOf(write), true);
      },
    };
  }

  /** Those counters that have been added to by an earlier batch, or by this one the first time that it was done. */
  async #begun(increments: readonly IncrementWrite[]): Promise<Set<IncrementWrite>> {
    const begun = new Set<IncrementWrite>();
    const unknown = new Map<string, IncrementWrite[]>();
    for (const write of increments) {
      const ofCollection = unknown.get(write.collection);
      if (this.#begunCounters.get(placeOf(write))) begun.add(write);
      else if (ofCollection) ofCollection.push(write);
      else unknown.set(write.collection, [write]);
    }
    for (const [collection, writes] of unknown) {
      const there = await this.generation.existing(
        collection,
        writes.map(({ id }) => id),
      );
      for (const write of writes) if (there.has(write.id)) begun.add(write);
    }
    return begun;
  }

  forget(): void {
    this.#recent.clear();
  }
}
