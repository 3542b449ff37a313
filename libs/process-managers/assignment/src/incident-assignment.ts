import type { Recorded } from '#kernel';
import { evolveJudged, judgedFrom, type DataOf, type IncidentEvent, type JudgedIncident } from '#domain/incident';

/** What assignment has to know of an incident, and nothing else. Times are ISO 8601, UTC. */
export type IncidentAssignment = JudgedIncident &
  Readonly<{
    isOpen: boolean;
    /** Somebody took it away from an agent or a team: it is not given back to them by itself. */
    isLeftAlone: boolean;
    /** Nobody of a team could take it; `retryAt` is when somebody of them is back, `null` where that is not known. */
    deferred: Readonly<{ team: string; retryAt: string | null }> | null;
  }>;

const assigned = (state: IncidentAssignment, { team, agent, why }: DataOf<'IncidentAssigned'>): Partial<IncidentAssignment> => {
  const isTakenAway = team === null || (team === state.team && agent === null && state.agent !== null);
  return { isLeftAlone: why === 'person' && isTakenAway, deferred: null };
};

/** What one event changes for assignment; nothing is known before the report. */
export const evolveAssignment = (state: IncidentAssignment | undefined, event: Recorded<IncidentEvent>): IncidentAssignment | undefined => {
  if (event.type === 'IncidentReported') return state ?? { ...judgedFrom(event), isOpen: true, isLeftAlone: false, deferred: null };
  if (!state) return state;

  switch (event.type) {
    case 'IncidentAssigned':
      return { ...evolveJudged(state, event), ...assigned(state, event.data) };
    case 'IncidentCategorized':
    case 'IncidentPrioritized':
    case 'MajorIncidentDeclared':
    case 'MajorIncidentStoodDown':
    case 'FactCorrected':
      return evolveJudged(state, event);
    case 'AssignmentDeferred': {
      const { team, retryAt } = event.data;
      return { ...state, deferred: { team, retryAt } };
    }
    case 'IncidentResolved':
    case 'IncidentClosed':
    case 'IncidentCancelled':
    case 'IncidentReclassified':
      return { ...state, isOpen: false, deferred: null };
    case 'IncidentReopened':
      return { ...state, isOpen: true };
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

/** Whether somebody is looked for: it is open, nobody has it, and nobody meant that to be so. */
export const isUnassigned = ({ isOpen, isImported, agent, isLeftAlone }: IncidentAssignment): boolean =>
  isOpen && !isImported && agent === null && !isLeftAlone;

/** When assignment wants to be asked next; `undefined`: not before something happens to the incident. */
export const nextAssignmentInstant = (state: IncidentAssignment): string | undefined => state.deferred?.retryAt ?? undefined;
