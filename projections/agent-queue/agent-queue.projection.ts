import { projection, type Recorded, type RecordedOf } from '#kernel';
import { INCIDENT_STREAM_PREFIX, isOpen, type HoldReason, type IncidentEvent, type SlaTarget, type Status } from '#domain/incident';

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
  /** When its agent was given it. */
  assignedAt: string | null;
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

const corrected = ({ sources, hold }: AgentQueueItem, { data }: RecordedOf<IncidentEvent, 'FactCorrected'>): Change => {
  const { eventRevision, eventType, fact, is } = data;
  const isOfLatest = (sources[eventType] ?? -1) === eventRevision;
  // what waits for something else is scheduled anew by an event of its own
  if (eventType === 'IncidentPutOnHold')
    return hold && isOfLatest && fact === 'reason' ? { hold: { ...hold, reason: is as HoldReason } } : {};
  if (fact === 'occurredAt' && eventType === 'IncidentReported') return { reportedAt: is as string };
  const isShown = (SHOWN[eventType] as readonly string[] | undefined)?.includes(fact);
  // only the latest event of its kind shows: an older one's mistake is history
  return isShown && isOfLatest ? { [fact]: is } : {};
};

const from = ({ sources }: AgentQueueItem, { type, revision }: Recorded<IncidentEvent>) => ({ ...sources, [type]: Number(revision) });

/**
 * What an agent works on: one document an incident. It is kept, out of every queue, when the incident ends: a reopened incident comes back
 * whole, with nobody having to look up what it was. The indexes hold open incidents only, so a queue costs what is open, not what was.
 */
export const agentQueue = projection<IncidentEvent, AgentQueueItem>({
  name: 'agent-queue',
  version: 2,
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
        assignedAt: null,
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
        sources: {
          IncidentReported: Number(revision),
          IncidentCategorized: -1,
          IncidentPrioritized: -1,
          IncidentAssigned: -1,
          IncidentPutOnHold: -1,
        },
      },
    IncidentCategorized: change((item, event) => ({ category: event.data.category, sources: from(item, event) })),
    IncidentPrioritized: change((item, event) => {
      const { impact, urgency, priority } = event.data;
      return { impact, urgency, priority, sources: from(item, event) };
    }),
    IncidentAcknowledged: change((_, { occurredAt }) => inStatus('acknowledged', occurredAt)),
    IncidentAssigned: change((item, event) => {
      const { team, agent } = event.data;
      const assignedAt = agent === null ? null : agent === item.agent ? item.assignedAt : event.occurredAt;
      return { team, agent, assignedAt, waitingSince: event.occurredAt, sources: from(item, event) };
    }),
    IncidentEscalated: change(({ escalations }, { occurredAt }) => ({ escalations: escalations + 1, waitingSince: occurredAt })),
    IncidentPutOnHold: change((item, event) => {
      const { reason, until = null } = event.data;
      return {
        ...inStatus('on-hold', event.occurredAt),
        due: paused(item.due, reason),
        hold: { reason, until },
        sources: from(item, event),
      };
    }),
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
    AssignmentDeferred: activity,
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
      { fields: { agent: 1, assignedAt: -1, _id: 1 }, where: { agent: { $gt: '' } } },
    ],
  },
});
