import {
  ASSIGNMENT_REASONS,
  AUDIENCES,
  CANCEL_CAUSES,
  CATEGORIZERS,
  CHANNELS,
  CLOSE_AFTER_DAYS,
  CLOSURE_WAYS,
  ESCALATION_KINDS,
  FILE_SIZE_BYTES,
  FIXES,
  HOLD_REASONS,
  LINK_KINDS,
  LIST_MAX_ITEMS,
  NAME,
  NOTE_VISIBILITIES,
  REOPEN_CAUSES,
  RESUME_CAUSES,
  RISKS,
  SLA_KINDS,
  SLA_TARGETS,
  TEXT,
  TITLE,
  WORK_MINUTES,
  type DataOf,
  type IncidentEventType,
} from '#incident';

/** What one field of an event's data takes. `needed`: it must be there; `nullable`: it may be known to be none. */
export type FieldShape = Readonly<
  { needed: boolean; nullable: boolean } & (
    | { kind: 'text'; maxLength: number }
    | { kind: 'choice'; choices: readonly string[] }
    | { kind: 'instant' }
    | { kind: 'number'; min: number; max: number; whole: boolean }
    | { kind: 'true' }
    | { kind: 'list'; maxItems: number; item: { kind: 'text'; maxLength: number } | { kind: 'choice'; choices: readonly string[] } }
  )
>;

const must = { needed: true, nullable: false } as const;
const may = { needed: false, nullable: false } as const;
const orNull = { needed: true, nullable: true } as const;
type Presence = Pick<FieldShape, 'needed' | 'nullable'>;

const name = (presence: Presence) => ({ ...presence, kind: 'text', maxLength: NAME.max }) as const;
const prose = (presence: Presence) => ({ ...presence, kind: 'text', maxLength: TEXT.max }) as const;
const choice = (presence: Presence, choices: readonly string[]) => ({ ...presence, kind: 'choice', choices }) as const;
const instant = (presence: Presence) => ({ ...presence, kind: 'instant' }) as const;
const names = (presence: Presence) =>
  ({ ...presence, kind: 'list', maxItems: LIST_MAX_ITEMS, item: { kind: 'text', maxLength: NAME.max } }) as const;

/** Fields that a flat row has no words for: lists of objects, and money. An import leaves them out. */
type Unmappable = 'incidentId' | 'answers' | 'hourlyRate' | 'toolCost' | 'downtime' | 'override' | 'was' | 'is' | 'clockId';
type ShapesOf<Type extends IncidentEventType> = Readonly<Record<Exclude<keyof DataOf<Type>, Unmappable>, FieldShape>>;

/** What our own clocks and policies say of an incident: another system's are brought in as its verdicts. */
type OfOurClocks =
  | 'SlaStarted'
  | 'SlaRescheduled'
  | 'SlaStopped'
  | 'EscalationStarted'
  | 'EscalationStepTaken'
  | 'EscalationStopped'
  | 'MajorIncidentProposed'
  | 'ClosureScheduled';

/** The events that a mapping can make. Not a diagnosis, whose answers are a table of their own, nor a correction: that speaks of our own events. */
export type ImportableType = Exclude<IncidentEventType, 'DiagnosisRecorded' | 'FactCorrected' | OfOurClocks>;

const serviceLevel = {
  kind: choice(may, SLA_KINDS),
  target: choice(must, SLA_TARGETS),
  policyVersion: name(must),
  dueAt: instant(orNull),
};

/** What the data of each event takes, beside the incident's id: the bounds of an import. The compiler asks for every field. */
export const EVENT_SHAPES: { readonly [Type in ImportableType]: ShapesOf<Type> } = {
  IncidentReported: {
    title: { ...must, kind: 'text', maxLength: TITLE.max },
    description: prose(may),
    reporter: name(must),
    onBehalfOf: name(may),
    channel: choice(must, CHANNELS),
    service: name(may),
    configurationItems: names(may),
    location: name(may),
    contact: name(may),
    detectedAt: instant(may),
    externalReference: name(may),
    deduplicationKey: name(may),
    serviceLevelImported: { ...may, kind: 'true' },
  },
  IncidentCategorized: {
    category: name(orNull),
    subcategory: name(orNull),
    symptom: { ...name(orNull), needed: false },
    taxonomyVersion: name(may),
    by: choice(must, CATEGORIZERS),
    confidence: { ...may, kind: 'number', min: 0, max: 1, whole: false },
  },
  IncidentPrioritized: {
    impact: name(must),
    urgency: name(must),
    risks: { ...must, kind: 'list', maxItems: RISKS.length, item: { kind: 'choice', choices: RISKS } },
    priority: name(must),
    matrixVersion: name(must),
  },
  IncidentAcknowledged: {},
  IncidentAssigned: { team: name(orNull), agent: name(orNull), why: choice(must, ASSIGNMENT_REASONS) },
  IncidentEscalated: {
    kind: choice(must, ESCALATION_KINDS),
    from: name(orNull),
    to: name(must),
    reason: prose(must),
    stepsTaken: prose(may),
    evidence: names(may),
  },
  NoteAdded: { noteId: name(must), visibility: choice(must, NOTE_VISIBILITIES), text: prose(must), mentions: names(may) },
  FileAttached: {
    fileId: name(must),
    name: name(must),
    mediaType: name(must),
    sizeBytes: { ...must, kind: 'number', ...FILE_SIZE_BYTES, whole: true },
    sha256: { ...must, kind: 'text', maxLength: 64 },
  },
  WorkaroundApplied: { description: prose(must) },
  IncidentPutOnHold: { reason: choice(must, [...HOLD_REASONS, 'unknown']), until: instant(may), comment: prose(may) },
  IncidentResumed: { cause: choice(must, [...RESUME_CAUSES, 'unknown']), comment: prose(may) },
  MajorIncidentDeclared: { incidentManager: name(must), communicationsLead: name(may), reason: prose(must) },
  MajorIncidentStoodDown: { reason: prose(must) },
  StakeholderUpdatePosted: { updateId: name(must), audience: choice(must, AUDIENCES), text: prose(must), nextUpdateDueAt: instant(may) },
  WorkLogged: { workId: name(must), minutes: { ...must, kind: 'number', ...WORK_MINUTES, whole: true }, activity: name(must) },
  IncidentLinked: { kind: choice(must, LINK_KINDS), target: name(must) },
  IncidentUnlinked: { kind: choice(must, LINK_KINDS), target: name(must), reason: prose(must) },
  IncidentResolved: { code: name(must), fix: choice(orNull, FIXES), notes: prose(orNull), restoredAt: instant(may) },
  ResolutionConfirmed: { comment: prose(may) },
  IncidentClosed: {
    code: name(must),
    how: choice(must, CLOSURE_WAYS),
    afterDays: { ...may, kind: 'number', ...CLOSE_AFTER_DAYS, whole: true },
  },
  IncidentReopened: { cause: choice(must, [...REOPEN_CAUSES, 'unknown']), reason: prose(orNull) },
  IncidentCancelled: { cause: choice(must, CANCEL_CAUSES), reason: prose(must), duplicateOf: name(may) },
  IncidentReclassified: { serviceRequest: name(must), reason: prose(must) },
  SlaWarned: { ...serviceLevel, share: { ...may, kind: 'number', min: 1, max: 100, whole: true } },
  SlaBreached: serviceLevel,
  SlaMet: serviceLevel,
};

export const IMPORTABLE_TYPES = Object.keys(EVENT_SHAPES) as ImportableType[];
export const shapeOf = (type: ImportableType): Readonly<Record<string, FieldShape>> => EVENT_SHAPES[type];
