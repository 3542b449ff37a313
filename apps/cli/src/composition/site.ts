import type { Settings } from '#config';
import { eventStoreLog, type EventStoreLog, type OnInterruption } from '#adapters/event-store';
import { connectReadModels, ViewReaders, type ReadModels } from '#adapters/read-models';
import { siteCatalogue } from './catalogue.js';
import { openEngines, type Engines, type EnginesOptions } from './engines.js';

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

/** The site on engines that are there; they are closed with it. */
export const siteOn = (settings: Settings, engines: Engines, onInterruption?: OnInterruption): Site => {
  const log = eventStoreLog({
    connectionString: engines.eventStoreUri,
    catalogue: siteCatalogue,
    ...(onInterruption && { onInterruption }),
  });
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
};

/**
 * Opens the site that the settings describe. It connects with the first call that needs it.
 * @throws what `openEngines` throws
 */
export const openSite = async (settings: Settings, { onInterruption, ...options }: SiteOptions): Promise<Site> => {
  const engines = await openEngines(settings, options);
  try {
    return siteOn(settings, engines, onInterruption);
  } catch (error) {
    await engines.close();
    throw error;
  }
};
