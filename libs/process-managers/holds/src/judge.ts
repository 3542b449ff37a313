import type { Decided, Recorded } from '#kernel';
import { judgedFrom, type IncidentEvent } from '#domain/incident';

/** What has to be known of a hold to end it. `until` is when its time is up: ISO 8601, UTC; `null`: it is on no hold, or on one without end. */
export type IncidentHold = Readonly<{ incidentId: string; isImported: boolean; until: string | null }>;

/** What one event changes for a hold; nothing is known before the report. */
export const evolveHold = (state: IncidentHold | undefined, event: Recorded<IncidentEvent>): IncidentHold | undefined => {
  if (event.type === 'IncidentReported') {
    const { incidentId, isImported } = judgedFrom(event);
    return state ?? { incidentId, isImported, until: null };
  }
  if (!state) return state;

  switch (event.type) {
    case 'IncidentPutOnHold':
      return { ...state, until: event.data.until === undefined ? null : new Date(event.data.until).toISOString() };
    case 'IncidentAcknowledged':
    case 'IncidentResumed':
    case 'IncidentResolved':
    case 'IncidentClosed':
    case 'IncidentReopened':
    case 'IncidentCancelled':
    case 'IncidentReclassified':
      return { ...state, until: null };
    case 'IncidentCategorized':
    case 'IncidentPrioritized':
    case 'IncidentAssigned':
    case 'IncidentEscalated':
    case 'NoteAdded':
    case 'FileAttached':
    case 'DiagnosisRecorded':
    case 'WorkaroundApplied':
    case 'MajorIncidentDeclared':
    case 'MajorIncidentStoodDown':
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
    case 'AssignmentDeferred':
    case 'EscalationStarted':
    case 'EscalationStepTaken':
    case 'EscalationStopped':
    case 'MajorIncidentProposed':
    case 'ClosureScheduled':
      return state;
    default:
      return event satisfies never;
  }
};

/** When a hold wants to be asked next; `undefined`: not before something happens to the incident. */
export const nextHoldInstant = ({ until }: IncidentHold): string | undefined => until ?? undefined;

/** What a hold has to say now: that its time is up, at the instant at which it was. Pure, and settled. */
export const judgeHold = (state: IncidentHold | undefined, nowMs: number): Decided<IncidentEvent>[] => {
  if (!state || state.isImported || state.until === null || Date.parse(state.until) > nowMs) return [];
  const resumed: IncidentEvent = { type: 'IncidentResumed', data: { incidentId: state.incidentId, cause: 'time-up' } };
  return [{ event: resumed, occurredAt: state.until }];
};
