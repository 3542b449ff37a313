import type { Decider, Event } from '#kernel';
import type {
  AssignmentReason,
  Audience,
  CancelCause,
  Categorizer,
  Channel,
  ClosureWay,
  EscalationKind,
  EscalationStop,
  EscalationTargetKind,
  EscalationTrigger,
  Fix,
  HoldReason,
  LinkKind,
  NoteVisibility,
  ReopenCause,
  ResumeCause,
  Risk,
  SlaTarget,
  SlaKind,
  SlaReschedule,
  SlaStop,
  Status,
} from './vocabulary.js';

/** An incident's id is its number: `INC0000123`. Its stream is `incident-INC0000123`, so the log itself keeps numbers unique. */
export const INCIDENT_STREAM_PREFIX = 'incident-';
export const incidentStream = (incidentId: string): string => `${INCIDENT_STREAM_PREFIX}${incidentId}`;

/** Money in minor units (cents) of an ISO 4217 currency. */
export type Money = Readonly<{ amount: number; currency: string }>;

/** When a clock runs out if nothing pauses it, and when so many percent are used up; `null`: it never does by its calendar. */
type SlaSchedule = { dueAt: string | null; warnings: readonly Readonly<{ share: number; at: string }>[] };

/** A verdict of a clock; one that was imported names no clock. */
type SlaVerdict = { incidentId: string; clockId?: string; kind?: SlaKind; target: SlaTarget; policyVersion: string; dueAt: string | null };

