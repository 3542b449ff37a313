import type { Collection, Db, Filter, UpdateFilter } from 'mongodb';
import { LOG_START } from '#kernel';
import { FIRST_GENERATION } from './names.js';

/**
 * How far a view has come. Every event up to `position` is in it. `pending`, where there is one, is the end of the batch that somebody is
 * writing, or was when he was cut off: some of its writes may be there.
 */
export type Checkpoint = Readonly<{ generation: number; position: bigint; pending: bigint | null }>;

/** A generation that is being built beside the live one. `seenAt` is when its builder last said so. */
export type Building = Readonly<{ generation: number; seenAt: Date }>;

/** All that is written down about a view. `lastGeneration` is the highest one ever given out: none is used twice. */
export type ViewRecord = Checkpoint & Readonly<{ lastGeneration: number; building: Building | null }>;

type CheckpointDocument = ViewRecord & { _id: string };

const COLLECTION = 'checkpoints';

/** A compare-and-swap on the checkpoint was lost: somebody else moved the view on, rebuilt it or dropped it. */
export class CheckpointLost extends Error {
  constructor(readonly view: string) {
    super(`The checkpoint of ${view} is not where this process left it: another one has moved it`);
    this.name = 'CheckpointLost';
  }
}

/** Another rebuild or check of the same view began while this one was under way; what was built here is no longer wanted. */
export class BuildSuperseded extends Error {
  constructor(readonly view: string) {
    super(`A later rebuild or check of ${view} took the place of this one`);
    this.name = 'BuildSuperseded';
  }
}

/**
 * The checkpoint of one view: a single document, and every change to it a compare-and-swap, so that any number of processes may try.
 * Positions of one generation only grow, and a rebuilt generation takes over at a position no lower than the live one's. A process whose
 * compare-and-swap succeeds therefore knows that nobody has moved the view since it read or wrote the checkpoint.
 */
export class Checkpoints {
  readonly #collection: Collection<CheckpointDocument>;

  constructor(
    db: Db,
    readonly view: string,
  ) {
    this.#collection = db.collection<CheckpointDocument>(COLLECTION);
  }

  /** `undefined` for a view that nobody has begun. */
  async read(): Promise<ViewRecord | undefined> {
    const found = await this.#collection.findOne({ _id: this.view });
    if (!found) return undefined;
    const { _id, ...record } = found;
    return record;
  }

  /** Reads it, and begins it at the start of the log where there is none. */
  async begin(): Promise<ViewRecord> {
    const record = await this.read();
    if (record) return record;
    const first: ViewRecord = {
      generation: FIRST_GENERATION,
      position: LOG_START,
      pending: null,
      lastGeneration: FIRST_GENERATION,
      building: null,
    };
    await this.#collection.bulkWrite([{ updateOne: { filter: { _id: this.view }, update: { $setOnInsert: first }, upsert: true } }]);
    return (await this.read()) ?? first;
  }

  /** Names a batch before its first write. Where one was named already, all writes of that one are there. @throws CheckpointLost */
  intend(from: Checkpoint, through: bigint): Promise<Checkpoint> {
    return this.#move(from, { ...from, position: from.pending ?? from.position, pending: through });
  }

  /** All writes up to here are there. @throws CheckpointLost */
  commit(from: Checkpoint, through: bigint): Promise<Checkpoint> {
    return this.#move(from, { ...from, position: through, pending: null });
  }

  async #move({ generation, position, pending }: Checkpoint, to: Checkpoint): Promise<Checkpoint> {
    const change = { $set: { position: to.position, pending: to.pending } };
    if (!(await this.#swap({ generation, position, pending }, change))) throw new CheckpointLost(this.view);
    return { generation: to.generation, position: to.position, pending: to.pending };
  }

  /** Gives out a generation to build. Whoever was building one is superseded. */
  async beginBuild(now: Date): Promise<number> {
    for (;;) {
      const { lastGeneration } = await this.begin();
      const generation = lastGeneration + 1;
      const change = { $set: { lastGeneration: generation, building: { generation, seenAt: now } } };
      if (await this.#swap({ lastGeneration }, change)) return generation;
    }
  }

  /** Says that the builder is still at it. @throws BuildSuperseded */
  async keepBuilding(generation: number, now: Date): Promise<void> {
    const isOurs = await this.#swap({ 'building.generation': generation }, { $set: { 'building.seenAt': now } });
    if (!isOurs) throw new BuildSuperseded(this.view);
  }

  /** Puts the built generation in the place of the live one, unless that is further: then `false`, and nothing has changed. */
  takeOver(generation: number, position: bigint): Promise<boolean> {
    return this.#swap(
      { 'building.generation': generation, position: { $lte: position } },
      { $set: { generation, position, pending: null, building: null } },
    );
  }

  /** Forgets a build. `false` where it is not this one's turn any more. */
  endBuild({ generation, seenAt }: { generation: number; seenAt?: Date }): Promise<boolean> {
    const still = { 'building.generation': generation, ...(seenAt && { 'building.seenAt': seenAt }) };
    return this.#swap(still, { $set: { building: null } });
  }

  async #swap(expected: Filter<CheckpointDocument>, change: UpdateFilter<CheckpointDocument>): Promise<boolean> {
    const { matchedCount } = await this.#collection.updateOne({ ...expected, _id: this.view }, change);
    return matchedCount === 1;
  }
}
