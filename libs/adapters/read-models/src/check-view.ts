import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog, Projection } from '#kernel';
import type { Build, BuildOptions } from './build.js';
import { BuildSuperseded, type Checkpoints, type ViewRecord } from './checkpoints.js';
import { differenceOf, differingPairs, positionOf, type Difference, type Pair } from './compare-collections.js';
import type { ReadModels } from './connection.js';
import { reaching } from './failures.js';
import { buildingBeside } from './rebuild-view.js';
import { ViewGeneration } from './view-generation.js';
import type { AnyProjection } from './view-store.js';

export type CheckOptions = BuildOptions &
  Readonly<{
    /** Most differences to describe; all are counted. */
    differences?: number;
  }>;

export type Checked = Readonly<{
  view: string;
  /** Both held every event up to here. */
  position: bigint;
  events: number;
  /** How many documents were compared. */
  documents: number;
  /** How many documents are not what the log says, and the first of them. */
  differing: number;
  differences: readonly Difference[];
  /** Documents that kept changing while they were being compared, or were too many to look at again: no verdict on them. */
  unsettled: number;
  /** Every document is what the log says, and there is a verdict on each. */
  isSame: boolean;
}>;

const DIFFERENCES = 20;

/** How often documents that changed meanwhile are compared again, how many at most, and after what pause in milliseconds. */
const ROUNDS = 5;
const MOST_MOVED = 10_000;
const PAUSE_MS = 50;

/** How many documents are compared again in one read. */
const IDS_PER_READ = 500;

/** The view was rebuilt while it was being compared. */
class ViewReplaced extends Error {}

class Comparison {
  readonly differences: Difference[] = [];
  documents = 0;
  differing = 0;
  unsettled = 0;
  /** By logical collection: documents of the live view that have moved on behind the position compared at. */
  moved = new Map<string, string[]>();
  #movedCount = 0;

  constructor(private readonly most: number) {}

  note(collection: string, pair: Pair): void {
    this.differing++;
    if (this.differences.length < this.most) this.differences.push(differenceOf(collection, pair));
  }

  noteMoved(collection: string, id: string): void {
    if (this.#movedCount >= MOST_MOVED) {
      this.unsettled++;
      return;
    }
    this.#movedCount++;
    const ids = this.moved.get(collection);
    if (ids) ids.push(id);
    else this.moved.set(collection, [id]);
  }

  takeMoved(): Map<string, string[]> {
    const moved = this.moved;
    this.moved = new Map();
    this.#movedCount = 0;
    return moved;
  }
}

/**
 * Builds a view anew beside the live one and compares the two, byte for byte, at the same position; then drops what it built. The live view
 * is not touched, and may go on: a document that an event behind that position has changed meanwhile is compared again at a later one.
 * What differs at the position of its own last event is different, whatever else goes on.
 *
 * Costs as much as a rebuild and a read of both. Memory stays flat: 500 documents of each side, and the ids of at most 10,000 that moved.
 *
 * @throws BuildSuperseded when a rebuild or another check of the view began meanwhile; PoisonEvent, WriteRefused, UnreadableEvent; Unavailable
 */
export const checkView = (models: ReadModels, log: EventLog, view: AnyProjection, options: CheckOptions = {}): Promise<Checked> => {
  const projection = view as unknown as Projection;
  return reaching(models.endpoint, () =>
    buildingBeside(models, log, projection, options, async (build, checkpoints) => {
      const { generation, position } = await recordOf(checkpoints);
      await build.catchUp(position);

      const live = new ViewGeneration(models, projection, generation);
      const comparison = new Comparison(options.differences ?? DIFFERENCES);
      const collections = Object.keys(projection.collections);
      for (const collection of collections) await compare(live, build, collection, comparison);

      for (let round = 1; round <= ROUNDS && comparison.moved.size > 0; round++) {
        await delay(PAUSE_MS);
        await build.catchUp((await recordOf(checkpoints, generation)).position);
        for (const [collection, ids] of comparison.takeMoved()) {
          for (let from = 0; from < ids.length; from += IDS_PER_READ) {
            await compare(live, build, collection, comparison, ids.slice(from, from + IDS_PER_READ));
          }
        }
      }
      for (const ids of comparison.takeMoved().values()) comparison.unsettled += ids.length;

      const { building } = await recordOf(checkpoints, generation);
      if (building?.generation !== build.generation.generation) throw new BuildSuperseded(checkpoints.view);
      const { documents, differing, differences, unsettled } = comparison;
      const isSame = differing === 0 && unsettled === 0;
      return {
        view: checkpoints.view,
        position: build.position,
        events: build.events,
        documents,
        differing,
        differences,
        unsettled,
        isSame,
      };
    }),
  );
};

const recordOf = async (checkpoints: Checkpoints, generation?: number): Promise<ViewRecord> => {
  const record = await checkpoints.begin();
  if (generation !== undefined && record.generation !== generation) {
    throw new ViewReplaced(`${checkpoints.view} was rebuilt while it was being checked: check again`);
  }
  return record;
};

/**
 * Compares one collection. Every event up to the build's position is in the live view, so a live document whose last event lies no further
 * must be what was built; one that has gone further says nothing yet.
 */
const compare = async (live: ViewGeneration, build: Build, collection: string, comparison: Comparison, ids?: readonly string[]) => {
  const counted = () => {
    if (!ids) comparison.documents++;
  };
  const pairs = differingPairs(live.raw(collection), build.generation.raw(collection), counted, ids);
  for await (const pair of pairs) {
    if (pair.live && positionOf(pair.live) > build.position) comparison.noteMoved(collection, pair.id);
    else comparison.note(collection, pair);
  }
};
