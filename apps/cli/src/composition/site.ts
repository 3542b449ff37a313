import type { Settings } from '#config';
import { eventStoreLog, type EventStoreLog, type OnInterruption } from '#event-store';
import { incidentCatalogue } from '#incident';
import { ledgerCatalogue, numberCatalogue, unionOf, type Event, type EventCatalogue } from '#kernel';
import { connectReadModels, ViewReaders, type ReadModels } from '#read-models';
import { importCatalogue } from '../import/import-events.js';
import { openEngines, type Engines, type EnginesOptions } from './engines.js';

/** The words of every stream in the log. */
const catalogue = unionOf<Event>(
  ...([incidentCatalogue, ledgerCatalogue, numberCatalogue, importCatalogue] as readonly unknown[] as readonly EventCatalogue<Event>[]),
);

/** One installation as a process sees it: its settings, its log, its views. */
export interface Site {
  readonly settings: Settings;
  readonly engines: Engines;
  readonly log: EventStoreLog;
  readonly models: ReadModels;
  readonly readers: ViewReaders;
  /** Closes what was opened, in the opposite order. */
  close(): Promise<void>;
}

export type SiteOptions = EnginesOptions & Readonly<{ onInterruption?: OnInterruption }>;

/**
 * Opens the site that the settings describe. It connects with the first call that needs it.
 * @throws what `openEngines` throws
 */
export const openSite = async (settings: Settings, { onInterruption, ...options }: SiteOptions): Promise<Site> => {
  const engines = await openEngines(settings, options);
  try {
    const log = eventStoreLog({ connectionString: engines.eventStoreUri, catalogue, ...(onInterruption && { onInterruption }) });
    const models = connectReadModels({ uri: engines.mongoUri, database: settings.database });
    return {
      settings,
      engines,
      log,
      models,
      readers: new ViewReaders(models),
      close: async () => {
        await Promise.allSettled([models.close(), log.dispose()]);
        await engines.close();
      },
    };
  } catch (error) {
    await engines.close();
    throw error;
  }
};
