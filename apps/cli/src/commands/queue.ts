import { agentQueue, countQueue, queueCountsSpec, queuePage, type AgentQueueItem, type QueueFilter } from '#projections';
import { withoutStamps } from '#adapters/read-models';
import { bringViewsUp } from '../composition/catch-up.js';
import { duration, grouped, labelled, table } from '../terminal/table.js';
import { countOf, onSite, type Outcome, type Surroundings } from './command.js';

export type QueueCommand = Readonly<{ team?: string; agent?: string; priority?: string; limit?: string }>;

/** How many incidents are listed when nothing is said. */
const LISTED = 20;

type Queue = Readonly<{
  position: bigint;
  open: number;
  openByTeam: Readonly<Record<string, number>>;
  openByPriority: Readonly<Record<string, number>>;
  items: readonly AgentQueueItem[];
}>;

const ageOf = (since: string): string => duration(Math.max(0, (Date.now() - Date.parse(since)) / 1_000));

const shown = ({ position, open, openByTeam, openByPriority, items }: Queue): string => {
  if (open === 0) return `Nothing is open. (position ${position})`;
  const counts = (heading: string, by: Readonly<Record<string, number>>) =>
    table(
      [{ heading }, { heading: 'open', align: 'right' }],
      Object.entries(by).map(([key, count]) => [key, grouped(count)]),
    );
  const lines = items.map(({ incidentId, priority, status, team, agent, reportedAt, title }) => [
    incidentId,
    priority ?? '–',
    status,
    team ?? '–',
    agent ?? '–',
    ageOf(reportedAt),
    title.length > 60 ? `${title.slice(0, 59)}…` : title,
  ]);
  return [
    labelled([
      ['open', grouped(open)],
      ['position', position.toString()],
    ]),
    '',
    counts('priority', openByPriority),
    '',
    counts('team', openByTeam),
    '',
    table(
      ['incident', 'priority', 'status', 'team', 'agent', 'age', 'title'].map((heading) => ({ heading })),
      lines,
    ),
    ...(open > items.length ? [`and ${grouped(open - items.length)} more: --limit shows them`] : []),
  ].join('\n');
};

/** `faultline queue`: what is open, and the first of it by priority and age. */
export const runQueue = async ({ limit, ...filter }: QueueCommand, around: Surroundings): Promise<Outcome> => {
  const size = countOf(limit, '--limit', LISTED, 1_000);
  const queue = await onSite('queue', around, async (site) => {
    await bringViewsUp(site);
    const { value, position } = await site.readers.of(agentQueue as never).read(async (view): Promise<Omit<Queue, 'position'>> => ({
      ...(await countQueue(view.find(queueCountsSpec(filter as QueueFilter)))),
      items: (await view.list<AgentQueueItem>(queuePage(filter, 'priority', { limit: size }))).slice(0, size),
    }));
    return { position, ...value };
  });
  around.terminal.answer({ ...queue, items: queue.items.map(withoutStamps) }, () => shown(queue));
  return 'done';
};
