import type { Recorded } from '#kernel';
import type { Allowance } from '#domain/calendars';
import {
  evolveJudged,
  judgedFrom,
  type DataOf,
  type HoldReason,
  type IncidentEvent,
  type JudgedIncident,
  type SlaKind,
  type SlaTarget,
} from '#domain/incident';

/** Something that happened at an instant, and which event says so. Milliseconds since 1970-01-01T00:00:00Z. */
export type Happening = Readonly<{ atMs: number; revision: number }>;

/** From when on an incident was open, on hold for a reason, or ended; until the next phase. */
export type Phase = Happening &
  Readonly<{ kind: 'open' | 'hold' | 'resolved' | 'closed' | 'cancelled'; reason?: HoldReason; type: string }>;

/** In place of the revision of what is never corrected: what the clocks said themselves. */
const NOT_CORRECTED = -1;

/** A clock as its own events tell of it. */
export type Clock = Readonly<{
  clockId: string;
  kind: SlaKind;
  target: SlaTarget;
  policyVersion: string;
  entry: number;
  allowance: Allowance;
  calendar: string | null;
  pausesOn: readonly HoldReason[];
  warnAt: readonly number[];
  startedAtMs: number;
  /** As it was scheduled last; `null`: it does not run, or never runs out. */
  dueAt: string | null;
  warnings: readonly Readonly<{ share: number; at: string }>[];
  warned: readonly number[];
  breachedAt: string | null;
  /** It was met when the incident was resolved last, or for good where it is not a resolution's. */
  isMet: boolean;
  isStopped: boolean;
  /**
   * When it counted no more, for good: the response or the update that it waited for came, the incident was resolved without another update,
   * or it was stopped. `null`: it counts whenever it runs. A resolution's clock ends with none of these: reopened, it goes on.
   */
  ended: Happening | null;
}>;

/** What the clocks have to know of an incident, and nothing else. */
export type IncidentClocks = JudgedIncident &
  Readonly<{
    reported: Happening;
    /** Somebody answered: acknowledged it, put it on hold, wrote to the reporter, resolved or closed it. The first time counts. */
    responded: Happening | null;
    /** When its stakeholders heard of it last, and by when they were promised to hear again. */
    updated: (Happening & Readonly<{ promisedAtMs: number | null }>) | null;
    phases: readonly Phase[];
    clocks: readonly Clock[];
  }>;

const happening = (event: Recorded<IncidentEvent>): Happening => ({ atMs: Date.parse(event.occurredAt), revision: Number(event.revision) });

/** Phases follow each other: history from elsewhere may go back in time, a phase does not end before it began. */
const entered = (clocks: IncidentClocks, event: Recorded<IncidentEvent>, kind: Phase['kind'], reason?: HoldReason): IncidentClocks => {
  const { atMs, revision } = happening(event);
  const last = clocks.phases.at(-1) as Phase;
  const phase: Phase = { kind, atMs: Math.max(atMs, last.atMs), revision, type: event.type, ...(reason !== undefined && { reason }) };
  return { ...clocks, phases: [...clocks.phases, phase] };
};

const ended = (clocks: IncidentClocks, by: Happening, isEnded: (clock: Clock) => boolean): IncidentClocks => ({
  ...clocks,
  clocks: clocks.clocks.map((clock) => (clock.ended === null && isEnded(clock) ? { ...clock, ended: by } : clock)),
});

const responded = (clocks: IncidentClocks, event: Recorded<IncidentEvent>): IncidentClocks => {
  if (clocks.responded) return clocks;
  const response = happening(event);
  return { ...ended(clocks, response, ({ target }) => target === 'response'), responded: response };
};

/** An update ends the wait for it; a clock that was started for the one after it waits on. */
const updated = (clocks: IncidentClocks, update: Happening): IncidentClocks =>
  ended(clocks, update, ({ target, startedAtMs }) => target === 'update' && startedAtMs < update.atMs);

