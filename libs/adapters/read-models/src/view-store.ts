import type { Event, EventLog, Projection, Recorded } from '#kernel';
import { Checkpoints, type Checkpoint, type ViewRecord } from './checkpoints.js';
import type { ReadModels } from './connection.js';
import { reaching } from './failures.js';
import { dropLeftovers } from './leftovers.js';
import { viewId } from './names.js';
import { ViewFolder, type FoldedBatch } from './view-folder.js';
import { ViewGeneration } from './view-generation.js';

/** Any view, whatever it is made of: how a list of views of different events and documents is typed. */
export type AnyProjection = Projection<never, never>;

export type ViewStoreOptions = Readonly<{
  /** Most folded documents to keep in memory, so that they need not be read back. */
  recentDocuments?: number;
}>;

/** Enough for what a site works on at a time; each view of a projector keeps as many. */
export const RECENT_DOCUMENTS = 1_000;

/** Where a view is written, and what is remembered of it. */
type Place = Readonly<{ generation: ViewGeneration; folder: ViewFolder }>;

/** The events of a range of the log that ends here, folded and not yet written. */
export type ViewBatch = Readonly<{ through: bigint; folded: FoldedBatch }>;

/**
 * Where one process writes one view.
 *
 * A batch is the events of a range of the log, (position, through], and is done in four steps, each acknowledged before the next:
 * 1. read the documents it speaks of and fold (nothing is written, so that an event the view cannot take stops it here);
 * 2. write the end of the range into the checkpoint, by compare-and-swap;
 * 3. write outputs and increments, then folded documents, each under its guard;
 * 4. move the checkpoint to the end of the range, by compare-and-swap.
 * Whoever finds a range written down does exactly that range again (`resume`), which leaves what doing it once would have left: see
 * `foldBatch` in the kernel. Where another batch follows at once, its step 1 is done while the one before it is at step 3, and step 4 of the one
 * and step 2 of the other are one compare-and-swap.
 *
 * Any number of processes may do this at once, because a late writer changes nothing:
 * - Step 2 succeeds for one process only, so that there is one range at a time. Others lose it, and read the checkpoint again. Reading
 *   before step 2 is safe for the same reason: had anybody moved the view meanwhile, the compare-and-swap would fail.
 * - Several may do the same range, where one takes over what another, dead or only slow, has begun. Until the first folded document of the
 *   range is written, all of them compute the same writes. After that, all outputs and increments of the range are there, and whatever a
 *   process still computes from a mixture of old and new documents meets a position no lower than its own, and is not applied.
 * - Step 4 comes after every write of the range, so a process that is still at an earlier range finds every document that it wants to write
 *   at that range's state or a later one: its guards do not hold.
 * - A rebuilt generation has collections of its own, and `generation` is part of every compare-and-swap. What a late writer leaves in the
 *   old ones is nobody's view, and is dropped with the next leftovers.
 */
export class ViewStore {
  /** The id of its checkpoint. */
  readonly id: string;
  readonly projection: Projection;
  readonly #checkpoints: Checkpoints;
  readonly #recentDocuments: number;
  #place: Place | undefined;
  /** As it was left; not known while it is being moved, nor where that failed. */
  #checkpoint: Checkpoint | undefined;

  constructor(
    private readonly models: ReadModels,
    projection: AnyProjection,
    { recentDocuments = RECENT_DOCUMENTS }: ViewStoreOptions = {},
  ) {
    this.projection = projection as unknown as Projection;
    this.id = viewId(this.projection);
    this.#checkpoints = new Checkpoints(models.db, this.id);
    this.#recentDocuments = recentDocuments;
  }

