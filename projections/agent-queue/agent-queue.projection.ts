import { projection, type Recorded, type RecordedOf } from '#kernel';
import { INCIDENT_STREAM_PREFIX, isOpen, type HoldReason, type IncidentEvent, type SlaTarget, type Status } from '#incident';

/** One line of a queue screen. Times are ISO 8601, UTC; `null` is none, or not known. */
export type AgentQueueItem = Readonly<{
  incidentId: string;
  title: string;
  status: Status;
  /** Whether it belongs to a queue at all. */
  open: boolean;
  priority: string | null;
  impact: string | null;
  urgency: string | null;
  category: string | null;
  service: string | null;
  channel: string;
  reporter: string;
  team: string | null;
  agent: string | null;
  major: boolean;
  hold: Readonly<{ reason: HoldReason; until: string | null }> | null;
  reportedAt: string;
  /** Since when it has waited where it is: for whom it was given to, or in the status it is in. */
  waitingSince: string;
  /** When anything last happened to it. */
  updatedAt: string;
  escalations: number;
  reopenings: number;
  links: number;
  breached: boolean;
  /** When the running clocks of its service levels are due, by target; `null`: not while it is on hold as it is. */
  due: Readonly<Partial<Record<SlaTarget, Readonly<{ at: string | null; pausesOn: readonly HoldReason[] }>>>>;
  /** Which events the fields that can be corrected are from, by field. */
  sources: Readonly<Record<string, number>>;
}>;

type Change = Partial<AgentQueueItem>;

/** Any event moves `updatedAt`; the rest is what the event says. */
const change =
  <Type extends IncidentEvent['type']>(of: (item: AgentQueueItem, event: RecordedOf<IncidentEvent, Type>) => Change) =>
  (item: AgentQueueItem | undefined, event: RecordedOf<IncidentEvent, Type>): AgentQueueItem | undefined =>
    item && { ...item, updatedAt: (event as Recorded<IncidentEvent>).occurredAt, ...of(item, event) };

const activity = change(() => ({}));

const inStatus = (status: Status, waitingSince: string): Change => ({
  status,
  open: isOpen(status),
  waitingSince,
  hold: null,
});

const linked = (by: 1 | -1) => change<'IncidentLinked' | 'IncidentUnlinked'>(({ links }) => ({ links: Math.max(0, links + by) }));

type Due = AgentQueueItem['due'];
type OfTarget = Readonly<{ data: { target: SlaTarget } }>;

const scheduled = (
  { due }: AgentQueueItem,
  { data: { target, dueAt, pausesOn } }: { data: { target: SlaTarget; dueAt: string | null; pausesOn?: readonly HoldReason[] } },
): Change => ({ due: { ...due, [target]: { at: dueAt, pausesOn: pausesOn ?? due[target]?.pausesOn ?? [] } } });

const judged = ({ due }: AgentQueueItem, { data: { target } }: OfTarget): Change => ({
  due: Object.fromEntries(Object.entries(due).filter(([other]) => other !== target)),
});

/** Clocks that do not run during such a hold are due at no instant, until it is over and they are scheduled anew. */
const paused = (due: Due, reason: HoldReason): Due =>
  Object.fromEntries(Object.entries(due).map(([target, one]) => [target, one.pausesOn.includes(reason) ? { ...one, at: null } : one]));

/** The corrected facts that a queue shows, by the type of event they are of. */
const SHOWN: Readonly<Record<string, readonly (keyof AgentQueueItem)[]>> = {
  IncidentReported: ['title', 'service', 'channel', 'reporter'],
  IncidentCategorized: ['category'],
  IncidentPrioritized: ['priority', 'impact', 'urgency'],
  IncidentAssigned: ['team', 'agent'],
};

const corrected = ({ sources }: AgentQueueItem, { data }: RecordedOf<IncidentEvent, 'FactCorrected'>): Change => {
  const { eventRevision, eventType, fact, is } = data;
  if (fact === 'occurredAt' && eventType === 'IncidentReported') return { reportedAt: is as string };
  const isShown = (SHOWN[eventType] as readonly string[] | undefined)?.includes(fact);
  // only the latest event of its kind shows: an older one's mistake is history
  return isShown && (sources[eventType] ?? -1) === eventRevision ? { [fact]: is } : {};
};

const from = ({ sources }: AgentQueueItem, { type, revision }: Recorded<IncidentEvent>) => ({ ...sources, [type]: Number(revision) });

