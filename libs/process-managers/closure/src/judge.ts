import { type Decided, type Recorded } from '#kernel';
import { measured, timeBy, type WorkingTime, type WorkingTimes } from '#domain/calendars';
import {
  applyingPolicies,
  evolveJudged,
  judgedFrom,
  traitsOf,
  type Applying,
  type IncidentEvent,
  type JudgedIncident,
  type Policies,
} from '#domain/incident';
import type { ClosurePolicy } from './policy.js';

/** What closure has to know of an incident, and nothing else. Times are ISO 8601, UTC. */
export type IncidentClosure = JudgedIncident &
  Readonly<{
    /** Of the resolution it stands with: since when, and its code; `null` where it is not resolved, or is closed. */
    resolved: Readonly<{ at: string; code: string }> | null;
    closedAt: string | null;
    /** When it is to be closed by itself; `null`: it is not. `isScheduled` says whether that was decided for this resolution. */
    closesAt: string | null;
    afterDays: number;
    isScheduled: boolean;
  }>;

/** What a judgement looks up: the policies and calendars of the site, and who belongs to which groups. */
export type ClosureCircumstances = Readonly<{
  policies: Policies<ClosurePolicy>;
  workingTime: WorkingTimes;
  groupsOf: (person: string) => readonly string[];
}>;

const OPEN = { resolved: null, closedAt: null, closesAt: null, isScheduled: false } as const;

/** What one event changes for closure; nothing is known before the report. */
export const evolveClosure = (state: IncidentClosure | undefined, event: Recorded<IncidentEvent>): IncidentClosure | undefined => {
  if (event.type === 'IncidentReported') return state ?? { ...judgedFrom(event), afterDays: 0, ...OPEN };
  if (!state) return state;

  switch (event.type) {
    case 'IncidentCategorized':
    case 'IncidentPrioritized':
    case 'IncidentAssigned':
    case 'MajorIncidentDeclared':
    case 'MajorIncidentStoodDown':
    case 'FactCorrected':
      return evolveJudged(state, event);
    case 'IncidentResolved':
      return { ...state, ...OPEN, resolved: { at: event.occurredAt, code: event.data.code } };
    case 'IncidentClosed':
      return { ...state, ...OPEN, closedAt: event.occurredAt };
    case 'IncidentReopened':
    case 'IncidentCancelled':
    case 'IncidentReclassified':
      return { ...state, ...OPEN };
    case 'ClosureScheduled': {
      const { closesAt, afterDays } = event.data;
      return { ...state, closesAt, afterDays, isScheduled: true };
    }
    case 'IncidentAcknowledged':
    case 'IncidentEscalated':
    case 'NoteAdded':
    case 'FileAttached':
    case 'DiagnosisRecorded':
    case 'WorkaroundApplied':
    case 'IncidentPutOnHold':
    case 'IncidentResumed':
    case 'StakeholderUpdatePosted':
    case 'WorkLogged':
    case 'IncidentLinked':
    case 'IncidentUnlinked':
    case 'ResolutionConfirmed':
    case 'SlaStarted':
    case 'SlaRescheduled':
    case 'SlaStopped':
    case 'SlaWarned':
    case 'SlaBreached':
    case 'SlaMet':
    case 'AssignmentDeferred':
    case 'EscalationStarted':
    case 'EscalationStepTaken':
    case 'EscalationStopped':
    case 'MajorIncidentProposed':
      return state;
    default:
      return event satisfies never;
  }
};

/** When closure wants to be asked next; `undefined`: not before something happens to the incident. */
export const nextClosureInstant = ({ closesAt }: IncidentClosure): string | undefined => closesAt ?? undefined;

/** The policy that is for an incident at an instant; `undefined` where none is. */
export const closurePolicyFor = (
  state: Pick<IncidentClosure, 'traits' | 'reporter'>,
  { policies, groupsOf }: ClosureCircumstances,
  instant: string,
): Applying<ClosurePolicy> | undefined => applyingPolicies(policies, traitsOf(state, groupsOf), instant)[0];

const timeOf = ({ workingTime }: ClosureCircumstances, { calendar }: ClosurePolicy): WorkingTime => timeBy(workingTime, calendar);

/** Until when a closed incident may be reopened, inclusive; `null`: for ever. ISO 8601, UTC. */
export const reopenableUntil = (
  state: Pick<IncidentClosure, 'traits' | 'reporter' | 'closedAt'>,
  circumstances: ClosureCircumstances,
): string | null => {
  const { closedAt } = state;
  const applying = closedAt === null ? undefined : closurePolicyFor(state, circumstances, closedAt);
  if (closedAt === null || !applying?.policy.reopenWithin) return null;
  const { measure, quantity } = measured(applying.policy.reopenWithin);
  const until = timeOf(circumstances, applying.policy).after(measure, Date.parse(closedAt), quantity);
  return until === undefined ? null : new Date(until).toISOString();
};

/** When a resolution closes by itself, by a policy; `null`: never. */
const closingInstant = (resolvedAt: string, policy: ClosurePolicy, circumstances: ClosureCircumstances): string | null => {
  if (policy.closeAfterBusinessDays === 0) return null;
  const ms = timeOf(circumstances, policy).after('business-days', Date.parse(resolvedAt), policy.closeAfterBusinessDays);
  return ms === undefined ? null : new Date(ms).toISOString();
};

/**
 * What closure has to say of an incident now: when it will close by itself, that it will not any more, or that the time has come. Pure, and
 * settled: asked again at the same instant with what it answered, it has nothing to add.
 * A resolution closes by the policy that holds while it waits: one that is switched off closes nothing, another calendar moves the instant.
 */
export const judgeClosure = (
  state: IncidentClosure | undefined,
  circumstances: ClosureCircumstances,
  nowMs: number,
): Decided<IncidentEvent>[] => {
  if (!state || state.isImported || state.resolved === null) return [];
  const { incidentId, resolved, traits, isScheduled } = state;
  const now = new Date(nowMs).toISOString();
  const applying = traits.major ? undefined : closurePolicyFor(state, circumstances, now);
  const closesAt = applying ? closingInstant(resolved.at, applying.policy, circumstances) : null;
  const afterDays = applying?.policy.closeAfterBusinessDays ?? 0;

  if (closesAt !== null && closesAt <= now) {
    const closed: IncidentEvent = { type: 'IncidentClosed', data: { incidentId, code: resolved.code, how: 'elapsed', afterDays } };
    return [{ event: closed, occurredAt: closesAt }];
  }
  if (closesAt === state.closesAt && (isScheduled || closesAt === null)) return [];
  const policyVersion = applying?.name ?? 'none';
  return [{ event: { type: 'ClosureScheduled', data: { incidentId, policyVersion, closesAt, afterDays } }, occurredAt: now }];
};