  /**
   * Where the view is; `undefined` where nobody has begun it. Changes nothing.
   * @throws Unavailable
   */
  look(): Promise<ViewRecord | undefined> {
    return reaching(this.models.endpoint, () => this.#checkpoints.read());
  }

  /**
   * Takes the view up where it is: begins it where it is new, finishes a batch that was begun, and creates what indexes are missing. Call
   * it first, and again after any error other than `PoisonEvent`.
   * @returns the checkpoint, with nothing pending
   * @throws CheckpointLost when another process moves the view meanwhile: call it again
   * @throws PoisonEvent, WriteRefused when the begun batch cannot be done; UnreadableEvent when the log cannot read it
   * @throws Unavailable
   */
  resume(log: Pick<EventLog, 'readAll'>): Promise<Checkpoint> {
    return reaching(this.models.endpoint, async () => {
      this.#checkpoint = undefined;
      const { generation: number, position, pending } = await this.#checkpoints.begin();
      const before = this.#place?.generation;
      const isKnown = before?.generation === number;
      const generation = isKnown ? before : new ViewGeneration(this.models, this.projection, number);
      if (!isKnown) await generation.createIndexes();
      this.#place = { generation, folder: new ViewFolder(this.projection, generation, this.#recentDocuments) };

      const checkpoint: Checkpoint = { generation: number, position, pending };
      this.#checkpoint = pending === null ? checkpoint : await this.#finish(this.#place, checkpoint, pending, log);
      return this.#checkpoint;
    });
  }

  /** Does the batch that the checkpoint names: all of it, and nothing else. */
  async #finish(
    { generation, folder }: Place,
    checkpoint: Checkpoint,
    through: bigint,
    log: Pick<EventLog, 'readAll'>,
  ): Promise<Checkpoint> {
    const { streamPrefixes } = this.projection;
    const events: Recorded<Event>[] = [];
    for await (const event of log.readAll({ after: checkpoint.position, through, streamPrefixes })) events.push(event);
    const { writes } = await folder.fold(events, { fresh: false });
    await generation.write(writes);
    return this.#checkpoints.commit(checkpoint, through);
  }

  /**
   * Step 1. Folds the events of (position, through], which must be all that the view has there, in order; there may be none. `position` is
   * the end of the batch before, which may be being written meanwhile. Nothing is written.
   * Costs a read of the documents and counters that are not in memory.
   * @throws PoisonEvent when a step fails on an event; the events before it may be folded
   * @throws WriteRefused when a document cannot be stored
   * @throws Unavailable
   */
  async fold(events: readonly Recorded<Event>[], through: bigint): Promise<ViewBatch> {
    const { folder } = this.#resumed(this.#place);
    return { through, folded: await reaching(this.models.endpoint, () => folder.fold(events, { fresh: true })) };
  }

  /**
   * Step 2, and step 4 of the batch before it, if that was not committed. A batch that writes nothing is done with this.
   * @returns the checkpoint
   * @throws CheckpointLost when another process has moved the view: `resume`
   * @throws Unavailable when the outcome is unknown: `resume`
   */
  begin({ through, folded }: ViewBatch): Promise<Checkpoint> {
    return this.#moving((checkpoint) =>
      folded.isEmpty ? this.#checkpoints.commit(checkpoint, through) : this.#checkpoints.intend(checkpoint, through),
    );
  }

  /**
   * Step 3, of the batch that was begun last.
   * @throws WriteRefused when the database will not take a document: the batch stays begun
   * @throws Unavailable when the outcome is unknown: `resume`
   */
  async write({ folded }: ViewBatch): Promise<void> {
    await this.#moving(async (checkpoint, generation) => {
      await generation.write(folded.writes);
      return checkpoint;
    });
  }

  /** Step 4, where no other batch follows at once. @returns the checkpoint, with nothing pending. @throws as `begin` */
  commit(): Promise<Checkpoint> {
    return this.#moving((checkpoint) =>
      checkpoint.pending === null ? Promise.resolve(checkpoint) : this.#checkpoints.commit(checkpoint, checkpoint.pending),
    );
  }

  /**
   * All four steps: four round trips where anything is written, and one where nothing is.
   * @returns the checkpoint, at `through`
   * @throws what they throw
   */
  async apply(events: readonly Recorded<Event>[], through: bigint): Promise<Checkpoint> {
    const batch = await this.fold(events, through);
    await this.begin(batch);
    await this.write(batch);
    return this.commit();
  }

  #resumed<Known>(known: Known | undefined): Known {
    if (known === undefined) throw new Error(`${this.id} has to be resumed before it takes events`);
    return known;
  }

  /** Where it fails, nobody knows where the view is before it is resumed. */
  async #moving(move: (checkpoint: Checkpoint, generation: ViewGeneration) => Promise<Checkpoint>): Promise<Checkpoint> {
    const before = this.#resumed(this.#checkpoint);
    const { generation } = this.#resumed(this.#place);
    this.#checkpoint = undefined;
    const after = await reaching(this.models.endpoint, () => move(before, generation));
    this.#checkpoint = after;
    if (after.position > before.position) this.models.commits.next({ view: this.id, position: after.position });
    return after;
  }

  /**
   * Drops collections that crashed rebuilds and checks of this view have left behind.
   * @returns their names
   * @throws Unavailable
   */
  dropLeftovers(): Promise<string[]> {
    return reaching(this.models.endpoint, () => dropLeftovers(this.models.db, this.projection, this.#checkpoints, new Date()));
  }
}
