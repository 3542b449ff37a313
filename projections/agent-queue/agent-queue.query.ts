import { pageSpec, type FindSpec, type PageRequest, type SortSpec } from '#kernel';
import type { Channel, Status } from '#domain/incident';

/** What a filter says instead of a name for "nobody", "no team", "not rated". */
export const NOBODY = 'none';

export type QueueFilter = Readonly<{
  /** A team's name, or `none` for incidents without one. */
  team?: string;
  agent?: string;
  priority?: string;
  status?: Status;
  category?: string;
  service?: string;
  channel?: Channel;
  major?: boolean;
  /** Reported at or after, and before: ISO 8601, UTC. */
  reportedFrom?: string;
  reportedTo?: string;
}>;

/**
 * The orders of a queue. Priorities are sorted by their names (`P1` before `P2`, `1 - Critical` before `2 - High`); what nobody has rated
 * yet comes first, for it may be anything.
 */
export const QUEUE_SORTS = {
  priority: { priority: 1, reportedAt: 1, _id: 1 },
  oldest: { reportedAt: 1, _id: 1 },
  newest: { reportedAt: -1, _id: 1 },
  waiting: { waitingSince: 1, _id: 1 },
  updated: { updatedAt: -1, _id: 1 },
} as const satisfies Readonly<Record<string, SortSpec>>;
export type QueueSort = keyof typeof QUEUE_SORTS;

const nameOrNone = (value: string) => (value === NOBODY ? null : value);

const period = (from?: string, to?: string) => (from || to ? { reportedAt: { ...(from && { $gte: from }), ...(to && { $lt: to }) } } : {});

const queueFilter = ({ reportedFrom, reportedTo, ...fields }: QueueFilter) => ({
  open: true,
  ...Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, typeof value === 'string' ? nameOrNone(value) : value]),
  ),
  ...period(reportedFrom, reportedTo),
});

/** One page of the open incidents. Costs the page, where an index fits the sort, and at most what is open. */
export const queuePage = (filter: QueueFilter, sort: QueueSort, page: PageRequest): FindSpec =>
  pageSpec({ collection: 'agent_queue', filter: queueFilter(filter), sort: QUEUE_SORTS[sort] }, page);

/** What the counts of a queue are made of: of every open incident that matches, its team and its priority. */
export const queueCountsSpec = (filter: QueueFilter): FindSpec => ({
  collection: 'agent_queue',
  filter: queueFilter(filter),
  sort: { priority: 1, reportedAt: 1, _id: 1 },
  fields: { team: 1, priority: 1 },
});

/** How many incidents are open, and with whom; without a team they are `unassigned`, without a rating `none`. */
export type QueueCounts = Readonly<{
  open: number;
  openByTeam: Readonly<Record<string, number>>;
  openByPriority: Readonly<Record<string, number>>;
}>;

const sorted = (counts: ReadonlyMap<string, number>) => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Counts the open incidents. Costs what is open. */
export const countQueue = async (
  items: AsyncIterable<Readonly<{ team: string | null; priority: string | null }>>,
): Promise<QueueCounts> => {
  let open = 0;
  const byTeam = new Map<string, number>();
  const byPriority = new Map<string, number>();
  for await (const { team, priority } of items) {
    open++;
    byTeam.set(team ?? 'unassigned', (byTeam.get(team ?? 'unassigned') ?? 0) + 1);
    byPriority.set(priority ?? 'none', (byPriority.get(priority ?? 'none') ?? 0) + 1);
  }
  return { open, openByTeam: sorted(byTeam), openByPriority: sorted(byPriority) };
};

/** The open incidents that somebody holds: for counting them. */
export const heldBy = (agent: string) => ({ collection: 'agent_queue', filter: { open: true, agent } });

/** The incident that somebody was given last, of those they have or had last. */
export const lastGivenTo = (agent: string): FindSpec => ({
  collection: 'agent_queue',
  filter: { agent },
  sort: { agent: 1, assignedAt: -1, _id: 1 },
  limit: 1,
  fields: { assignedAt: 1 },
});
