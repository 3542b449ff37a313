import { shownSettings } from '#config';
import { LOG_START, type EventLog } from '#kernel';
import { projections } from '#projections';
import { viewId } from '#read-models';
import { automationHealth, type AlarmsHealth, type AutomationHealth } from '../../../automation/src/index.js';
import type { Site } from '../composition/site.js';
import { grouped, labelled, table } from '../terminal/table.js';
import { onSite, type Outcome, type Surroundings } from './command.js';

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
  automation: AutomationHealth | null;
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

const shownEngine = ({ reached, where, answeredInMs, problem }: Engine): string =>
  reached ? `reached in ${answeredInMs} ms  (${where})` : `NOT reached  (${where}): ${problem}`;

const shownLag = ({ position, behindEvents, problem }: View): string => {
  if (problem) return problem;
  const behind =
    behindEvents === MOST_COUNTED ? `${grouped(MOST_COUNTED)} events or more behind` : `${grouped(behindEvents)} events behind`;
  if (position === null) return behindEvents === 0 ? 'not built yet; there is nothing to build it of' : `not built yet, ${behind}`;
  return behindEvents === 0 ? 'up to date' : behind;
};

const shownAlarms = ({ overdue, overdueSince, nextAt }: AlarmsHealth): string => {
  if (overdue > 0) return `${grouped(overdue)} overdue since ${overdueSince}`;
  return nextAt === undefined ? 'none is set' : `the next one is due at ${nextAt}`;
};

const shownAutomation = ({ processes, parked, timers, notices }: AutomationHealth): readonly (readonly [string, string])[] => [
  ['automation', processes === 0 ? 'no process runs it' : `${processes} ${processes === 1 ? 'process runs' : 'processes run'} it`],
  ...(parked > 0 ? [['', `${grouped(parked)} events are put aside: faultline retry-parked has them tried again`] as const] : []),
  ['timers', shownAlarms(timers)],
  ['notices', shownAlarms(notices)],
];

const shown = ({ healthy, version, node, server, settings, eventStore, documentStore, views, automation }: Diagnosis): string =>
  [
    labelled([
      ['faultline', version],
      ['Node.js', node],
      ['server', server ? `process ${server.pid} (${server.roles.join(', ')})` : 'none is running on this data folder'],
      ['log', shownEngine(eventStore)],
      ...(eventStore.headPosition !== undefined ? [['', `its end is at position ${eventStore.headPosition}`] as const] : []),
      ['views', shownEngine(documentStore)],
      ...(automation ? shownAutomation(automation) : []),
    ]),
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

/** `faultline doctor`: what this installation is made of, and whether it is well. Views that are behind, and alarms that are overdue, are no fault: they follow. */
export const runDoctor = async (_: object, around: Surroundings): Promise<Outcome> => {
  const diagnosis = await onSite('doctor', around, async (site): Promise<Diagnosis> => {
    const [eventStore, documentStore] = await Promise.all([eventStoreOf(site), documentStoreOf(site)]);
    const isReached = eventStore.reached && documentStore.reached;
    const views = isReached ? await viewsOf(site) : [];
    const automation = isReached ? await automationHealth({ consumers: site.log, readers: site.readers }, Date.now()) : null;
    const { server } = site.engines;
    return {
      healthy: isReached && views.every(({ problem }) => problem === undefined),
      version: around.version,
      node: process.versions.node,
      server: server ? { pid: server.pid, roles: server.roles ?? [] } : null,
      settings: shownSettings(around.settings),
      eventStore,
      documentStore,
      views,
      automation,
    };
  });
  around.terminal.answer(diagnosis, shown);
  return diagnosis.healthy ? 'done' : 'check failed';
};
