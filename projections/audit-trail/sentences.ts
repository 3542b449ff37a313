import type { Recorded } from '#kernel';
import type { IncidentEvent } from '#domain/incident';
import type { Change } from './subject.js';

/** Names as they were at the time: they stand in the events. */
const named = (...names: readonly (string | null | undefined)[]) =>
  names.filter((name) => name !== null && name !== undefined && name !== '').join(', ');

const shown = (value: unknown): string =>
  value === null || value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);

const was = (changes: readonly Change[], ...fields: readonly string[]): string => {
  const before = named(...fields.map((field) => changes.find((change) => change.field === field)?.before as string | null | undefined));
  return before === '' ? '' : ` (was ${before})`;
};

/**
 * What happened, as a person reads it: the event in words, with what it replaces. Long texts are named, not repeated: they stand whole
 * among the changes, or in the history.
 */
export const sentenceOf = (event: Recorded<IncidentEvent>, changes: readonly Change[]): string => {
  switch (event.type) {
    case 'IncidentReported':
      return `Incident reported by ${event.data.reporter} (${event.data.channel}): ${event.data.title}`;
    case 'IncidentCategorized': {
      const is = named(event.data.category, event.data.subcategory, event.data.symptom);
      return `Categorized as ${is || 'nothing known'}${was(changes, 'category', 'subcategory', 'symptom')}`;
    }
    case 'IncidentPrioritized': {
      const { priority, override, matrixVersion, rule } = event.data;
      const byRule = rule ? `, raised by rule ${rule}` : '';
      const by = override ? `by hand; the matrix says ${override.matrixPriority}` : `by matrix ${matrixVersion}${byRule}`;
      return `Priority set to ${priority}${was(changes, 'priority')}, ${by}`;
    }
    case 'IncidentAcknowledged':
      return 'Incident acknowledged';
    case 'IncidentAssigned':
      return `Assigned to ${named(event.data.team, event.data.agent) || 'nobody'}${was(changes, 'team', 'agent')}`;
    case 'IncidentEscalated':
      return `Escalated to ${event.data.to}, ${event.data.kind === 'functional' ? 'who know more' : 'who decides more'}${event.data.from ? ` (from ${event.data.from})` : ''}`;
    case 'NoteAdded':
      return `${event.data.visibility === 'internal' ? 'Internal' : 'Public'} note added`;
    case 'FileAttached':
      return `File attached: ${event.data.name} (${event.data.mediaType}, ${event.data.sizeBytes} bytes, SHA-256 ${event.data.sha256})`;
    case 'DiagnosisRecorded':
      return `Diagnosis recorded${event.data.rootCause ? ', root cause known' : ''}`;
    case 'WorkaroundApplied':
      return 'Workaround applied';
    case 'IncidentPutOnHold':
      return `Put on hold, waiting for ${event.data.reason}${event.data.until ? ` until ${event.data.until}` : ''}`;
    case 'IncidentResumed':
      return 'Work resumed';
    case 'MajorIncidentDeclared':
      return `Declared a major incident; incident manager ${event.data.incidentManager}${event.data.communicationsLead ? `, communications ${event.data.communicationsLead}` : ''}`;
    case 'MajorIncidentStoodDown':
      return 'Major incident stood down';
    case 'StakeholderUpdatePosted':
      return `Update posted to ${event.data.audience}${event.data.nextUpdateDueAt ? `, next one due ${event.data.nextUpdateDueAt}` : ''}`;
    case 'WorkLogged':
      return `${event.data.minutes} minutes of work logged: ${event.data.activity}`;
    case 'IncidentLinked':
      return `Linked to ${event.data.kind} ${event.data.target}`;
    case 'IncidentUnlinked':
      return `Link to ${event.data.kind} ${event.data.target} removed`;
    case 'IncidentResolved':
      return `Incident resolved, code ${event.data.code}${event.data.fix ? `, by ${event.data.fix}` : ''}`;
    case 'ResolutionConfirmed':
      return 'Resolution confirmed by the reporter';
    case 'IncidentClosed':
      return `Incident closed, code ${event.data.code} (${event.data.how}${event.data.afterDays === undefined ? '' : ` after ${event.data.afterDays} days`})`;
    case 'IncidentReopened':
      return `Incident reopened: ${event.data.cause}`;
    case 'IncidentCancelled':
      return `Incident cancelled: ${event.data.cause}${event.data.duplicateOf ? ` of ${event.data.duplicateOf}` : ''}`;
    case 'IncidentReclassified':
      return `Reclassified: service request ${event.data.serviceRequest} took over`;
    case 'FactCorrected':
      return `Corrected: ${event.data.fact} of ${event.data.eventType} (event ${event.data.eventRevision}) is ${shown(event.data.is)}, was ${shown(event.data.was)}; approved by ${event.data.approvedBy}`;
    case 'SlaStarted': {
      const { target, policyVersion, allowance, calendar, dueAt } = event.data;
      const by = calendar ? ` by calendar ${calendar}` : '';
      return `Service level clock started: ${target} within ${allowance.amount} ${allowance.unit.replace('-', ' ')}${by} (${policyVersion}), ${dueAt ? `due ${dueAt}` : 'never due'}`;
    }
    case 'SlaRescheduled':
      return `Service level clock ${event.data.because.replace('-', ' ')}: ${event.data.target} ${event.data.dueAt ? `is due ${event.data.dueAt}` : 'is never due'}`;
    case 'SlaStopped':
      return `Service level clock ${event.data.why}: ${event.data.target} (${event.data.policyVersion})`;
    case 'SlaWarned': {
      const { target, share, dueAt } = event.data;
      return `Service level at risk: ${target}${share === undefined ? '' : `, ${share} % of its time used`}${dueAt ? `, due ${dueAt}` : ''}`;
    }
    case 'SlaBreached':
      return `Service level breached: ${event.data.target}${event.data.dueAt ? `, was due ${event.data.dueAt}` : ''}`;
    case 'SlaMet':
      return `Service level met: ${event.data.target}`;
    case 'AssignmentDeferred':
      return `Nobody of team ${event.data.team} can take it${event.data.retryAt ? `; tried again on ${event.data.retryAt}` : ''}`;
    case 'EscalationStarted':
      return `Escalation ${event.data.policyVersion} started: ${event.data.because}`;
    case 'EscalationStepTaken': {
      const { step, round, targets } = event.data;
      const whom = targets.map(({ kind, id, person }) => (kind === 'person' ? id : `${kind} ${id} (${person ?? 'nobody'})`)).join(', ');
      return `Escalation step ${step}${round > 1 ? `, round ${round}` : ''}: turned to ${whom}`;
    }
    case 'EscalationStopped':
      return `Escalation ${event.data.policyVersion} stopped: ${event.data.why.replace('-', ' ')}`;
    case 'MajorIncidentProposed':
      return `Proposed as a major incident (${event.data.policyVersion}): ${event.data.because}`;
    case 'ClosureScheduled':
      return event.data.closesAt === null
        ? 'Not to be closed by itself any more'
        : `To be closed by itself on ${event.data.closesAt}, after ${event.data.afterDays} business days (${event.data.policyVersion})`;
    default:
      return event satisfies never;
  }
};