/** No update is owed any more, until it is reopened. */
const resolved = (clocks: IncidentClocks, event: Recorded<IncidentEvent>, kind: 'resolved' | 'closed'): IncidentClocks => {
  const next = responded(entered(clocks, event, kind), event);
  const { atMs, revision } = currentPhase(next);
  return unscheduled(
    ended(next, { atMs, revision }, ({ target }) => target === 'update'),
    () => true,
  );
};

const withClock = (clocks: IncidentClocks, clockId: string | undefined, change: (clock: Clock) => Partial<Clock>): IncidentClocks => ({
  ...clocks,
  clocks: clocks.clocks.map((clock) => (clock.clockId === clockId ? { ...clock, ...change(clock) } : clock)),
});

/** A clock that does not run is due at no instant, until it is scheduled anew. */
const unscheduled = (clocks: IncidentClocks, stands: (clock: Clock) => boolean): IncidentClocks => ({
  ...clocks,
  clocks: clocks.clocks.map((clock) => (stands(clock) ? { ...clock, dueAt: null, warnings: [] } : clock)),
});

const isOfResolution = ({ target }: Clock) => target === 'resolution';

const started = (clocks: IncidentClocks, data: DataOf<'SlaStarted'>): IncidentClocks => {
  const { clockId, kind, target, policyVersion, entry, allowance, calendar, pausesOn, warnAt, startedAt, dueAt, warnings } = data;
  const clock: Clock = {
    clockId,
    kind,
    target,
    policyVersion,
    entry,
    allowance: allowance as Allowance,
    calendar,
    pausesOn,
    warnAt,
    startedAtMs: Date.parse(startedAt),
    dueAt,
    warnings,
    warned: [],
    breachedAt: null,
    isMet: false,
    isStopped: false,
    ended: null,
  };
  return { ...clocks, clocks: [...clocks.clocks, clock] };
};

/** Each phase where it begins, or where the one before it does: a moved one does not overtake another. */
const inOrder = (phases: readonly Phase[]): readonly Phase[] => {
  let latestMs = -Infinity;
  return phases.map((phase) => ({ ...phase, atMs: (latestMs = Math.max(latestMs, phase.atMs)) }));
};

const corrected = (clocks: IncidentClocks, { eventRevision, eventType, fact, is }: DataOf<'FactCorrected'>): IncidentClocks => {
  if (fact === 'occurredAt') {
    const atMs = Date.parse(is as string);
    const moved = <H extends Happening | null>(one: H): H => (one?.revision === eventRevision ? { ...one, atMs } : one);
    const phases = inOrder(clocks.phases.map(moved));
    /** The end of an incident ends a wait for updates: where its phase begins, which may have been moved by another one. */
    const endOf = ({ target, ended }: Clock): Happening | null => {
      const phase = target === 'update' ? phases.find(({ revision }) => revision === ended?.revision) : undefined;
      return phase ? { atMs: phase.atMs, revision: phase.revision } : moved(ended);
    };
    return {
      ...clocks,
      reported: moved(clocks.reported),
      responded: moved(clocks.responded),
      updated: moved(clocks.updated),
      phases,
      clocks: clocks.clocks.map((clock) => ({ ...clock, ended: endOf(clock) })),
    };
  }
  if (eventType !== 'IncidentPutOnHold' || fact !== 'reason') return clocks;
  return {
    ...clocks,
    phases: clocks.phases.map((phase) => (phase.revision === eventRevision ? { ...phase, reason: is as HoldReason } : phase)),
  };
};

