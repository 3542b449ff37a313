import type { BatchWrites, Event, Folded, IncrementWrite, Projection, Recorded } from '#kernel';
import { firstEvents, foldEvents } from './fold-events.js';
import { RecentDocuments } from './recent-documents.js';
import type { PlannedWrites, ViewGeneration } from './view-generation.js';

type Doc = Record<string, unknown>;

/** A batch, folded and not yet written. */
export type FoldedBatch = Readonly<{ writes: PlannedWrites; isEmpty: boolean }>;

const placeOf = ({ collection, id }: IncrementWrite) => `${collection}\n${id}`;

const NOT_THERE: Folded<Doc> = { document: undefined, stamp: undefined };

/**
 * Folds batch after batch into one generation, and remembers the documents it folded last. It goes by what each batch will have written, so
 * that one can be folded while the one before it, and no more, is being written.
 *
 * What it remembers is true as long as every batch it folded is written, and nobody else writes to the generation. Where one may not have
 * been, or somebody else may have moved the view (a compare-and-swap on its checkpoint is lost, or its outcome unknown), another folder
 * takes its place.
 */
export class ViewFolder {
  readonly #recent: RecentDocuments<Folded<Doc>>;
  /** Counters are never taken away: who has seen them need not look again. */
  readonly #begunCounters: RecentDocuments<true>;
  /** What the batch that was folded last leaves: it may not be there to be read yet, however little is remembered. */
  #last: Readonly<{ documents: ReadonlyMap<string, Folded<Doc>>; counters: ReadonlySet<string> }> = {
    documents: new Map(),
    counters: new Set(),
  };

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
      const known = this.#last.documents.get(id) ?? this.#recent.get(id) ?? (fresh && revision === 0n ? NOT_THERE : undefined);
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
    this.#remember(first.keys(), stored, batch);
    return { writes, isEmpty: writes.before.size === 0 && writes.then.size === 0 };
  }

  #remember(ids: Iterable<string>, stored: ReadonlyMap<string, Folded<Doc>>, { documents, increments }: BatchWrites<Doc>): void {
    for (const id of ids) this.#recent.set(id, stored.get(id) ?? NOT_THERE);
    const folded = new Map(documents.map(({ id, document, stamp }) => [id, { document, stamp }]));
    for (const [id, document] of folded) this.#recent.set(id, document);
    const counters = new Set(increments.map(placeOf));
    for (const place of counters) this.#begunCounters.set(place, true);
    this.#last = { documents: folded, counters };
  }

  /** Those counters that have been added to by an earlier batch, or by this one the first time that it was done. */
  async #begun(increments: readonly IncrementWrite[]): Promise<Set<IncrementWrite>> {
    const begun = new Set<IncrementWrite>();
    const unknown = new Map<string, IncrementWrite[]>();
    for (const write of increments) {
      const ofCollection = unknown.get(write.collection);
      const place = placeOf(write);
      if (this.#last.counters.has(place) || this.#begunCounters.get(place)) begun.add(write);
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
}
