import { connectReadModels, ViewReaders } from '#adapters/read-models';
import { bringViewsTo } from '../../../apps/cli/src/composition/catch-up.js';
import { findMapping } from '../../../apps/cli/src/import/find-mapping.js';
import { importFile } from '../../../apps/cli/src/import/import-file.js';
import type { Site } from '../../../apps/cli/src/composition/site.js';
import { dataFolder } from '../../support/program.js';
import { compare, secondsOf, type Compared } from '../comparison.js';
import type { LogFile } from '../logs.js';
import { ownSite } from '../own-site.js';
import { rawLog } from '../raw-log.js';

/** Builds every view from the start of the log, in a database of their own, which is dropped again. */
const caughtUp = async (site: Site, database: string): Promise<number> => {
  const models = connectReadModels({ uri: site.engines.mongoUri, database });
  const head = await site.log.headPosition();
  try {
    return await secondsOf(() => bringViewsTo({ ...site, models, readers: new ViewReaders(models) }, head));
  } finally {
    await models.db.dropDatabase();
    await models.close();
  }
};

export const catchUp = async ({ log: { name, path }, rounds }: { log: LogFile; rounds: number }): Promise<Compared> => {
  const folder = dataFolder();
  const site = await ownSite(folder.path);
  const log = rawLog(site.engines.eventStoreUri);
  try {
    const mapping = await findMapping('servicenow');
    await importFile({ path, mapping, log: site.log, inFlight: site.settings.importInFlight, nowMs: Date.now() });
    const events = await log.readAll();
    return await compare({
      what: `catch-up of all views, ${name}`,
      against: 'raw read of $all',
      unit: 'events/s',
      goal: { atLeast: 0.4 },
      rounds,
      round: async (n) => [events / (await caughtUp(site, `round_${n}`)), events / (await secondsOf(log.readAll))],
    });
  } finally {
    await log.dispose();
    await site.close();
    folder.remove();
  }
};
