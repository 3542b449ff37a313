import { CHANNELS, HOLD_REASONS, SLA_TARGETS, STATUSES, type HoldReason } from '#domain/incident';
import type { AgentQueueItem, QueueCounts } from '#projections';
import {
  flag,
  instant,
  list,
  name,
  named,
  nullable,
  object,
  oneOf,
  optional,
  tableOf,
  text,
  whole,
  type FieldsOf,
  type Schema,
} from '../schemas/schema.js';
import { pageFields, type PageAnswer } from '../schemas/page.js';

const holdReasons: readonly HoldReason[] = [...HOLD_REASONS, 'unknown'];

type Due = NonNullable<AgentQueueItem['due']['response']>;

const due: Schema<Due> = object<Due>({
  at: nullable(instant('Null: not while it is on hold as it is.')),
  pausesOn: list(oneOf(holdReasons), 'The reasons of a hold during which the clock does not run.'),
});

const ITEM = named<AgentQueueItem>(
  'QueueItem',
  object<AgentQueueItem>(
    {
      incidentId: name(undefined, 'INC0000001'),
      title: text(),
      status: oneOf(STATUSES),
      open: flag('Always true in a queue.'),
      priority: nullable(name('Null: nobody has rated it yet.', 'P2')),
      impact: nullable(name()),
      urgency: nullable(name()),
      category: nullable(name()),
      service: nullable(name()),
      channel: oneOf(CHANNELS) as Schema<string>,
      reporter: name(),
      team: nullable(name()),
      agent: nullable(name()),
      assignedAt: nullable(instant('When its agent was given it.')),
      major: flag(),
      hold: nullable(object<NonNullable<AgentQueueItem['hold']>>({ reason: oneOf(holdReasons), until: nullable(instant()) })),
      reportedAt: instant(),
      waitingSince: instant('Since when it has waited where it is: for whom it was given to, or in the status it is in.'),
      updatedAt: instant('When anything last happened to it.'),
      escalations: whole(),
      reopenings: whole(),
      links: whole(),
      breached: flag('A service level was breached.'),
      due: object<AgentQueueItem['due']>(
        Object.fromEntries(SLA_TARGETS.map((target) => [target, optional(due)])) as FieldsOf<AgentQueueItem['due']>,
        'When the running clocks of its service levels are due, by target.',
      ),
      sources: tableOf(
        whole('-1: there is none.', { minimum: -1 }),
        'The last event of each type whose facts can be corrected, by its place in the history.',
      ),
    },
    'One line of a queue.',
  ),
);

type QueueAnswer = PageAnswer<AgentQueueItem> & QueueCounts & Readonly<{ settled: boolean }>;

/** A page of the queue, with counts over all of it. */
export const QUEUE = named<QueueAnswer>(
  'Queue',
  object<QueueAnswer>({
    ...pageFields(ITEM),
    settled: flag('false: batches kept being written meanwhile, so that the counts may show a moment more than the position says.'),
    open: whole('How many match, on all pages.'),
    openByTeam: tableOf(whole(), 'The same by team; `unassigned` where there is none.'),
    openByPriority: tableOf(whole(), 'The same by priority; `none` where nobody has rated them.'),
  }),
);