/** Everything that can happen to an incident. `null` is "known to be none"; times are ISO 8601, UTC; when it happened is in the metadata. */
export type IncidentEvent =
  | Event<
      'IncidentReported',
      {
        incidentId: string;
        title: string;
        description?: string;
        reporter: string;
        onBehalfOf?: string;
        channel: Channel;
        service?: string;
        configurationItems?: readonly string[];
        location?: string;
        contact?: string;
        detectedAt?: string;
        externalReference?: string;
        deduplicationKey?: string;
        /** The system it was brought from measured its service levels: without a breach among its events, they were met. */
        serviceLevelImported?: true;
      }
    >
  | Event<
      'IncidentCategorized',
      {
        incidentId: string;
        category: string | null;
        subcategory: string | null;
        symptom?: string | null;
        taxonomyVersion?: string;
        by: Categorizer;
        /** Of a model: 0 to 1. */
        confidence?: number;
      }
    >
  | Event<
      'IncidentPrioritized',
      {
        incidentId: string;
        impact: string;
        urgency: string;
        risks: readonly Risk[];
        priority: string;
        matrixVersion: string;
        /** The rule of that version which raised it, where one did. */
        rule?: string;
        /** The priority was set by hand: why, and what the matrix said. */
        override?: { reason: string; matrixPriority: string };
      }
    >
  | Event<'IncidentAcknowledged', { incidentId: string }>
  | Event<
      'IncidentAssigned',
      {
        incidentId: string;
        team: string | null;
        agent: string | null;
        why: AssignmentReason;
        /** By which rule, among whom. */ reason?: string;
      }
    >
  | Event<
      'IncidentEscalated',
      {
        incidentId: string;
        kind: EscalationKind;
        from: string | null;
        to: string;
        reason: string;
        stepsTaken?: string;
        evidence?: readonly string[];
      }
    >
  | Event<'NoteAdded', { incidentId: string; noteId: string; visibility: NoteVisibility; text: string; mentions?: readonly string[] }>
  | Event<'FileAttached', { incidentId: string; fileId: string; name: string; mediaType: string; sizeBytes: number; sha256: string }>
  | Event<
      'DiagnosisRecorded',
      { incidentId: string; answers: readonly { question: string; answer: string }[]; findings: string; rootCause?: string }
    >
  | Event<'WorkaroundApplied', { incidentId: string; description: string }>
  | Event<'IncidentPutOnHold', { incidentId: string; reason: HoldReason; until?: string; comment?: string }>
  | Event<'IncidentResumed', { incidentId: string; cause: ResumeCause; comment?: string }>
  | Event<'MajorIncidentDeclared', { incidentId: string; incidentManager: string; communicationsLead?: string; reason: string }>
  | Event<'MajorIncidentStoodDown', { incidentId: string; reason: string }>
  | Event<'StakeholderUpdatePosted', { incidentId: string; updateId: string; audience: Audience; text: string; nextUpdateDueAt?: string }>
  | Event<
      'WorkLogged',
      {
        incidentId: string;
        workId: string;
        minutes: number;
        activity: string;
        /** What an hour of this work costs, at the rate in force then. */
        hourlyRate?: Money;
        /** What tools, parts or vendors cost on top. */
        toolCost?: Money;
      }
    >
  | Event<'IncidentLinked', { incidentId: string; kind: LinkKind; target: string }>
  | Event<'IncidentUnlinked', { incidentId: string; kind: LinkKind; target: string; reason: string }>
  | Event<
      'IncidentResolved',
      {
        incidentId: string;
        code: string;
        fix: Fix | null;
        notes: string | null;
        restoredAt?: string;
        /** How long the service was down, and what a minute of that costs, at the service's rate in force then. */
        downtime?: { minutes: number; minuteRate: Money };
      }
    >
  | Event<'ResolutionConfirmed', { incidentId: string; comment?: string }>
  | Event<'IncidentClosed', { incidentId: string; code: string; how: ClosureWay; afterDays?: number }>
  | Event<'IncidentReopened', { incidentId: string; cause: ReopenCause; reason: string | null }>
  | Event<'IncidentCancelled', { incidentId: string; cause: CancelCause; reason: string; duplicateOf?: string }>
  | Event<'IncidentReclassified', { incidentId: string; serviceRequest: string; reason: string }>
  | Event<
      'FactCorrected',
      {
        incidentId: string;
        /** The event that holds the wrong fact: its id, its place in this stream, its type. */
        eventId: string;
        eventRevision: number;
        eventType: string;
        /** The name of the field in that event's data, or `occurredAt`. */
        fact: string;
        was: unknown;
        is: unknown;
        reason: string;
        approvedBy: string;
      }
    >
  | Event<
      'SlaStarted',
      {
        incidentId: string;
        /** Names the clock within the incident: `sla-resolution-1`. */
        clockId: string;
        kind: SlaKind;
        target: SlaTarget;
        /** The policy and its version, and which of its entries: `gold@3`, 2. */
        policyVersion: string;
        entry: number;
        allowance: Readonly<{ amount: number; unit: string }>;
        calendar: string | null;
        /** Reasons of a hold during which it does not run. */
        pausesOn: readonly HoldReason[];
        /** At which shares of its time it warns, in percent. */
        warnAt: readonly number[];
        startedAt: string;
      } & SlaSchedule
    >
  | Event<
      'SlaRescheduled',
      { incidentId: string; clockId: string; target: SlaTarget; policyVersion: string; because: SlaReschedule } & SlaSchedule
    >
  | Event<'SlaStopped', { incidentId: string; clockId: string; target: SlaTarget; policyVersion: string; why: SlaStop }>
  | Event<'SlaWarned', SlaVerdict & { /** How much of the time was used up, in percent. */ share?: number }>
  | Event<'SlaBreached', SlaVerdict>
  | Event<'SlaMet', SlaVerdict>
  | Event<
      'EscalationStarted',
      {
        incidentId: string;
        runId: string;
        policyVersion: string;
        trigger: EscalationTrigger;
        /** What it was that triggered it: an opening of the incident, or a clock. One of a policy's runs is for each. */
        subject: string;
        because: string;
        /** When its first step is due. */
        nextStepAt: string;
      }
    >
  | Event<
      'EscalationStepTaken',
      {
        incidentId: string;
        runId: string;
        policyVersion: string;
        round: number;
        step: number;
        /** Whom it turned to, and who that was at the time; nobody where a schedule has a gap. */
        targets: readonly Readonly<{ kind: EscalationTargetKind; id: string; person: string | null }>[];
        nextStepAt: string | null;
      }
    >
  | Event<
      'AssignmentDeferred',
      {
        incidentId: string;
        team: string;
        /** Why nobody of the team can take it. */
        reason: string;
        /** When somebody of them is back; `null`: that is not known. */
        retryAt: string | null;
      }
    >
  | Event<'EscalationStopped', { incidentId: string; runId: string; policyVersion: string; why: EscalationStop }>
  | Event<'MajorIncidentProposed', { incidentId: string; policyVersion: string; because: string }>
  | Event<
      'ClosureScheduled',
      {
        incidentId: string;
        policyVersion: string;
        /** `null`: it is not to be closed by itself any more. */ closesAt: string | null;
        afterDays: number;
      }
    >;