/** What one event changes for the clocks; nothing is known before the report. */
export const evolveClocks = (clocks: IncidentClocks | undefined, event: Recorded<IncidentEvent>): IncidentClocks | undefined => {
  if (event.type === 'IncidentReported') {
    if (clocks) return clocks;
    const reported = happening(event);
    return {
      ...judgedFrom(event),
      reported,
      responded: null,
      updated: null,
      phases: [{ ...reported, kind: 'open', type: event.type }],
      clocks: [],
    };
  }
  if (!clocks) return clocks;

  switch (event.type) {
    case 'IncidentCategorized':
    case 'IncidentPrioritized':
    case 'IncidentAssigned':
    case 'MajorIncidentDeclared':
    case 'MajorIncidentStoodDown':
      return evolveJudged(clocks, event);
    case 'IncidentAcknowledged':
    case 'IncidentResumed':
      return responded(entered(clocks, event, 'open'), event);
    case 'IncidentPutOnHold': {
      const { reason } = event.data;
      return unscheduled(responded(entered(clocks, event, 'hold', reason), event), ({ pausesOn }) => pausesOn.includes(reason));
    }
    case 'IncidentResolved':
      return resolved(clocks, event, 'resolved');
    case 'IncidentClosed':
      return resolved(clocks, event, 'closed');
    case 'IncidentCancelled':
    case 'IncidentReclassified':
      return unscheduled(entered(clocks, event, 'cancelled'), () => true);
    case 'IncidentReopened':
      return {
        ...entered(clocks, event, 'open'),
        clocks: clocks.clocks.map((clock) => (isOfResolution(clock) ? { ...clock, isMet: false } : clock)),
      };
    case 'NoteAdded': {
      const isFromOutside = event.metadata.actor.id === clocks.reporter;
      return event.data.visibility === 'public' && !isFromOutside ? responded(clocks, event) : clocks;
    }
    case 'StakeholderUpdatePosted': {
      const { nextUpdateDueAt } = event.data;
      const promisedAtMs = nextUpdateDueAt === undefined ? null : Date.parse(nextUpdateDueAt);
      return responded({ ...updated(clocks, happening(event)), updated: { ...happening(event), promisedAtMs } }, event);
    }
    case 'FactCorrected':
      return corrected(evolveJudged(clocks, event), event.data);
    case 'SlaStarted':
      return started(clocks, event.data);
    case 'SlaRescheduled': {
      const { clockId, dueAt, warnings } = event.data;
      return withClock(clocks, clockId, () => ({ dueAt, warnings }));
    }
    case 'SlaStopped':
      return withClock(clocks, event.data.clockId, ({ ended }) => ({
        isStopped: true,
        dueAt: null,
        warnings: [],
        ended: ended ?? { atMs: Date.parse(event.occurredAt), revision: NOT_CORRECTED },
      }));
    case 'SlaWarned': {
      const { clockId, share } = event.data;
      return withClock(clocks, clockId, ({ warned }) => ({ warned: share === undefined ? warned : [...warned, share] }));
    }
    case 'SlaBreached':
      return withClock(clocks, event.data.clockId, () => ({ breachedAt: event.occurredAt, dueAt: null, warnings: [] }));
    case 'SlaMet':
      return withClock(clocks, event.data.clockId, () => ({ isMet: true, dueAt: null, warnings: [] }));
    case 'IncidentEscalated':
    case 'FileAttached':
    case 'DiagnosisRecorded':
    case 'WorkaroundApplied':
    case 'WorkLogged':
    case 'IncidentLinked':
    case 'IncidentUnlinked':
    case 'ResolutionConfirmed':
    case 'AssignmentDeferred':
    case 'EscalationStarted':
    case 'EscalationStepTaken':
    case 'EscalationStopped':
    case 'MajorIncidentProposed':
    case 'ClosureScheduled':
      return clocks;
    default:
      return event satisfies never;
  }
};

/** The phase that an incident is in. */
export const currentPhase = ({ phases }: IncidentClocks): Phase => phases.at(-1) as Phase;

/** Whether a clock is still to be judged: it is neither stopped nor breached, nor met for now. */
export const isPending = ({ isStopped, breachedAt, isMet }: Clock): boolean => !isStopped && breachedAt === null && !isMet;

/** When the clocks of an incident want to be asked next; `undefined`: not before something happens to it. */
export const nextClockInstant = ({ clocks }: IncidentClocks): string | undefined => {
  let next: string | undefined;
  for (const clock of clocks) {
    if (!isPending(clock)) continue;
    const instants = clock.warnings.filter(({ share }) => !clock.warned.includes(share)).map(({ at }) => at);
    if (clock.dueAt !== null) instants.push(clock.dueAt);
    for (const at of instants) if (next === undefined || at < next) next = at;
  }
  return next;
};
