import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { Settings } from '#config';
import { IllegalTransition, InvalidInput, NotFound, Unavailable } from '#kernel';
import { isDamage, tellingDamage } from './damage.js';
import { openDataFolder, type DataFolder } from './data-folder.js';
import type { EnginesOptions } from './engines.js';
import { claim, type Owner } from './ownership.js';

/** What was found of one engine's data: how much there is, and what is wrong with it. */
export type EventsChecked = Readonly<{ events: number; position: bigint; faults: readonly string[] }>;
export type DocumentsChecked = Readonly<{ collections: number; documents: number; faults: readonly string[] }>;

/** Absent: nothing is kept there, or it is no embedded engine. */
export type Integrity = Readonly<{ eventStore?: EventsChecked; documentStore?: DocumentsChecked }>;

/**
 * Works on a data folder that no node is started on here; a server may be running on it. Commands that would start one wait meanwhile.
 * @throws Unavailable DATA_FOLDER_IN_USE, DATA_FOLDER_UNUSABLE
 */
const holding = async <Result>(
  { dataFolder }: Settings,
  options: EnginesOptions,
  work: (folder: DataFolder, server: Owner | undefined) => Promise<Result>,
): Promise<Result> => {
  const folder = openDataFolder(dataFolder);
  const claimed = await claim(folder, options);
  if (claimed.kind === 'theirs') return work(folder, claimed.owner);
  try {
    return await work(folder, undefined);
  } finally {
    claimed.ownership.release();
  }
};

const eventsChecked = async (folder: string): Promise<EventsChecked> => {
  const { verify } = await import('@faultline/embedded-event-store');
  try {
    const { events, end } = await verify(folder);
    return { events, position: BigInt(end), faults: [] };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { events: 0, position: 0n, faults: [error.message] };
  }
};

const documentsChecked = async (folder: string): Promise<DocumentsChecked> => {
  const { verify } = await import('@faultline/embedded-mongo');
  try {
    const { collections, documents, faults } = await verify(folder);
    return { collections, documents, faults };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { collections: 0, documents: 0, faults: [error.message] };
  }
};

/** Checks every record and document of the embedded engines, and their indexes; a server may be running on them. */
export const checkData = (settings: Settings, options: EnginesOptions): Promise<Integrity> =>
  holding(settings, options, async ({ eventStore, mongo }) => ({
    ...(!settings.eventStoreUri && existsSync(eventStore) && { eventStore: await eventsChecked(eventStore) }),
    ...(!settings.mongoUri && existsSync(mongo) && { documentStore: await documentsChecked(mongo) }),
  }));

/** @throws InvalidInput ENGINES_NOT_EMBEDDED naming what saves an engine of the site's own */
export const requireEmbedded = ({ eventStoreUri, mongoUri, dataFolder }: Settings): void => {
  if (eventStoreUri) {
    throw new InvalidInput(
      'ENGINES_NOT_EMBEDDED',
      'EVENTSTORE_URI names an EventStoreDB of your own: it is backed up and restored as its documentation says. The views are made anew ' +
        'from the log',
    );
  }
  if (mongoUri) {
    throw new InvalidInput(
      'ENGINES_NOT_EMBEDDED',
      'MONGODB_URI names a MongoDB of your own: mongodump and mongorestore are for that, and its views can be made anew from the log. The ' +
        `embedded event store alone is backed up by: npx embedded-event-store backup ${dataFolder}/event-store DIR`,
    );
  }
};

/** Where a backup keeps the data of each engine. */
type Places = Pick<DataFolder, 'eventStore' | 'mongo'>;
export type Copied = Readonly<{ eventStore: Omit<EventsChecked, 'faults'>; documentStore: Omit<DocumentsChecked, 'faults'> }>;

/**
 * Copies the data of both embedded engines and checks the copies. A server may be running.
 * The views are copied first: a log that is behind its views would give positions away again that the views have seen already.
 * @throws NotFound NOTHING_TO_BACK_UP; Unavailable DATA_FOLDER_DAMAGED
 */
export const copyOut = async (settings: Settings, options: EnginesOptions, to: Places): Promise<Copied> => {
  if (!existsSync(settings.dataFolder)) throw nothingIn(settings.dataFolder);
  return holding(settings, options, async (folder) => {
    if (!existsSync(folder.eventStore) || !existsSync(folder.mongo)) throw nothingIn(folder.path);
    const [eventStores, documentStores] = await Promise.all([
      import('@faultline/embedded-event-store'),
      import('@faultline/embedded-mongo'),
    ]);
    const { collections, documents } = await tellingDamage(documentStores.backup(folder.mongo, to.mongo));
    const { events, end } = await tellingDamage(eventStores.backup(folder.eventStore, to.eventStore));
    return { eventStore: { events, position: BigInt(end) }, documentStore: { collections, documents } };
  });
};

const nothingIn = (folder: string) =>
  new NotFound('NOTHING_TO_BACK_UP', `There is no data of Faultline in ${folder}: set FAULTLINE_DATA to the folder that has it`);

/**
 * Puts copies into a data folder that holds nothing but perhaps credentials, and checks them.
 * The log is first: views without their log would stand where the log has yet to come to; a log without views is nothing to worry about.
 * @param accept throws where it is not what it should be: it is removed again then
 * @throws Unavailable DATA_FOLDER_IN_USE, DATA_FOLDER_DAMAGED where the copies are; IllegalTransition DATA_FOLDER_NOT_EMPTY
 */
export const copyIn = (settings: Settings, options: EnginesOptions, from: Places, accept: (copied: Copied) => void): Promise<Copied> =>
  holding(settings, options, async (folder, server) => {
    if (server) {
      throw new Unavailable(
        'DATA_FOLDER_IN_USE',
        `faultline ${server.command} (process ${server.pid}) is running on ${folder.path}: a backup is restored to a folder that nobody uses`,
      );
    }
    const ours = [folder.credentials, folder.endpoints].map((path) => basename(path));
    const there = readdirSync(folder.path).filter((name) => !ours.includes(name));
    if (there.length > 0) {
      throw new IllegalTransition(
        'DATA_FOLDER_NOT_EMPTY',
        `There is something in ${folder.path} (${there.slice(0, 3).join(', ')}): a backup is restored to an empty folder, set FAULTLINE_DATA to one`,
      );
    }
    const [eventStores, documentStores] = await Promise.all([
      import('@faultline/embedded-event-store'),
      import('@faultline/embedded-mongo'),
    ]);
    try {
      const { events, end } = await tellingDamage(eventStores.restore(from.eventStore, folder.eventStore));
      const { collections, documents } = await tellingDamage(documentStores.restore(from.mongo, folder.mongo));
      const copied: Copied = { eventStore: { events, position: BigInt(end) }, documentStore: { collections, documents } };
      accept(copied);
      return copied;
    } catch (error) {
      for (const place of [folder.eventStore, folder.mongo]) rmSync(place, { recursive: true, force: true });
      throw error;
    }
  });
