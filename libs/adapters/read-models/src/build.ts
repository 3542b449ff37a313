import type { Event, EventLog, Projection, Recorded } from '#kernel';
import { LOG_START } from '#kernel';
import type { Checkpoints } from './checkpoints.js';
import type { ReadModels } from './connection.js';
import { ViewFolder } from './view-folder.js';
import { ViewGeneration } from './view-generation.js';

/** How far building has come. `head` is the end of the log that it is heading for. */
export type BuildProgress = Readonly<{ view: string; events: number; position: bigint; head: bigint }>;

export type BuildOptions = Readonly<{
  /** Most events that are folded and written at a time. */
  batchEvents?: number;
  onProgress?: (progress: BuildProgress) => void;
  /** Gives up; what was built is dropped. */
  signal?: AbortSignal;
}>;

export const BUILD_BATCH_EVENTS = 4_000;

/** More than a projector keeps: a build folds the whole log, and nobody else needs the memory as long. */
const RECENT_DOCUMENTS = 10_000;

/** How often the builder says that it is still at it, in milliseconds. */
const SAYS_SO_EACH_MS = 5_000;

const inBatches = async function* <Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
};

/**
 * A generation of a view on its way from the start of the log, beside the live one. It belongs to one builder, so that its batches need not
 * be named before they are written: after a crash it is dropped, not continued.
 */
export class Build {
  readonly generation: ViewGeneration;
  readonly #folder: ViewFolder;
  #position = LOG_START;
  #events = 0;
  #saidSo = 0;

  constructor(
    models: ReadModels,
    private readonly projection: Projection,
    private readonly checkpoints: Checkpoints,
    private readonly log: EventLog,
    generation: number,
    private readonly options: BuildOptions,
  ) {
    this.generation = new ViewGeneration(models, projection, generation);
    this.#folder = new ViewFolder(projection, this.generation, RECENT_DOCUMENTS);
  }

  /** Every event up to here is in it. */
  get position(): bigint {
    return this.#position;
  }

  get events(): number {
    return this.#events;
  }

  /**
   * Goes on to a position, by default to the end of the log as it is now. One batch is written while the next one is read.
   * @throws PoisonEvent, WriteRefused, UnreadableEvent; BuildSuperseded when another build of the view has begun; the signal's reason
   */
  async catchUp(through?: bigint): Promise<void> {
    const { batchEvents = BUILD_BATCH_EVENTS, signal } = this.options;
    const head = through ?? (await this.log.headPosition());
    if (head <= this.#position) return;
    const range = { after: this.#position, through: head, streamPrefixes: this.projection.streamPrefixes };
    let writing: Promise<void> = Promise.resolve();
    try {
      for await (const batch of inBatches(this.log.readAll<Event>(range), batchEvents)) {
        await writing;
        signal?.throwIfAborted();
        writing = this.#write(batch, head);
        // awaited above or below; until then, its failure is not an unhandled one
        writing.catch(() => undefined);
      }
    } finally {
      await writing;
    }
    this.#position = head;
    this.#report(head);
  }

  async #write(batch: readonly Recorded<Event>[], head: bigint): Promise<void> {
    if (Date.now() - this.#saidSo > SAYS_SO_EACH_MS) {
      this.#saidSo = Date.now();
      await this.checkpoints.keepBuilding(this.generation.generation, new Date(this.#saidSo));
    }
    const { writes } = await this.#folder.fold(batch, { fresh: true });
    await this.generation.write(writes);
    this.#events += batch.length;
    this.#position = batch.at(-1)?.position ?? this.#position;
    this.#report(head);
  }

  #report(head: bigint): void {
    this.options.onProgress?.({ view: this.checkpoints.view, events: this.#events, position: this.#position, head });
  }
}
