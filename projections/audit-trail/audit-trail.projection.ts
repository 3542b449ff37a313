import { projection, type Output, type Recorded } from '#kernel';
import { incidentCatalogue, INCIDENT_STREAM_PREFIX, onEveryEvent, type IncidentEvent } from '#domain/incident';
import { changesOf, subjectAfter, type Change, type Subject } from './subject.js';
import { sentenceOf } from './sentences.js';

/** One line of the trail: one event, told in full. Times are ISO 8601, UTC; `null` is none. */
export type AuditLine = Readonly<{
  incidentId: string;
  /** Its place in the incident's history, from 0. */
  eventRevision: number;
  eventId: string;
  /** The name it is stored under. */
  type: string;
  /** What happened, as a person reads it. */
  what: string;
  who: Readonly<{ kind: string; id: string; name: string | null; roles: readonly string[]; onBehalfOf: string | null }>;
  occurredAt: string;
  recordedAt: string;
  /** Whole seconds from when it happened to when it was recorded. */
  recordedLateSeconds: number;
  /** Every field that changed, as it was and as it is. */
  changes: readonly Change[];
  reason: string | null;
  /** The file and row that an imported event comes from. */
  origin: Readonly<{ file: string; sha256: string; row: number }> | null;
  /** The line that this one corrects. */
  corrects: string | null;
  commandId: string;
  correlationId: string;
  causationId: string;
  schemaVersion: number;
}>;

/** A line's id: lines of one incident sort in the order of its history, and a rebuild gives the same ids. */
export const lineId = (incidentId: string, revision: bigint | number): string => `${incidentId}@${String(revision).padStart(10, '0')}`;

const reasonOf = (event: Recorded<IncidentEvent>): string | null => {
  switch (event.type) {
    case 'IncidentPrioritized':
      return event.data.override?.reason ?? null;
    case 'IncidentEscalated':
    case 'MajorIncidentDeclared':
    case 'MajorIncidentStoodDown':
    case 'IncidentUnlinked':
    case 'IncidentReopened':
    case 'IncidentCancelled':
    case 'IncidentReclassified':
    case 'FactCorrected':
    case 'IncidentPutOnHold':
      return event.data.reason;
    case 'IncidentAssigned':
      return event.data.reason ?? event.data.why;
    case 'IncidentResumed':
      return event.data.cause;
    case 'EscalationStarted':
    case 'MajorIncidentProposed':
    case 'SlaRescheduled':
      return event.data.because;
    case 'SlaStopped':
    case 'EscalationStopped':
      return event.data.why;
    case 'AssignmentDeferred':
      return event.data.reason;
    case 'IncidentReported':
    case 'IncidentCategorized':
    case 'IncidentAcknowledged':
    case 'NoteAdded':
    case 'FileAttached':
    case 'DiagnosisRecorded':
    case 'WorkaroundApplied':
    case 'StakeholderUpdatePosted':
    case 'WorkLogged':
    case 'IncidentLinked':
    case 'IncidentResolved':
    case 'ResolutionConfirmed':
    case 'IncidentClosed':
    case 'SlaStarted':
    case 'EscalationStepTaken':
    case 'ClosureScheduled':
    case 'SlaWarned':
    case 'SlaBreached':
    case 'SlaMet':
      return null;
    default:
      return event satisfies never;
  }
};

const lineOf = (event: Recorded<IncidentEvent>, changes: readonly Change[]): AuditLine => {
  const { data, id, type, revision, occurredAt, recordedAt, metadata } = event;
  const { kind, id: actorId, name = null, roles = [], onBehalfOf = null } = metadata.actor;
  return {
    incidentId: data.incidentId,
    eventRevision: Number(revision),
    eventId: id,
    type: incidentCatalogue.storedForm(type).storedType,
    what: sentenceOf(event, changes),
    who: { kind, id: actorId, name, roles, onBehalfOf },
    occurredAt,
    recordedAt,
    recordedLateSeconds: Math.max(0, Math.floor((Date.parse(recordedAt) - Date.parse(occurredAt)) / 1000)),
    changes,
    reason: reasonOf(event),
    origin: metadata.origin ? { file: metadata.origin.file, sha256: metadata.origin.sha256, row: metadata.origin.row } : null,
    corrects: event.type === 'FactCorrected' ? lineId(data.incidentId, event.data.eventRevision) : null,
    commandId: metadata.commandId,
    correlationId: metadata.$correlationId,
    causationId: metadata.$causationId,
    schemaVersion: metadata.schemaVersion,
  };
};

/**
 * What an auditor reads: one line an event, never changed, never removed. The subjects beside it hold, of each incident, the fields as the
 * last line left them: what the next line says they were before.
 */
export const auditTrail = projection<IncidentEvent, Subject>({
  name: 'audit-trail',
  version: 2,
  streamPrefixes: [INCIDENT_STREAM_PREFIX],
  key: ({ data }) => data.incidentId,
  on: onEveryEvent(subjectAfter),
  outputs: (before, _, event): readonly Output[] => [
    {
      kind: 'line',
      collection: 'audit_trail',
      id: lineId(event.data.incidentId, event.revision),
      document: lineOf(event, changesOf(before, event)),
    },
  ],
  documents: 'audit_trail_subjects',
  collections: {
    audit_trail: [
      { fields: { recordedAt: 1, _id: 1 } },
      { fields: { occurredAt: 1, _id: 1 } },
      { fields: { 'who.id': 1, recordedAt: 1, _id: 1 } },
      { fields: { type: 1, recordedAt: 1, _id: 1 } },
    ],
    audit_trail_subjects: [],
  },
});
