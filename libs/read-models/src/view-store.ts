import type { Event, EventLog, Projection, Recorded } from '#kernel';
import { Checkpoints, type Checkpoint, type ViewRecord } from './checkpoints.js';
import type { ReadModels } from './connection.js';
import { reaching } from './failures.js';
import { dropLeftovers } from './leftovers.js';
import { viewId } from './names.js';
import { ViewFolder } from './view-folder.js';
import { ViewGeneration } from './view-generation.js';

/** Any view, whatever it is made of: how a list of views of different events and documents is typed. */
export type AnyProjection = Projection<never, never>;

export type ViewStoreOptions = Readonly<{
  /** Most folded documents to keep in memory, so that they need not be read back. */
  recentDocuments?: number;
}>;

/** Enough for what a site works on at a time; each view of a projector keeps as many. */
export const RECENT_DOCUMENTS = 1_000;

type Position = Readonly<{ checkpoint: Checkpoint; generation: ViewGeneration; folder: ViewFolder }>;

/**
 * Where one process writes one view.
 *
 * A batch is the events of a range of the log, (position, through], and is done in four steps, each acknowledged before the next:
 * 1. read the documents it speaks of and fold (nothing is written, so that an event the view cannot take stops it here);
 * 2. write the end of the range into the checkpoint, by compare-and-swap;
 * 3. write outputs and increments, then folded documents, each under its guard;
 * 4. move the checkpoint to the end of the range, by compare-and-swap.
 * Whoever finds a range written down does exactly that range again (`resume`), which leaves what doing it once would have left: see
 * `foldBatch` in the kernel.
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
  #at: Position | undefined;

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
   * it first, and again after any error of `apply` other than `PoisonEvent`.
   * @returns the checkpoint, with nothing pending
   * @throws CheckpointLost when another process moves the view meanwhile: call it again
   * @throws PoisonEvent, WriteRefused when the begun batch cannot be done; UnreadableEvent when the log cannot read it
   * @throws Unavailable
   */
  resume(log: Pick<EventLog, 'readAll'>): Promise<Checkpoint> {
    return reaching(this.models.endpoint, async () => {
      const before = this.#at;
      this.#at = undefined;
      const { generation, position, pending } = await this.#checkpoints.begin();
      const checkpoint: Checkpoint = { generation, position, pending };

      const isKnown = before?.generation.generation === generation;
      const store = isKnown ? before.generation : new ViewGeneration(this.models, this.projection, generation);
      if (!isKnown) await store.createIndexes();
      const at: Position = { checkpoint, generation: store, folder: new ViewFolder(this.projection, store, this.#recentDocuments) };

      this.#at = pending === null ? at : { ...at, checkpoint: await this.#finish(at, pending, log) };
      return this.#at.checkpoint;
    });
  }

  /** Does the batch that the checkpoint names: all of it, and nothing else. */
  async #finish({ checkpoint, generation, folder }: Position, through: bigint, log: Pick<EventLog, 'readAll'>): Promise<Checkpoint> {
    const { streamPrefixes } = this.projection;
    const events: Recorded<Event>[] = [];
    for await (const event of log.readAll({ after: checkpoint.position, through, streamPrefixes })) events.push(event);
    const { writes, written } = await folder.fold(events, { fresh: false });
    await generation.write(writes);
    const done = await this.#checkpoints.commit(checkpoint, through);
    written();
    return done;
  }

  /**
   * Takes the events of (position, through], which must be all that the view has there, in order; there may be none.
   * Costs a read of the documents and counters that are not in memory, four round trips where anything is written and one where nothing is.
   * @returns the checkpoint, at `through`
   * @throws PoisonEvent when a step fails on an event: nothing has been written, and the events before it may be applied
   * @throws CheckpointLost when another process has moved the view: `resume`
   * @throws WriteRefused when the database will not take a document: the batch stays begun
   * @throws Unavailable when the outcome is unknown: `resume`
   */
  async apply(events: readonly Recorded<Event>[], through: bigint): Promise<Checkpoint> {
    const at = this.#at;
    if (!at) throw new Error(`${this.id} has to be resumed before it takes events`);
    const { writes, isEmpty, written } = await reaching(this.models.endpoint, () => at.folder.fold(events, { fresh: true }));

    this.#at = undefined;
    const checkpoint = await reaching(this.models.endpoint, async () => {
      if (isEmpty) return this.#checkpoints.commit(at.checkpoint, through);
      const begun = await this.#checkpoints.intend(at.checkpoint, through);
      await at.generation.write(writes);
      return this.#checkpoints.commit(begun, through);
    });
    written();
    this.#at = { ...at, checkpoint };
    this.models.commits.next({ view: this.id, position: through });
    return checkpoint;
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