export type IncidentEventType = IncidentEvent['type'];
export type DataOf<Type extends IncidentEventType> = Extract<IncidentEvent, { type: Type }>['data'];

/** What the rules remember of a reported incident: nothing that no rule reads. */
export type ReportedIncident = Readonly<{
  status: Status;
  reporter: string;
  onBehalfOf: string | null;
  service: string | null;
  categorization: Readonly<{ category: string | null; subcategory: string | null; symptom: string | null; by: Categorizer | null }>;
  prioritization: Readonly<{ impact: string; urgency: string; risks: readonly Risk[]; priority: string; overridden: boolean }> | null;
  team: string | null;
  agent: string | null;
  hold: Readonly<{ reason: HoldReason; until: string | null }> | null;
  major: Readonly<{ incidentManager: string; communicationsLead: string | null }> | null;
  /** `kind target`, e.g. `problem PRB0000042`. */
  links: readonly string[];
  /** SHA-256 of what is attached. */
  files: readonly string[];
  resolution: Readonly<{ code: string; confirmed: boolean }> | null;
  /** Escalations that go on until somebody acknowledges. */
  escalations: readonly Readonly<{ runId: string; policyVersion: string }>[];
  /** What was corrected, by `revision fact`: the value it has now. */
  corrections: Readonly<Record<string, unknown>>;
  /** Where its last event stands in its stream, and the last one of each type: a correction of that one corrects what is remembered. */
  revision: number;
  latest: Readonly<Partial<Record<string, number>>>;
}>;

export type Incident = Readonly<{ status: 'unreported' }> | ReportedIncident;

export const initialState: Incident = { status: 'unreported' };

/** Names a link, or a corrected fact, within one incident. */
export const linkKey = (kind: LinkKind, target: string): string => `${kind} ${target}`;
export const factKey = (eventRevision: number, fact: string): string => `${eventRevision} ${fact}`;

/** A correction of the event that is remembered corrects the memory; one of an event that others have overtaken since does not. */
const corrected = (state: ReportedIncident, { eventType, eventRevision, fact, is }: DataOf<'FactCorrected'>): ReportedIncident => {
  if (state.latest[eventType] !== eventRevision) return state;
  switch (`${eventType} ${fact}`) {
    case 'IncidentReported reporter':
    case 'IncidentReported onBehalfOf':
    case 'IncidentReported service':
    case 'IncidentAssigned team':
    case 'IncidentAssigned agent':
      return { ...state, [fact]: is };
    case 'IncidentCategorized category':
    case 'IncidentCategorized subcategory':
    case 'IncidentCategorized symptom':
      return { ...state, categorization: { ...state.categorization, [fact]: is } };
    case 'IncidentPrioritized impact':
    case 'IncidentPrioritized urgency':
    case 'IncidentPrioritized priority':
      return { ...state, prioritization: state.prioritization && { ...state.prioritization, [fact]: is } };
    case 'IncidentPutOnHold reason':
      return { ...state, hold: state.hold && { ...state.hold, reason: is as HoldReason } };
    default:
      return state; // a fact that no rule reads
  }
};

