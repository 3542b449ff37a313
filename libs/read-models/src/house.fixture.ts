import { BSON, type Db } from 'mongodb';
import type { EventLog, Recorded } from '#kernel';
import type { ReadModels } from './connection.js';
import type { DoorEvent } from './doors.fixture.js';
import { collectionName } from './names.js';
import { ViewStore, type AnyProjection, type ViewStoreOptions } from './view-store.js';

/** The events of a view, in order. */
export const eventsOf = async (
  log: EventLog,
  { streamPrefixes }: Pick<AnyProjection, 'streamPrefixes'>,
): Promise<Recorded<DoorEvent>[]> => {
  const events: Recorded<DoorEvent>[] = [];
  for await (const event of log.readAll<DoorEvent>({ after: -1n, streamPrefixes })) events.push(event);
  return events;
};

/** Brings a view to the end of the log, as a projector would that takes so many events at a time. */
export const project = async (
  models: ReadModels,
  log: EventLog,
  view: AnyProjection,
  batchEvents: number,
  options?: ViewStoreOptions,
): Promise<void> => {
  const store = new ViewStore(models, view, options);
  const { position } = await store.resume(log);
  const events = (await eventsOf(log, view)).filter((event) => event.position > position);
  for (let from = 0; from < events.length; from += batchEvents) {
    const batch = events.slice(from, from + batchEvents);
    await store.apply(batch, batch.at(-1)?.position as bigint);
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
