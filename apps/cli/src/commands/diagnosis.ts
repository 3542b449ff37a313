import type { AlarmsHealth, AutomationHealth } from '../../../automation/src/index.js';
import type { Integrity } from '../composition/embedded-data.js';
import { grouped, labelled, table } from '../terminal/table.js';

/** Events behind are counted so far: beyond that, the number does not matter any more. */
export const MOST_COUNTED = 100_000;

/** An engine, and how it answered. */
export type Engine = Readonly<{ reached: boolean; where: string; answeredInMs?: number; problem?: string }>;

/** A view, and how far it is. */
export type View = Readonly<{ view: string; position: bigint | null; behindEvents: number; problem?: string }>;

/** What an installation is made of, and how it is. */
export type Diagnosis = Readonly<{
  healthy: boolean;
  version: string;
  node: string;
  server: Readonly<{ pid: number; roles: readonly string[] }> | null;
  settings: readonly Readonly<{ variable: string; value: string }>[];
  eventStore: Engine & Readonly<{ headPosition?: bigint }>;
  documentStore: Engine;
  views: readonly View[];
  automation: AutomationHealth | null;
  /** Where it was asked for. */
  integrity?: Integrity;
}>;

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

/** What a deep look has found. */
export const faultsOf = ({ eventStore, documentStore }: Integrity = {}): readonly string[] => [
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

/** The diagnosis, for a person to read. */
export const shown = ({
  healthy,
  version,
  node,
  server,
  settings,
  eventStore,
  documentStore,
  views,
  automation,
  integrity,
}: Diagnosis): string =>
  [
    labelled([
      ['faultline', version],
      ['Node.js', node],
      ['server', server ? `process ${server.pid} (${server.roles.join(', ')})` : 'none is running on this data folder'],
      ['log', shownEngine(eventStore)],
      ...(eventStore.headPosition !== undefined ? [['', `its end is at position ${eventStore.headPosition}`] as const] : []),
      ['views', shownEngine(documentStore)],
      ...(automation ? shownAutomation(automation) : []),
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