const change = (state: Incident, event: IncidentEvent): Incident => {
  if (event.type === 'IncidentReported') {
    return {
      status: 'new',
      reporter: event.data.reporter,
      onBehalfOf: event.data.onBehalfOf ?? null,
      service: event.data.service ?? null,
      categorization: { category: null, subcategory: null, symptom: null, by: null },
      prioritization: null,
      team: null,
      agent: null,
      hold: null,
      major: null,
      links: [],
      files: [],
      resolution: null,
      escalations: [],
      corrections: {},
      revision: -1,
      latest: {},
    };
  }
  if (state.status === 'unreported') return state;

  switch (event.type) {
    case 'IncidentCategorized': {
      const { category, subcategory, symptom = null, by } = event.data;
      return { ...state, categorization: { category, subcategory, symptom, by } };
    }
    case 'IncidentPrioritized': {
      const { impact, urgency, risks, priority, override } = event.data;
      return { ...state, prioritization: { impact, urgency, risks, priority, overridden: override !== undefined } };
    }
    case 'IncidentAcknowledged':
      return { ...state, status: 'acknowledged', hold: null };
    case 'IncidentAssigned':
      return { ...state, team: event.data.team, agent: event.data.agent };
    case 'FileAttached':
      return { ...state, files: [...state.files, event.data.sha256] };
    case 'IncidentPutOnHold':
      return { ...state, status: 'on-hold', hold: { reason: event.data.reason, until: event.data.until ?? null } };
    case 'IncidentResumed':
      return { ...state, status: 'acknowledged', hold: null };
    case 'MajorIncidentDeclared': {
      const { incidentManager, communicationsLead = null } = event.data;
      return { ...state, major: { incidentManager, communicationsLead } };
    }
    case 'MajorIncidentStoodDown':
      return { ...state, major: null };
    case 'IncidentLinked':
      return { ...state, links: [...state.links, linkKey(event.data.kind, event.data.target)] };
    case 'IncidentUnlinked': {
      const gone = linkKey(event.data.kind, event.data.target);
      return { ...state, links: state.links.filter((link) => link !== gone) };
    }
    case 'IncidentResolved':
      return { ...state, status: 'resolved', hold: null, resolution: { code: event.data.code, confirmed: false } };
    case 'ResolutionConfirmed':
      return { ...state, resolution: state.resolution && { ...state.resolution, confirmed: true } };
    case 'IncidentClosed':
      return { ...state, status: 'closed', hold: null };
    case 'IncidentReopened':
      return { ...state, status: 'acknowledged', resolution: null };
    case 'IncidentCancelled':
    case 'IncidentReclassified':
      return { ...state, status: 'cancelled', hold: null };
    case 'EscalationStarted': {
      const { runId, policyVersion } = event.data;
      return { ...state, escalations: [...state.escalations, { runId, policyVersion }] };
    }
    case 'EscalationStopped':
      return { ...state, escalations: state.escalations.filter(({ runId }) => runId !== event.data.runId) };
    case 'FactCorrected': {
      const { eventRevision, fact, is } = event.data;
      const known = corrected(state, event.data);
      return { ...known, corrections: { ...known.corrections, [factKey(eventRevision, fact)]: is } };
    }
    case 'IncidentEscalated':
    case 'NoteAdded':
    case 'DiagnosisRecorded':
    case 'WorkaroundApplied':
    case 'StakeholderUpdatePosted':
    case 'WorkLogged':
    case 'SlaStarted':
    case 'SlaRescheduled':
    case 'SlaStopped':
    case 'SlaWarned':
    case 'SlaBreached':
    case 'SlaMet':
    case 'AssignmentDeferred':
    case 'EscalationStepTaken':
    case 'MajorIncidentProposed':
    case 'ClosureScheduled':
      return state;
    default:
      return event satisfies never;
  }
};

/**
 * What each event changes for the rules. Total: history brought from elsewhere is folded as it was, legal or not.
 * An event before any report cannot be recorded by a command; were it found, it would change nothing.
 */
export const evolve = (state: Incident, event: IncidentEvent): Incident => {
  const next = change(state, event);
  if (next.status === 'unreported') return next;
  const revision = (state.status === 'unreported' ? -1 : state.revision) + 1;
  return { ...next, revision, latest: { ...next.latest, [event.type]: revision } };
};

export const incidentDecider: Decider<Incident, IncidentEvent> = { initialState, evolve };