/**
 * What an agent works on: one document an incident. It is kept, out of every queue, when the incident ends: a reopened incident comes back
 * whole, with nobody having to look up what it was. The indexes hold open incidents only, so a queue costs what is open, not what was.
 */
export const agentQueue = projection<IncidentEvent, AgentQueueItem>({
  name: 'agent-queue',
  version: 1,
  streamPrefixes: [INCIDENT_STREAM_PREFIX],
  key: ({ data }) => data.incidentId,
  on: {
    IncidentReported: (item, { data, occurredAt, revision }) =>
      item ?? {
        incidentId: data.incidentId,
        title: data.title,
        status: 'new',
        open: true,
        priority: null,
        impact: null,
        urgency: null,
        category: null,
        service: data.service ?? null,
        channel: data.channel,
        reporter: data.reporter,
        team: null,
        agent: null,
        major: false,
        hold: null,
        reportedAt: occurredAt,
        waitingSince: occurredAt,
        updatedAt: occurredAt,
        escalations: 0,
        reopenings: 0,
        links: 0,
        breached: false,
        due: {},
        sources: { IncidentReported: Number(revision), IncidentCategorized: -1, IncidentPrioritized: -1, IncidentAssigned: -1 },
      },
    IncidentCategorized: change((item, event) => ({ category: event.data.category, sources: from(item, event) })),
    IncidentPrioritized: change((item, event) => {
      const { impact, urgency, priority } = event.data;
      return { impact, urgency, priority, sources: from(item, event) };
    }),
    IncidentAcknowledged: change((_, { occurredAt }) => inStatus('acknowledged', occurredAt)),
    IncidentAssigned: change((item, event) => {
      const { team, agent } = event.data;
      return { team, agent, waitingSince: event.occurredAt, sources: from(item, event) };
    }),
    IncidentEscalated: change(({ escalations }, { occurredAt }) => ({ escalations: escalations + 1, waitingSince: occurredAt })),
    IncidentPutOnHold: change(({ due }, { data, occurredAt }) => ({
      ...inStatus('on-hold', occurredAt),
      due: paused(due, data.reason),
      hold: { reason: data.reason, until: data.until ?? null },
    })),
    IncidentResumed: change((_, { occurredAt }) => inStatus('acknowledged', occurredAt)),
    MajorIncidentDeclared: change(() => ({ major: true })),
    MajorIncidentStoodDown: change(() => ({ major: false })),
    IncidentLinked: linked(1),
    IncidentUnlinked: linked(-1),
    IncidentResolved: change((_, { occurredAt }) => inStatus('resolved', occurredAt)),
    IncidentClosed: change((_, { occurredAt }) => inStatus('closed', occurredAt)),
    IncidentReopened: change(({ reopenings }, { occurredAt }) => ({ ...inStatus('acknowledged', occurredAt), reopenings: reopenings + 1 })),
    IncidentCancelled: change((_, { occurredAt }) => inStatus('cancelled', occurredAt)),
    IncidentReclassified: change((_, { occurredAt }) => inStatus('cancelled', occurredAt)),
    FactCorrected: change(corrected),
    SlaStarted: change(scheduled),
    SlaRescheduled: change(scheduled),
    SlaStopped: change(judged),
    SlaBreached: change((item, event) => ({ breached: true, ...judged(item, event) })),
    SlaWarned: activity,
    SlaMet: change(judged),
    EscalationStarted: activity,
    EscalationStepTaken: activity,
    EscalationStopped: activity,
    MajorIncidentProposed: activity,
    ClosureScheduled: activity,
    NoteAdded: activity,
    FileAttached: activity,
    DiagnosisRecorded: activity,
    WorkaroundApplied: activity,
    StakeholderUpdatePosted: activity,
    WorkLogged: activity,
    ResolutionConfirmed: activity,
  },
  documents: 'agent_queue',
  collections: {
    agent_queue: [
      { fields: { priority: 1, reportedAt: 1, _id: 1 }, where: { open: true } },
      { fields: { team: 1, priority: 1, reportedAt: 1, _id: 1 }, where: { open: true } },
      { fields: { agent: 1, priority: 1, reportedAt: 1, _id: 1 }, where: { open: true } },
      { fields: { waitingSince: 1, _id: 1 }, where: { open: true } },
    ],
  },
});
