import { BSON, type Db } from 'mongodb';
import type { EventLog, Recorded } from '#kernel';
import { memoryLog, newEvents } from '#testing';
import type { ReadModels } from './connection.js';
import { doorCatalogue, type DoorEvent, type houseHistory } from './doors.fixture.js';
import { collectionName } from './names.js';
import { ViewStore, type AnyProjection, type ViewBatch, type ViewStoreOptions } from './view-store.js';

/** A log of what happens in a house. */
export class House {
  readonly log: EventLog = memoryLog({ catalogue: doorCatalogue });
  readonly #revisions = new Map<string, bigint>();
  #commands = 0;

  static async with(history: ReturnType<typeof houseHistory>): Promise<House> {
    const house = new House();
    await house.happen(history);
    return house;
  }

  /** Records more; answers the position of the last of it. */
  async happen(history: ReturnType<typeof houseHistory>): Promise<bigint> {
    let last = -1n;
    for (const [streamName, event] of history) {
      const events = newEvents(streamName, `command ${this.#commands++}`, event);
      const { revision, position } = await this.log.append(streamName, this.#revisions.get(streamName) ?? -1n, events);
      this.#revisions.set(streamName, revision);
      last = position;
    }
    return last;
  }
}

/** The events of a view, in order. */
export const eventsOf = async (
  log: EventLog,
  { streamPrefixes }: Pick<AnyProjection, 'streamPrefixes'>,
): Promise<Recorded<DoorEvent>[]> => {
  const events: Recorded<DoorEvent>[] = [];
  for await (const event of log.readAll<DoorEvent>({ after: -1n, streamPrefixes })) events.push(event);
  return events;
};

/**
 * Brings a view to the end of the log, as a projector would that takes so many events at a time: one batch after the other, or each of them
 * folded while the one before it is being written.
 */
export const project = async (
  models: ReadModels,
  log: EventLog,
  view: AnyProjection,
  batchEvents: number,
  { foldsAhead = true, ...options }: ViewStoreOptions & { foldsAhead?: boolean } = {},
): Promise<void> => {
  const store = new ViewStore(models, view, options);
  const { position } = await store.resume(log);
  const events = (await eventsOf(log, view)).filter((event) => event.position > position);
  let folding: Promise<ViewBatch> | undefined;
  for (let from = 0; from < events.length; from += batchEvents) {
    const foldAt = (start: number) => {
      const batch = events.slice(start, start + batchEvents);
      return store.fold(batch, batch.at(-1)?.position as bigint);
    };
    const batch: ViewBatch = await (folding ?? foldAt(from));
    await store.begin(batch);
    const isLast = from + batchEvents >= events.length;
    folding = foldsAhead && !isLast ? foldAt(from + batchEvents) : undefined;
    folding?.catch(() => undefined);
    await store.write(batch);
    if (!folding) await store.commit();
  }
};

/** Every byte of a view, by logical collection and id. */
export const bytesOf = async (db: Db, { collections, version }: AnyProjection, generation = 1): Promise<Map<string, string>> => {
  const bytes = new Map<string, string>();
  for (const logical of Object.keys(collections)) {
    const documents = db.collection(collectionName(logical, version, generation)).find({}, { sort: { _id: 1 }, raw: true });
    for await (const document of documents) {
      const buffer = document as unknown as Buffer;
      bytes.set(`${logical}/${String(BSON.deserialize(buffer)['_id'])}`, buffer.toString('hex'));
    }
  }
  return bytes;
};

/** Every byte of a view that was made in one go, in a database of its own. */
export const madeAnew = async (models: ReadModels, log: EventLog, view: AnyProjection): Promise<Map<string, string>> => {
  await project(models, log, view, 10_000);
  return bytesOf(models.db, view);
};

/** The names of all stored collections, in order. */
export const collectionsIn = async ({ db }: ReadModels): Promise<string[]> =>
  (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name).sort();
