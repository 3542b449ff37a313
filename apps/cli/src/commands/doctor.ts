import { shownSettings } from '#config';
import { LOG_START, Unavailable, type EventLog } from '#kernel';
import { projections } from '#projections';
import { viewId } from '#adapters/read-models';
import { automationHealth } from '../../../automation/src/index.js';
import { checkData } from '../composition/embedded-data.js';
import type { Site } from '../composition/site.js';
import { engineOptions, onSite, type Outcome, type Surroundings } from './command.js';
import { faultsOf, MOST_COUNTED, shown, type Diagnosis, type Engine, type View } from './diagnosis.js';

export type DoctorCommand = Readonly<{ deep?: boolean }>;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const eventsBehind = async (log: EventLog, after: bigint, streamPrefixes: readonly string[]): Promise<number> => {
  let count = 0;
  for await (const _ of log.readAll({ after, streamPrefixes, limit: MOST_COUNTED })) count++;
  return count;
};

const eventStoreOf = async ({ log, engines }: Site): Promise<Diagnosis['eventStore']> => {
  const where = engines.embedded.includes('event store') ? 'embedded' : 'EVENTSTORE_URI';
  try {
    const { headPosition, answeredInMs, endpoint } = await log.check();
    return { reached: true, where: `${where}, ${endpoint}`, answeredInMs: Math.round(answeredInMs), headPosition };
  } catch (error) {
    return { reached: false, where, problem: messageOf(error) };
  }
};

const documentStoreOf = async ({ models, engines }: Site): Promise<Engine> => {
  const where = `${engines.embedded.includes('document store') ? 'embedded' : 'MONGODB_URI'}, ${models.endpoint}`;
  try {
    const { answeredInMs } = await models.check();
    return { reached: true, where, answeredInMs: Math.round(answeredInMs) };
  } catch (error) {
    return { reached: false, where, problem: messageOf(error) };
  }
};

const viewsOf = ({ log, readers }: Site): Promise<View[]> =>
  Promise.all(
    projections.map(async (projection): Promise<View> => {
      const view = viewId(projection);
      try {
        const position = await readers.of(projection as never).position();
        return {
          view,
          position: position ?? null,
          behindEvents: await eventsBehind(log, position ?? LOG_START, projection.streamPrefixes),
        };
      } catch (error) {
        return { view, position: null, behindEvents: 0, problem: messageOf(error) };
      }
    }),
  );

type LookedAt = Pick<Diagnosis, 'server' | 'eventStore' | 'documentStore' | 'views' | 'automation'>;

const lookedAt = async (site: Site): Promise<LookedAt> => {
  const [eventStore, documentStore] = await Promise.all([eventStoreOf(site), documentStoreOf(site)]);
  const isReached = eventStore.reached && documentStore.reached;
  const { server } = site.engines;
  return {
    server: server ? { pid: server.pid, roles: server.roles ?? [] } : null,
    eventStore,
    documentStore,
    views: isReached ? await viewsOf(site) : [],
    automation: isReached ? await automationHealth({ consumers: site.log, readers: site.readers }, Date.now()) : null,
  };
};

/** Engines that cannot be started on what they find are a finding. @throws whatever else is in the way of looking */
const unopened = (error: unknown): LookedAt => {
  if (!(error instanceof Unavailable && error.code === 'DATA_FOLDER_DAMAGED')) throw error;
  const engine: Engine = { reached: false, where: 'embedded', problem: `cannot be started: ${error.message}` };
  return { server: null, eventStore: engine, documentStore: engine, views: [], automation: null };
};

/**
 * `faultline doctor`: what this installation is made of, and whether it is well. Views that are
 * behind, and alarms that are overdue, are no fault: they follow.
 * With `--deep`, all that the embedded engines keep is read and held against its checksums.
 */
export const runDoctor = async ({ deep }: DoctorCommand, around: Surroundings): Promise<Outcome> => {
  const integrity = deep ? await checkData(around.settings, engineOptions('doctor', around)) : undefined;
  const site = await onSite('doctor', around, lookedAt).catch(unopened);
  const diagnosis: Diagnosis = {
    healthy:
      site.eventStore.reached &&
      site.documentStore.reached &&
      site.views.every(({ problem }) => problem === undefined) &&
      faultsOf(integrity).length === 0,
    version: around.version,
    node: process.versions.node,
    settings: shownSettings(around.settings),
    ...site,
    ...(integrity && { integrity }),
  };
  around.terminal.answer(diagnosis, shown);
  return diagnosis.healthy ? 'done' : 'check failed';
};
