import type { Recorded } from '#kernel';
import type { IncidentEvent } from '#domain/incident';

const quoted = (names: readonly (string | null | undefined)[], otherwise: string) => names.filter(Boolean).join(', ') || otherwise;

/** One line that says what happened, in words; what it was before is the audit trail's. */
export const headlineOf = (event: Recorded<IncidentEvent>): string => {
  switch (event.type) {
    case 'IncidentReported':
      return `Reported by ${event.data.reporter}, by ${event.data.channel}`;
    case 'IncidentCategorized':
      return `Categorized as ${quoted([event.data.category, event.data.subcategory, event.data.symptom], 'nothing known')}`;
    case 'IncidentPrioritized':
      return `Prioritized ${event.data.priority}${event.data.override ? ', by hand' : ''}`;
    case 'IncidentAcknowledged':
      return 'Acknowledged';
    case 'IncidentAssigned':
      return event.data.team || event.data.agent ? `Assigned to ${quoted([event.data.team, event.data.agent], '')}` : 'Assigned to nobody';
    case 'IncidentEscalated':
      return `Escalated to ${event.data.to} (${event.data.kind})`;
    case 'NoteAdded':
      return `Note added (${event.data.visibility})`;
    case 'FileAttached':
      return `File attached: ${event.data.name}`;
    case 'DiagnosisRecorded':
      return 'Diagnosis recorded';
    case 'WorkaroundApplied':
      return 'Workaround applied';
    case 'IncidentPutOnHold':
      return `Put on hold: ${event.data.reason}`;
    case 'IncidentResumed':
      return `Resumed: ${event.data.cause}`;
    case 'MajorIncidentDeclared':
      return `Declared a major incident, managed by ${event.data.incidentManager}`;
    case 'MajorIncidentStoodDown':
      return 'Stood down as a major incident';
    case 'StakeholderUpdatePosted':
      return `Update posted to ${event.data.audience}`;
    case 'WorkLogged':
      return `Work logged: ${event.data.minutes} min, ${event.data.activity}`;
    case 'IncidentLinked':
      return `Linked: ${event.data.kind} ${event.data.target}`;
    case 'IncidentUnlinked':
      return `Unlinked: ${event.data.kind} ${event.data.target}`;
    case 'IncidentResolved':
      return `Resolved: ${event.data.code}`;
    case 'ResolutionConfirmed':
      return 'Resolution confirmed';
    case 'IncidentClosed':
      return `Closed: ${event.data.code}`;
    case 'IncidentReopened':
      return `Reopened: ${event.data.cause}`;
    case 'IncidentCancelled':
      return `Cancelled: ${event.data.cause}`;
    case 'IncidentReclassified':
      return `Reclassified as service request ${event.data.serviceRequest}`;
    case 'FactCorrected':
      return `Corrected: ${event.data.fact} of event ${event.data.eventRevision}`;
    case 'SlaStarted':
      return `Service level clock started: ${event.data.target}`;
    case 'SlaRescheduled':
      return `Service level clock ${event.data.because.replace('-', ' ')}: ${event.data.target}`;
    case 'SlaStopped':
      return `Service level clock ${event.data.why}: ${event.data.target}`;
    case 'AssignmentDeferred':
      return `Nobody of ${event.data.team} can take it`;
    case 'EscalationStarted':
      return `Escalation started: ${event.data.because}`;
    case 'EscalationStepTaken':
      return `Escalation step ${event.data.step}: ${quoted(
        event.data.targets.map(({ id, person }) => person ?? id),
        'nobody',
      )}`;
    case 'EscalationStopped':
      return `Escalation stopped: ${event.data.why.replace('-', ' ')}`;
    case 'MajorIncidentProposed':
      return `Proposed as a major incident: ${event.data.because}`;
    case 'ClosureScheduled':
      return event.data.closesAt === null ? 'Not to be closed by itself any more' : `To be closed by itself on ${event.data.closesAt}`;
    case 'SlaWarned':
      return `Service level at risk: ${event.data.target}`;
    case 'SlaBreached':
      return `Service level breached: ${event.data.target}`;
    case 'SlaMet':
      return `Service level met: ${event.data.target}`;
    default:
      return event satisfies never;
  }
};
