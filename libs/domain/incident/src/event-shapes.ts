import type { DataOf, IncidentEventType } from './incident.js';
import {
  CLOSE_AFTER_DAYS,
  DOWNTIME_MINUTES,
  FILE_SIZE_BYTES,
  LIST_MAX_ITEMS,
  MONEY_AMOUNT,
  NAME,
  TEXT,
  TITLE,
  WORK_MINUTES,
} from './limits.js';
import {
  ASSIGNMENT_REASONS,
  AUDIENCES,
  CANCEL_CAUSES,
  CATEGORIZERS,
  CHANNELS,
  CLOSURE_WAYS,
  ESCALATION_KINDS,
  ESCALATION_STOPS,
  ESCALATION_TARGETS,
  ESCALATION_TRIGGERS,
  FIXES,
  HOLD_REASONS,
  LINK_KINDS,
  NOTE_VISIBILITIES,
  REOPEN_CAUSES,
  RESUME_CAUSES,
  RISKS,
  SLA_KINDS,
  SLA_RESCHEDULES,
  SLA_STOPS,
  SLA_TARGETS,
} from './vocabulary.js';

/** What one value of an event's data may be. An instant is ISO 8601, UTC; `any` is whatever the fact it speaks of may be. */
export type ValueShape = Readonly<
  | { kind: 'text'; maxLength: number }
  | { kind: 'choice'; choices: readonly string[] }
  | { kind: 'instant' }
  | { kind: 'number'; min: number; max: number; whole: boolean }
  | { kind: 'true' }
  | { kind: 'list'; maxItems: number; item: ValueShape }
  | { kind: 'object'; fields: Readonly<Record<string, FieldShape>> }
  | { kind: 'any' }
>;

/** What one field takes. `needed`: it must be there; `nullable`: it may be known to be none. */
export type FieldShape = Presence & ValueShape;
type Presence = Readonly<{ needed: boolean; nullable: boolean }>;

const must = { needed: true, nullable: false } as const;
const may = { needed: false, nullable: false } as const;
const orNull = { needed: true, nullable: true } as const;
const mayOrNull = { needed: false, nullable: true } as const;

const ofName = { kind: 'text', maxLength: NAME.max } as const;

const name = <P extends Presence>(presence: P) => ({ ...presence, ...ofName });
const prose = <P extends Presence>(presence: P) => ({ ...presence, kind: 'text', maxLength: TEXT.max }) as const;
const choice = <P extends Presence>(presence: P, choices: readonly string[]) => ({ ...presence, kind: 'choice', choices }) as const;
const instant = <P extends Presence>(presence: P) => ({ ...presence, kind: 'instant' }) as const;
const whole = <P extends Presence>(presence: P, { min, max }: Readonly<{ min: number; max: number }>) =>
  ({ ...presence, kind: 'number', min, max, whole: true }) as const;
const list = <P extends Presence>(presence: P, item: ValueShape, maxItems: number = LIST_MAX_ITEMS) =>
  ({ ...presence, kind: 'list', maxItems, item }) as const;
const object = <P extends Presence>(presence: P, fields: Readonly<Record<string, FieldShape>>) =>
  ({ ...presence, kind: 'object', fields }) as const;

/** Numbers that count something of a policy or a history: rounds, steps, entries, revisions. */
const COUNT = { min: 0, max: Number.MAX_SAFE_INTEGER } as const;
/** A share of the time that a clock has, in percent. */
const SHARE = { min: 1, max: 100 } as const;

const moneyFields = { amount: whole(must, MONEY_AMOUNT), currency: { ...must, kind: 'text', maxLength: 3 } } as const;

/** Of which policy, and which of its versions: `gold@3`. */
const policyVersion = name(must);
const verdict = {
  clockId: name(may),
  kind: choice(may, SLA_KINDS),
  target: choice(must, SLA_TARGETS),
  policyVersion,
  dueAt: instant(orNull),
};
const clock = { clockId: name(must), target: choice(must, SLA_TARGETS), policyVersion };
const schedule = {
  dueAt: instant(orNull),
  warnings: list(must, { kind: 'object', fields: { share: whole(must, SHARE), at: instant(must) } }),
};

/** A shape that is there and null where the event's type says so. */
type ShapeOf<Value> = ValueShape &
  Readonly<{ needed: undefined extends Value ? false : true; nullable: null extends Value ? true : false }>;
type ShapesOf<Type extends IncidentEventType> = {
  readonly [Field in Exclude<keyof DataOf<Type>, 'incidentId'>]-?: ShapeOf<DataOf<Type>[Field]>;
};

/**
 * What the data of each event takes, beside the incident's id: what an import checks, and what other systems are told of the feed. The
 * compiler asks for every event and every field.
 */
