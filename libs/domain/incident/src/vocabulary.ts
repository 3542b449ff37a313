/** The words of the incident process, as they are stored. ITIL 4's where it has one. */

/** By which way it came in. */
export const CHANNELS = ['portal', 'email', 'chat', 'phone', 'walk-in', 'monitoring', 'api', 'import'] as const;
export type Channel = (typeof CHANNELS)[number];

export const STATUSES = ['new', 'acknowledged', 'on-hold', 'resolved', 'closed', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];

/** Statuses in which someone owes the reporter something: reported, and not resolved, closed or cancelled since. */
export const OPEN_STATUSES = ['new', 'acknowledged', 'on-hold'] as const satisfies readonly Status[];
export const isOpen = (status: Status): boolean => (OPEN_STATUSES as readonly Status[]).includes(status);

/** What raises a priority above what impact and urgency say. */
export const RISKS = ['financial', 'security', 'compliance'] as const;
export type Risk = (typeof RISKS)[number];

/** Who or what sorted it. */
export const CATEGORIZERS = ['person', 'rule', 'model'] as const;
export type Categorizer = (typeof CATEGORIZERS)[number];

export const ASSIGNMENT_REASONS = ['person', 'rule', 'capacity', 'on-call', 'escalation'] as const;
export type AssignmentReason = (typeof ASSIGNMENT_REASONS)[number];

/** Functional: to a tier that knows more. Hierarchical: to a manager who can decide more. */
export const ESCALATION_KINDS = ['functional', 'hierarchical'] as const;
export type EscalationKind = (typeof ESCALATION_KINDS)[number];

export const NOTE_VISIBILITIES = ['internal', 'public'] as const;
export type NoteVisibility = (typeof NOTE_VISIBILITIES)[number];

/** What it waits for. `unknown` is for history from elsewhere that does not say; no command takes it. */
export const HOLD_REASONS = ['caller', 'vendor', 'problem', 'change', 'evidence'] as const;
export type HoldReason = (typeof HOLD_REASONS)[number] | 'unknown';

/** What ended a wait: the answer came, its time was up, or someone went on without. */
export const RESUME_CAUSES = ['answered', 'time-up', 'agent'] as const;
export type ResumeCause = (typeof RESUME_CAUSES)[number] | 'unknown';

export const AUDIENCES = ['reporter', 'affected-users', 'support', 'management', 'public'] as const;
export type Audience = (typeof AUDIENCES)[number];

export const LINK_KINDS = [
  'problem',
  'change',
  'configuration-item',
  'knowledge-article',
  'parent',
  'child',
  'duplicate-of',
  'follow-up-of',
  'followed-up-by',
  'caused-by',
] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

/** What brought the service back. */
export const FIXES = ['fix', 'patch', 'restore', 'workaround'] as const;
export type Fix = (typeof FIXES)[number];

export const CLOSURE_WAYS = ['confirmed', 'elapsed', 'agent'] as const;
export type ClosureWay = (typeof CLOSURE_WAYS)[number];

/** Why it was opened again: the reporter rejected the resolution, it came back, or it was closed too early. */
export const REOPEN_CAUSES = ['rejected', 'recurred', 'incomplete'] as const;
export type ReopenCause = (typeof REOPEN_CAUSES)[number] | 'unknown';

export const CANCEL_CAUSES = ['duplicate', 'mistake', 'withdrawn'] as const;
export type CancelCause = (typeof CANCEL_CAUSES)[number];

/** Between whom a service level is agreed: with the customer, inside the house, or with a supplier. */
export const SLA_KINDS = ['sla', 'ola', 'underpinning-contract'] as const;
export type SlaKind = (typeof SLA_KINDS)[number];

export const SLA_TARGETS = ['response', 'update', 'resolution'] as const;
export type SlaTarget = (typeof SLA_TARGETS)[number];

/** Why a clock is no longer judged: other terms took its place, or the incident was cancelled. */
export const SLA_STOPS = ['superseded', 'cancelled'] as const;
export type SlaStop = (typeof SLA_STOPS)[number];

/** What a clock's due instant follows from anew. */
export const SLA_RESCHEDULES = ['resumed', 'reopened', 'calendar-changed', 'fact-corrected'] as const;
export type SlaReschedule = (typeof SLA_RESCHEDULES)[number];

/** What sets an escalation policy going. */
export const ESCALATION_TRIGGERS = ['priority', 'major-incident', 'sla-warned', 'sla-breached', 'not-acknowledged'] as const;
export type EscalationTrigger = (typeof ESCALATION_TRIGGERS)[number];

/** Whom a step of an escalation policy turns to. */
export const ESCALATION_TARGETS = ['person', 'team', 'schedule', 'manager'] as const;
export type EscalationTargetKind = (typeof ESCALATION_TARGETS)[number];

/** Why an escalation goes no further. */
export const ESCALATION_STOPS = ['acknowledged', 'ended', 'exhausted', 'policy-retired'] as const;
export type EscalationStop = (typeof ESCALATION_STOPS)[number];
