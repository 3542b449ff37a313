import type { Document, Filter as MongoFilter } from 'mongodb';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable, type Filter, type FindSpec, type Projection } from '#kernel';
import { Checkpoints, type ViewRecord } from './checkpoints.js';
import type { ReadModels } from './connection.js';
import { failureAt, reaching } from './failures.js';
import { Freshness } from './freshness.js';
import { collectionName, viewId } from './names.js';
import type { AnyProjection } from './view-store.js';

/** The longest that the server works on one read, in milliseconds. */
const READ_LIMIT_MS = 30_000;

/** How many documents travel at a time when a whole collection is read. */
const BATCH_SIZE = 500;

/** A read that met a batch being written is run again so often, with a pause in between, before it is answered as it is. */
const ATTEMPTS = 5;
const PAUSE_MS = 4;

/** One view as it was found. Documents come as stored: `_id`, `revision` and `position` beside their own fields. */
export interface ViewSnapshot {
  /** Every event up to here is in it. */
  readonly position: bigint;
  /** Documents in order, one by one: memory stays flat however many there are. */
  find<Found = Document>(spec: FindSpec): AsyncIterable<Found>;
  /** The same, all at once: for pages. */
  list<Found = Document>(spec: FindSpec): Promise<Found[]>;
  /** One document of a collection, by its logical name; `undefined` where there is none. */
  byId<Found = Document>(collection: string, id: string): Promise<Found | undefined>;
  count(collection: string, filter: Filter): Promise<number>;
}

export type ReadOptions = Readonly<{
  /** Not before every event up to this position is in the view. */
  after?: bigint;
  /** How long to wait for that, in milliseconds. */
  withinMs?: number;
  /** `false`: one look will do, even while a batch is being written; so for a single document, which is never half-written. */
  settle?: boolean;
}>;

/**
 * What was read, and how exact that is. Every event up to `position` is in it. `settled`: nothing else is in it either, for no batch was
 * being written meanwhile; otherwise some documents may show later events already.
 */
export type Reading<Value> = Readonly<{ value: Value; position: bigint; settled: boolean }>;

export interface ViewReader {
  /** The id of the view's checkpoint. */
  readonly id: string;
  /** The view's position, `undefined` while nobody has begun it. @throws Unavailable */
  position(): Promise<bigint | undefined>;
  /**
   * Looks at the view, with as many reads as it takes, and answers what was found with its position. `look` may be called several times:
   * again while batches were being written in between (a few times), and again whenever a rebuilt generation took the view's place.
   * @throws Unavailable VIEW_BEHIND, VIEW_NOT_BUILT, READ_MODELS_UNAVAILABLE
   */
  read<Value>(look: (view: ViewSnapshot) => Promise<Value>, options?: ReadOptions): Promise<Reading<Value>>;
  /**
   * All documents of one read as a stream, for exports. It ends with an error, never quietly, where a rebuilt generation took the view's
   * place meanwhile.
   * @throws Unavailable VIEW_BEHIND, VIEW_NOT_BUILT, VIEW_REBUILT, READ_MODELS_UNAVAILABLE
   */
  stream<Found = Document>(spec: FindSpec, options?: ReadOptions): AsyncIterable<Found>;
}

const DEFAULT_WITHIN_MS = 10_000;

const snapshotOf = (models: ReadModels, { version }: Projection, { generation, position }: ViewRecord): ViewSnapshot => {
  const stored = (logical: string) => models.db.collection<Document>(collectionName(logical, version, generation));
  const cursorOf = ({ collection, filter, sort, limit, fields }: FindSpec) =>
    stored(collection).find(filter as MongoFilter<Document>, {
      sort: Object.entries(sort),
      maxTimeMS: READ_LIMIT_MS,
      batchSize: BATCH_SIZE,
      ...(limit !== undefined && { limit }),
      ...(fields && { projection: fields }),
    });

  return {
    position,
    async *find<Found>(spec: FindSpec) {
      try {
        for await (const found of cursorOf(spec)) yield found as Found;
      } catch (error) {
        throw failureAt(models.endpoint, error);
      }
    },
    list: <Found>(spec: FindSpec) => reaching(models.endpoint, async () => (await cursorOf(spec).toArray()) as Found[]),
    byId: <Found>(collection: string, id: string) =>
      reaching(models.endpoint, async () => {
        const found = await stored(collection).findOne({ _id: id as never }, { maxTimeMS: READ_LIMIT_MS });
        return (found ?? undefined) as Found | undefined;
      }),
    count: (collection, filter) =>
      reaching(models.endpoint, async () =>
        Number(await stored(collection).countDocuments(filter as MongoFilter<Document>, { maxTimeMS: READ_LIMIT_MS })),
      ),
  };
};

const isSame = (before: ViewRecord, after: ViewRecord) =>
  before.position === after.position && after.pending === null && before.pending === null;

/** Reads views for this process; make one and share it, for those who wait for the same view share one look at its checkpoint. */
export class ViewReaders {
  readonly #freshness: Freshness;

  constructor(private readonly models: ReadModels) {
    this.#freshness = new Freshness(models);
  }

  of(projection: AnyProjection): ViewReader {
    const { models } = this;
    const view = projection as unknown as Projection;
    const id = viewId(view);
    const checkpoints = new Checkpoints(models.db, id);

    const recordNow = async (): Promise<ViewRecord> => {
      const record = await reaching(models.endpoint, () => checkpoints.read());
      if (!record) throw new Unavailable('VIEW_NOT_BUILT', `The view ${id} has not been built yet: is a projector running?`);
      return record;
    };

    const recordAt = async ({ after, withinMs = DEFAULT_WITHIN_MS }: ReadOptions) => {
      if (after !== undefined) await this.#freshness.until(id, after, withinMs);
      return recordNow();
    };

    /** Looks once. A generation that was replaced meanwhile may have been dropped under the look: that is no answer, error or not. */
    const lookAt = async <Value>(before: ViewRecord, look: (view: ViewSnapshot) => Promise<Value>) => {
      const looked = await Promise.resolve(snapshotOf(models, view, before))
        .then(look)
        .then(
          (value) => ({ value }),
          (failure: unknown) => ({ failure }),
        );
      const now = await recordNow();
      if (now.generation !== before.generation) return { now };
      if ('failure' in looked) throw looked.failure;
      return { now, ...looked };
    };

    return {
      id,
      position: async () => (await reaching(models.endpoint, () => checkpoints.read()))?.position,

      read: async (look, options = {}) => {
        let before = await recordAt(options);
        for (let attempt = 1; ; attempt++) {
          const looked = await lookAt(before, look);
          if ('value' in looked) {
            const settled = isSame(before, looked.now);
            if (settled || options.settle === false || attempt >= ATTEMPTS)
              return { value: looked.value, position: before.position, settled };
            await delay(PAUSE_MS * attempt);
          }
          before = await recordNow();
        }
      },

      async *stream<Found>(spec: FindSpec, options: ReadOptions = {}) {
        const before = await recordAt(options);
        let failure: { error: unknown } | undefined;
        try {
          yield* snapshotOf(models, view, before).find<Found>(spec);
        } catch (error) {
          failure = { error };
        }
        const now = await recordNow();
        if (now.generation !== before.generation) {
          throw new Unavailable('VIEW_REBUILT', `The view ${id} was rebuilt while it was being read: ask again`);
        }
        if (failure) throw failure.error;
      },
    };
  }
}