export const EVENT_SHAPES: { readonly [Type in IncidentEventType]: ShapesOf<Type> } = {
  IncidentReported: {
    title: { ...must, kind: 'text', maxLength: TITLE.max },
    description: prose(may),
    reporter: name(must),
    onBehalfOf: name(may),
    channel: choice(must, CHANNELS),
    service: name(may),
    configurationItems: list(may, ofName),
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
    symptom: name(mayOrNull),
    taxonomyVersion: name(may),
    by: choice(must, CATEGORIZERS),
    confidence: { ...may, kind: 'number', min: 0, max: 1, whole: false },
  },
  IncidentPrioritized: {
    impact: name(must),
    urgency: name(must),
    risks: list(must, { kind: 'choice', choices: RISKS }, RISKS.length),
    priority: name(must),
    matrixVersion: name(must),
    rule: name(may),
    override: object(may, { reason: prose(must), matrixPriority: name(must) }),
  },
  IncidentAcknowledged: {},
  IncidentAssigned: { team: name(orNull), agent: name(orNull), why: choice(must, ASSIGNMENT_REASONS), reason: prose(may) },
  IncidentEscalated: {
    kind: choice(must, ESCALATION_KINDS),
    from: name(orNull),
    to: name(must),
    reason: prose(must),
    stepsTaken: prose(may),
    evidence: list(may, ofName),
  },
  NoteAdded: { noteId: name(must), visibility: choice(must, NOTE_VISIBILITIES), text: prose(must), mentions: list(may, ofName) },
  FileAttached: {
    fileId: name(must),
    name: name(must),
    mediaType: name(must),
    sizeBytes: whole(must, FILE_SIZE_BYTES),
    sha256: { ...must, kind: 'text', maxLength: 64 },
  },
  DiagnosisRecorded: {
    answers: list(must, { kind: 'object', fields: { question: prose(must), answer: prose(must) } }),
    findings: prose(must),
    rootCause: prose(may),
  },
  WorkaroundApplied: { description: prose(must) },
  IncidentPutOnHold: { reason: choice(must, [...HOLD_REASONS, 'unknown']), until: instant(may), comment: prose(may) },
  IncidentResumed: { cause: choice(must, [...RESUME_CAUSES, 'unknown']), comment: prose(may) },
  MajorIncidentDeclared: { incidentManager: name(must), communicationsLead: name(may), reason: prose(must) },
  MajorIncidentStoodDown: { reason: prose(must) },
  StakeholderUpdatePosted: { updateId: name(must), audience: choice(must, AUDIENCES), text: prose(must), nextUpdateDueAt: instant(may) },
  WorkLogged: {
    workId: name(must),
    minutes: whole(must, WORK_MINUTES),
    activity: prose(must),
    hourlyRate: object(may, moneyFields),
    toolCost: object(may, moneyFields),
  },
  IncidentLinked: { kind: choice(must, LINK_KINDS), target: name(must) },
  IncidentUnlinked: { kind: choice(must, LINK_KINDS), target: name(must), reason: prose(must) },
  IncidentResolved: {
    code: name(must),
    fix: choice(orNull, FIXES),
    notes: prose(orNull),
    restoredAt: instant(may),
    downtime: object(may, { minutes: whole(must, DOWNTIME_MINUTES), minuteRate: object(must, moneyFields) }),
  },
  ResolutionConfirmed: { comment: prose(may) },
  IncidentClosed: { code: name(must), how: choice(must, CLOSURE_WAYS), afterDays: whole(may, CLOSE_AFTER_DAYS) },
  IncidentReopened: { cause: choice(must, [...REOPEN_CAUSES, 'unknown']), reason: prose(orNull) },
  IncidentCancelled: { cause: choice(must, CANCEL_CAUSES), reason: prose(must), duplicateOf: name(may) },
  IncidentReclassified: { serviceRequest: name(must), reason: prose(must) },
  FactCorrected: {
    eventId: name(must),
    eventRevision: whole(must, COUNT),
    eventType: name(must),
    fact: name(must),
    was: { ...mayOrNull, kind: 'any' },
    is: { ...mayOrNull, kind: 'any' },
    reason: prose(must),
    approvedBy: name(must),
  },
  SlaStarted: {
    ...clock,
    ...schedule,
    kind: choice(must, SLA_KINDS),
    entry: whole(must, COUNT),
    allowance: object(must, { amount: whole(must, COUNT), unit: name(must) }),
    calendar: name(orNull),
    pausesOn: list(must, { kind: 'choice', choices: [...HOLD_REASONS, 'unknown'] }),
    warnAt: list(must, { kind: 'number', ...SHARE, whole: true }),
    startedAt: instant(must),
  },
  SlaRescheduled: { ...clock, ...schedule, because: choice(must, SLA_RESCHEDULES) },
  SlaStopped: { ...clock, why: choice(must, SLA_STOPS) },
  SlaWarned: { ...verdict, share: whole(may, SHARE) },
  SlaBreached: verdict,
  SlaMet: verdict,
  AssignmentDeferred: { team: name(must), reason: prose(must), retryAt: instant(orNull) },
  EscalationStarted: {
    runId: name(must),
    policyVersion,
    trigger: choice(must, ESCALATION_TRIGGERS),
    subject: name(must),
    because: prose(must),
    nextStepAt: instant(must),
  },
  EscalationStepTaken: {
    runId: name(must),
    policyVersion,
    round: whole(must, COUNT),
    step: whole(must, COUNT),
    targets: list(must, {
      kind: 'object',
      fields: { kind: choice(must, ESCALATION_TARGETS), id: name(must), person: name(orNull) },
    }),
    nextStepAt: instant(orNull),
  },
  EscalationStopped: { runId: name(must), policyVersion, why: choice(must, ESCALATION_STOPS) },
  MajorIncidentProposed: { policyVersion, because: prose(must) },
  ClosureScheduled: { policyVersion, closesAt: instant(orNull), afterDays: whole(must, COUNT) },
};
