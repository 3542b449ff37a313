import type { Actor } from '#kernel';
import type { AssignmentReason, DataOf, HoldReason, IncidentEventType, LinkKind, Risk, SlaKind, SlaTarget, Status } from '#domain/incident';

/** How much of a list that can grow for ever is kept here; all of it is in the audit trail and in the history. Newest last. */
export const KEPT = { entries: 100, timeline: 50 } as const;

/** A fact of one event: its place in the stream, which a correction names, when it happened, and who said so. */
export type Entry<Type extends IncidentEventType> = Readonly<{ revision: number; at: string; by: string }> &
  Omit<DataOf<Type>, 'incidentId'>;

/** The newest entries of a list, and how many there ever were. */
export type Kept<Item> = Readonly<{ total: number; latest: readonly Item[] }>;

/** One event, as a heading. */
export type Headline = Readonly<{ revision: number; type: IncidentEventType; at: string; by: string; headline: string }>;

/** The incident as it stands, corrections applied. Times are ISO 8601, UTC; `null` is none, or not known. */
export type IncidentDetails = Readonly<{
  incidentId: string;
  number: string;
  title: string;
  /** The words of the title, in lower case, for searching. */
  words: readonly string[];
  description: string | null;
  status: Status;
  open: boolean;
  reporter: string;
  onBehalfOf: string | null;
  channel: string;
  service: string | null;
  configurationItems: readonly string[];
  location: string | null;
  contact: string | null;
  detectedAt: string | null;
  externalReference: string | null;
  deduplicationKey: string | null;
  reportedAt: string;
  acknowledgedAt: string | null;
  resolvedAt: string | null;
  closedAt: string | null;
  updatedAt: string;
  category: string | null;
  subcategory: string | null;
  symptom: string | null;
  /** The version of the taxonomy that its category is of. */
  taxonomyVersion: string | null;
  priority: string | null;
  impact: string | null;
  urgency: string | null;
  risks: readonly Risk[];
  /** Why the priority is not what the matrix says, where it is not. */
  override: Readonly<{ reason: string; matrixPriority: string }> | null;
  /** What gave its priority: the version of the matrix, and the rule that raised it, where one did. */
  ratedBy: Readonly<{ matrixVersion: string; rule: string | null }> | null;
  team: string | null;
  agent: string | null;
  /** Why it is with them; `reason` in words, where a rule chose them. */
  assignment: Readonly<{ at: string; why: AssignmentReason; reason: string | null }> | null;
  /** Nobody of its team can take it: why, and when that is looked at again. */
  deferral: Readonly<{ team: string; reason: string; since: string; retryAt: string | null }> | null;
  hold: Readonly<{ reason: HoldReason; until: string | null; comment: string | null; since: string }> | null;
  major: Readonly<{ incidentManager: string; communicationsLead: string | null; reason: string; since: string }> | null;
  resolution: (Omit<Entry<'IncidentResolved'>, 'at'> & Readonly<{ at: string; confirmed: boolean }>) | null;
  closure: Entry<'IncidentClosed'> | null;
  cancellation: Readonly<{
    at: string;
    by: string;
    reason: string;
    cause: string;
    duplicateOf: string | null;
    serviceRequest: string | null;
  }> | null;
  links: readonly Readonly<{ kind: LinkKind; target: string; since: string; by: string }>[];
  notes: Kept<Entry<'NoteAdded'>>;
  files: Kept<Entry<'FileAttached'>>;
  diagnoses: Kept<Entry<'DiagnosisRecorded'>>;
  workarounds: Kept<Entry<'WorkaroundApplied'>>;
  work: Kept<Entry<'WorkLogged'>> & Readonly<{ minutes: number }>;
  escalations: Kept<Entry<'IncidentEscalated'>>;
  stakeholderUpdates: Kept<Entry<'StakeholderUpdatePosted'>>;
  reopenings: number;
  /** The clock of each target and kind that was started or judged last; `clockId` is null where the verdict was imported. */
  serviceLevels: readonly Readonly<{
    clockId: string | null;
    kind: SlaKind;
    target: SlaTarget;
    verdict: 'running' | 'stopped' | 'warned' | 'breached' | 'met';
    at: string;
    dueAt: string | null;
    policyVersion: string;
  }>[];
  /** The escalation that is under way. */
  escalation: Readonly<{
    policyVersion: string;
    because: string;
    since: string;
    round: number;
    step: number;
    nextStepAt: string | null;
  }> | null;
  /** Somebody should decide whether it is a major incident. */
  proposedMajor: Readonly<{ because: string; since: string }> | null;
  /** When it closes by itself, if nobody answers. */
  closesAt: string | null;
  corrections: Kept<Entry<'FactCorrected'>>;
  timeline: Kept<Headline>;
  /** Which event the fields that can be corrected are from, by its type: a correction of an older one changes nothing here. */
  sources: Readonly<Record<string, number>>;
}>;

/** Who acted, as a person reads it; the name as it was at the time. */
export const nameOf = ({ name, id }: Actor): string => name ?? id;
