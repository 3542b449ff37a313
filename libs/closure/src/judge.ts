import { type Decided, type Recorded } from '#kernel';
import { ELAPSED_TIME, measured, type WorkingTime } from '#calendars';
import { applyingPolicies, type Applying, type IncidentEvent, type IncidentTraits, type Policies } from '#incident';
import type { ClosurePolicy } from './policy.js';

/** What closure has to know of an incident, and nothing else. Times are ISO 8601, UTC. */
export type IncidentClosure = Readonly<{
  incidentId: string;
  isImported: boolean;
  reporter: string;
  traits: Omit<IncidentTraits, 'reporterGroups'>;
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
  workingTime: (calendar: string) => WorkingTime | undefined;
  groupsOf: (person: string) => readonly string[];
}>;

const withTraits = (state: IncidentClosure, traits: Partial<IncidentClosure['traits']>): IncidentClosure => ({
  ...state,
  traits: { ...state.traits, ...traits },
});

const OPEN = { resolved: null, closedAt: null, closesAt: null, isScheduled: false } as const;

/** What one event changes for closure; nothing is known before the report. */
export const evolveClosure = (state: IncidentClosure | undefined, event: Recorded<IncidentEvent>): IncidentClosure | undefined => {
  if (event.type === 'IncidentReported') {
    if (state) return state;
    const { incidentId, reporter, service = null, channel, serviceLevelImported } = event.data;
    return {
      incidentId,
      isImported: serviceLevelImported === true || event.metadata.actor.kind === 'import',
      reporter,
      traits: { service, category: null, priority: null, channel, major: false },
      afterDays: 0,
      ...OPEN,
    };
  }
  if (!state) return state;

  switch (event.type) {
    case 'IncidentCategorized':
      return withTraits(state, { category: event.data.category });
    case 'IncidentPrioritized':
      return withTraits(state, { priority: event.data.priority });
    case 'MajorIncidentDeclared':
      return withTraits(state, { major: true });
    case 'MajorIncidentStoodDown':
      return withTraits(state, { major: false });
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
    case 'IncidentAssigned':
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
    case 'FactCorrected':
    case 'SlaStarted':
    case 'SlaRescheduled':
    case 'SlaStopped':
    case 'SlaWarned':
    case 'SlaBreached':
    case 'SlaMet':
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
): Applying<ClosurePolicy> | undefined =>
  applyingPolicies(policies, { ...state.traits, reporterGroups: groupsOf(state.reporter) }, instant)[0];

const timeOf = ({ workingTime }: ClosureCircumstances, { calendar }: ClosurePolicy): WorkingTime =>
  (calendar === null ? undefined : workingTime(calendar)) ?? ELAPSED_TIME;

/** Until when a closed incident may be reopened, inclusive; `null`: for ever. ISO 8601, UTC. */
export const reopenableUntil = (state: IncidentClosure, circumstances: ClosureCircumstances): string | null => {
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
