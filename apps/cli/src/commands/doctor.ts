import { shownSettings } from '#config';
import { LOG_START, Unavailable, type EventLog } from '#kernel';
import { projections } from '#projections';
import { viewId } from '#read-models';
import { checkData, type Integrity } from '../composition/embedded-data.js';
import type { Site } from '../composition/site.js';
import { grouped, labelled, table } from '../terminal/table.js';
import { engineOptions, onSite, type Outcome, type Surroundings } from './command.js';

export type DoctorCommand = Readonly<{ deep?: boolean }>;

/** Events behind are counted so far: beyond that, the number does not matter any more. */
const MOST_COUNTED = 100_000;

type Engine = Readonly<{ reached: boolean; where: string; answeredInMs?: number; problem?: string }>;
type View = Readonly<{ view: string; position: bigint | null; behindEvents: number; problem?: string }>;
type Diagnosis = Readonly<{
  healthy: boolean;
  version: string;
  node: string;
  server: Readonly<{ pid: number; roles: readonly string[] }> | null;
  settings: readonly Readonly<{ variable: string; value: string }>[];
  eventStore: Engine & Readonly<{ headPosition?: bigint }>;
  documentStore: Engine;
  views: readonly View[];
  /** Where it was asked for. */
  integrity?: Integrity;
}>;

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

type LookedAt = Pick<Diagnosis, 'server' | 'eventStore' | 'documentStore' | 'views'>;

const lookedAt = async (site: Site): Promise<LookedAt> => {
  const [eventStore, documentStore] = await Promise.all([eventStoreOf(site), documentStoreOf(site)]);
  const views = eventStore.reached && documentStore.reached ? await viewsOf(site) : [];
  const { server } = site.engines;
  return { server: server ? { pid: server.pid, roles: server.roles ?? [] } : null, eventStore, documentStore, views };
};

/** Engines that cannot be started on what they find are a finding. @throws whatever else is in the way of looking */
const unopened = (error: unknown): LookedAt => {
  if (!(error instanceof Unavailable && error.code === 'DATA_FOLDER_DAMAGED')) throw error;
  const engine: Engine = { reached: false, where: 'embedded', problem: `cannot be started: ${error.message}` };
  return { server: null, eventStore: engine, documentStore: engine, views: [] };
};

const shownEngine = ({ reached, where, answeredInMs, problem }: Engine): string =>
  reached ? `reached in ${answeredInMs} ms  (${where})` : `NOT reached  (${where}): ${problem}`;

const shownLag = ({ position, behindEvents, problem }: View): string => {
  if (problem) return problem;
  const behind =
    behindEvents === MOST_COUNTED ? `${grouped(MOST_COUNTED)} events or more behind` : `${grouped(behindEvents)} events behind`;
  if (position === null) return behindEvents === 0 ? 'not built yet; there is nothing to build it of' : `not built yet, ${behind}`;
  return behindEvents === 0 ? 'up to date' : behind;
};

const faultsOf = ({ eventStore, documentStore }: Integrity = {}): readonly string[] => [
  ...(eventStore?.faults ?? []),
  ...(documentStore?.faults ?? []),
];

const NOT_CHECKED = 'not checked: nothing is kept here yet, or not by an embedded engine';
const DAMAGED = 'DAMAGED, see below';

const shownIntegrity = ({ eventStore, documentStore }: Integrity): [string, string][] => {
  const records = (of: NonNullable<typeof eventStore>) =>
    of.faults.length > 0 ? DAMAGED : `all ${grouped(of.events)} events are as they were written`;
  const documents = (of: NonNullable<typeof documentStore>) =>
    of.faults.length > 0 ? DAMAGED : `all ${grouped(of.documents)} documents are as they were written`;
  return [
    ['records', eventStore ? records(eventStore) : NOT_CHECKED],
    ['documents', documentStore ? documents(documentStore) : NOT_CHECKED],
  ];
};

const shown = ({ healthy, version, node, server, settings, eventStore, documentStore, views, integrity }: Diagnosis): string =>
  [
    labelled([
      ['faultline', version],
      ['Node.js', node],
      ['server', server ? `process ${server.pid} (${server.roles.join(', ')})` : 'none is running on this data folder'],
      ['log', shownEngine(eventStore)],
      ...(eventStore.headPosition !== undefined ? [['', `its end is at position ${eventStore.headPosition}`] as const] : []),
      ['views', shownEngine(documentStore)],
      ...(integrity ? shownIntegrity(integrity) : []),
    ]),
    ...faultsOf(integrity).map((fault) => `  ${fault}`),
    '',
    table(
      [{ heading: 'view' }, { heading: 'position', align: 'right' }, { heading: 'state' }],
      views.map((view) => [view.view, view.position?.toString() ?? '–', shownLag(view)]),
    ),
    '',
    table(
      [{ heading: 'setting' }, { heading: 'value' }],
      settings.map(({ variable, value }) => [variable, value]),
    ),
    '',
    healthy ? 'All is well.' : 'Something is wrong, see above.',
  ].join('\n');

/**
 * `faultline doctor`: what this installation is made of, and whether it is well. Views that are behind are no fault: they follow.
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
