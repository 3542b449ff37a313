import { eventCatalogue } from '#kernel';
import type { IncidentEvent, IncidentEventType } from './incident.js';

/**
 * The stored names of the incident's events. They are the log's, not the code's: renaming a type changes the left side only.
 * A changed shape adds an upcaster here and a golden fixture in golden/; nothing here is ever removed.
 */
export const incidentCatalogue = eventCatalogue<IncidentEvent>({
  IncidentReported: { storedName: 'IncidentReported' },
  IncidentCategorized: { storedName: 'IncidentCategorized' },
  IncidentPrioritized: { storedName: 'IncidentPrioritized' },
  IncidentAcknowledged: { storedName: 'IncidentAcknowledged' },
  IncidentAssigned: { storedName: 'IncidentAssigned' },
  IncidentEscalated: { storedName: 'IncidentEscalated' },
  NoteAdded: { storedName: 'NoteAdded' },
  FileAttached: { storedName: 'FileAttached' },
  DiagnosisRecorded: { storedName: 'DiagnosisRecorded' },
  WorkaroundApplied: { storedName: 'WorkaroundApplied' },
  IncidentPutOnHold: { storedName: 'IncidentPutOnHold' },
  IncidentResumed: { storedName: 'IncidentResumed' },
  MajorIncidentDeclared: { storedName: 'MajorIncidentDeclared' },
  MajorIncidentStoodDown: { storedName: 'MajorIncidentStoodDown' },
  StakeholderUpdatePosted: { storedName: 'StakeholderUpdatePosted' },
  WorkLogged: { storedName: 'WorkLogged' },
  IncidentLinked: { storedName: 'IncidentLinked' },
  IncidentUnlinked: { storedName: 'IncidentUnlinked' },
  IncidentResolved: { storedName: 'IncidentResolved' },
  ResolutionConfirmed: { storedName: 'ResolutionConfirmed' },
  IncidentClosed: { storedName: 'IncidentClosed' },
  IncidentReopened: { storedName: 'IncidentReopened' },
  IncidentCancelled: { storedName: 'IncidentCancelled' },
  IncidentReclassified: { storedName: 'IncidentReclassified' },
  FactCorrected: { storedName: 'FactCorrected' },
  SlaWarned: { storedName: 'SlaWarned' },
  SlaBreached: { storedName: 'SlaBreached' },
  SlaMet: { storedName: 'SlaMet' },
  SlaStarted: { storedName: 'SlaStarted' },
  SlaRescheduled: { storedName: 'SlaRescheduled' },
  SlaStopped: { storedName: 'SlaStopped' },
  AssignmentDeferred: { storedName: 'AssignmentDeferred' },
  EscalationStarted: { storedName: 'EscalationStarted' },
  EscalationStepTaken: { storedName: 'EscalationStepTaken' },
  EscalationStopped: { storedName: 'EscalationStopped' },
  MajorIncidentProposed: { storedName: 'MajorIncidentProposed' },
  ClosureScheduled: { storedName: 'ClosureScheduled' },
});

/** The table of steps of a view for which one step does for every event. */
export const onEveryEvent = <Step>(step: Step): { readonly [Type in IncidentEventType]: Step } =>
  Object.fromEntries(incidentCatalogue.types.map((type) => [type, step])) as { readonly [Type in IncidentEventType]: Step };
