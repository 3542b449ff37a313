import { json, dataFolder } from '../../support/program.js';
import { compare, secondsOf, type Compared } from '../comparison.js';
import type { LogFile } from '../logs.js';
import { ownSite } from '../own-site.js';
import { bulkWrite, createCollections, documentsOf, type Stored } from '../raw-documents.js';
import { eventsIn, rawLog, type Stream } from '../raw-log.js';

type Content = Readonly<{ streams: readonly Stream[]; stored: readonly Stored[] }>;

/** What an import has left in a data folder. */
const contentOf = async (folder: string): Promise<Content> => {
  const site = await ownSite(folder);
  const log = rawLog(site.engines.eventStoreUri);
  try {
    return { streams: await log.incidentStreams(-1n), stored: await documentsOf(site.models) };
  } finally {
    await log.dispose();
    await site.close();
  }
};

/** Appends the same events, one call an incident, and then writes the same documents, in a folder of their own. */
const writtenRaw = async (folder: string, { streams, stored }: Content): Promise<number> => {
  const site = await ownSite(folder);
  const log = rawLog(site.engines.eventStoreUri);
  try {
    await createCollections(site.models, stored);
    return await secondsOf(async () => {
      await log.append(streams, 'raw');
      await bulkWrite(site.models, stored);
    });
  } finally {
    await log.dispose();
    await site.close();
  }
};

/** The command as a user runs it, from its start to its end: the log is imported, and every view is at its end. */
const imported = (folder: string, { path }: LogFile): Promise<number> =>
  secondsOf(() => json(folder, ['import', path, '--mapping', 'servicenow']));

export const importOfLog = ({ log, rounds }: { log: LogFile; rounds: number }): Promise<Compared> => {
  let content: Content | undefined;
  return compare({
    what: `import of ${log.name}, all views caught up`,
    against: 'raw appends and bulkWrite of the same',
    unit: 'events/s',
    goal: { atLeast: 0.5 },
    rounds,
    round: async () => {
      const [ours, theirs] = [dataFolder(), dataFolder()];
      try {
        const seconds = await imported(ours.path, log);
        content ??= await contentOf(ours.path);
        const events = eventsIn(content.streams);
        return [events / seconds, events / (await writtenRaw(theirs.path, content))];
      } finally {
        ours.remove();
        theirs.remove();
      }
    },
  });
};
