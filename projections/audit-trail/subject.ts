import { canonicalJson, type Recorded } from '#kernel';
import { type IncidentEvent, type IncidentEventType } from '#incident';

/** The fields of an incident that have a value now, by the names the trail knows them under. */
export type Subject = Readonly<Record<string, unknown>>;

/** A field that changed; `null` is no value. */
export type Change = Readonly<{ field: string; before: unknown; after: unknown }>;

type Fields = Readonly<Record<string, unknown>>;
type FieldsOf<Type extends IncidentEventType> = (event: Extract<Recorded<IncidentEvent>, { type: Type }>, subject: Subject) => Fields;

const nothing = () => ({});

const listed = (subject: Subject, field: string): readonly string[] => (subject[field] as readonly string[] | undefined) ?? [];

/** Where a corrected fact of an event is among the subject's fields; a fact that has no field of its own is one of that very event. */
const FIELD_OF_FACT: Readonly<Record<string, string>> = {
  'IncidentResolved code': 'resolution.code',
  'IncidentResolved fix': 'resolution.fix',
  'IncidentResolved notes': 'resolution.notes',
  'IncidentResolved restoredAt': 'resolution.restoredAt',
  'IncidentResolved downtime': 'resolution.downtime',
  'IncidentClosed code': 'closure.code',
};

/** What each event sets, by field. `null` takes a value away. The compiler asks for every event. */
const FIELDS: { readonly [Type in IncidentEventType]: FieldsOf<Type> } = {
  IncidentReported: ({ data: { incidentId: _, serviceLevelImported: __, ...said } }) => ({ status: 'new', ...said }),
  IncidentCategorized: ({ data: { category, subcategory, symptom = null } }) => ({ category, subcategory, symptom }),
  IncidentPrioritized: ({ data: { impact, urgency, risks, priority, override } }) => ({
    impact,
    urgency,
    risks: risks.length > 0 ? risks : null,
    priority,
    overridden: override ? true : null,
  }),
  IncidentAcknowledged: () => ({ status: 'acknowledged', 'hold.reason': null, 'hold.until': null }),
  IncidentAssigned: ({ data: { team, agent } }) => ({ team, agent }),
  IncidentEscalated: ({ data: { to } }) => ({ escalatedTo: to }),
  NoteAdded: nothing,
  FileAttached: ({ data: { name } }, subject) => ({ files: [...listed(subject, 'files'), name] }),
  DiagnosisRecorded: ({ data: { rootCause } }) => (rootCause === undefined ? {} : { rootCause }),
  WorkaroundApplied: ({ data: { description } }) => ({ workaround: description }),
  IncidentPutOnHold: ({ data: { reason, until = null } }) => ({ status: 'on-hold', 'hold.reason': reason, 'hold.until': until }),
  IncidentResumed: () => ({ status: 'acknowledged', 'hold.reason': null, 'hold.until': null }),
  MajorIncidentDeclared: ({ data: { incidentManager, communicationsLead = null } }) => ({
    'major.incidentManager': incidentManager,
    'major.communicationsLead': communicationsLead,
  }),
  MajorIncidentStoodDown: () => ({ 'major.incidentManager': null, 'major.communicationsLead': null }),
  StakeholderUpdatePosted: ({ data: { nextUpdateDueAt = null } }) => ({ nextUpdateDueAt }),
  WorkLogged: ({ data: { minutes } }, subject) => ({ workMinutes: ((subject.workMinutes as number | undefined) ?? 0) + minutes }),
  IncidentLinked: ({ data: { kind, target } }, subject) => ({
    links: [...listed(subject, 'links').filter((link) => link !== `${kind} ${target}`), `${kind} ${target}`],
  }),
  IncidentUnlinked: ({ data: { kind, target } }, subject) => {
    const left = listed(subject, 'links').filter((link) => link !== `${kind} ${target}`);
    return { links: left.length > 0 ? left : null };
  },
  IncidentResolved: ({ data: { code, fix, notes, restoredAt = null, downtime = null } }) => ({
    status: 'resolved',
    'hold.reason': null,
    'hold.until': null,
    'resolution.code': code,
    'resolution.fix': fix,
    'resolution.notes': notes,
    'resolution.restoredAt': restoredAt,
    'resolution.downtime': downtime,
    'resolution.confirmed': null,
  }),
  ResolutionConfirmed: () => ({ 'resolution.confirmed': true }),
  IncidentClosed: ({ data: { code, how } }) => ({
    status: 'closed',
    'hold.reason': null,
    'hold.until': null,
    'closure.code': code,
    'closure.how': how,
  }),
  IncidentReopened: (_, subject) => ({
    status: 'acknowledged',
    ...Object.fromEntries(Object.keys(subject).flatMap((field) => (/^(resolution|closure)\./.test(field) ? [[field, null]] : []))),
  }),
  IncidentCancelled: ({ data: { duplicateOf = null } }) => ({ status: 'cancelled', 'hold.reason': null, 'hold.until': null, duplicateOf }),
  IncidentReclassified: ({ data: { serviceRequest } }) => ({
    status: 'cancelled',
    'hold.reason': null,
    'hold.until': null,
    serviceRequest,
  }),
  FactCorrected: nothing,
  SlaStarted: ({ data: { target, dueAt } }) => ({ [`serviceLevel.${target}`]: 'running', [`serviceLevel.${target}.dueAt`]: dueAt }),
  SlaRescheduled: ({ data: { target, dueAt } }) => ({ [`serviceLevel.${target}`]: 'running', [`serviceLevel.${target}.dueAt`]: dueAt }),
  SlaStopped: ({ data: { target } }) => ({ [`serviceLevel.${target}`]: null, [`serviceLevel.${target}.dueAt`]: null }),
  EscalationStarted: ({ data: { policyVersion } }) => ({ escalation: policyVersion }),
  EscalationStepTaken: ({ data: { round, step } }) => ({ 'escalation.round': round, 'escalation.step': step }),
  EscalationStopped: () => ({ escalation: null, 'escalation.round': null, 'escalation.step': null }),
  MajorIncidentProposed: nothing,
  ClosureScheduled: ({ data: { closesAt } }) => ({ closesAt }),
  SlaWarned: ({ data: { target } }) => ({ [`serviceLevel.${target}`]: 'warned' }),
  SlaBreached: ({ data: { target } }) => ({ [`serviceLevel.${target}`]: 'breached' }),
  SlaMet: ({ data: { target } }) => ({ [`serviceLevel.${target}`]: 'met' }),
};

/** A correction tells by itself what it changed. */
const correction = ({
  data: { eventType, eventRevision, fact, was, is },
}: Extract<Recorded<IncidentEvent>, { type: 'FactCorrected' }>): Change => {
  const key = `${eventType} ${fact}`;
  const field = fact === 'occurredAt' ? `event ${eventRevision} occurredAt` : (FIELD_OF_FACT[key] ?? fact);
  return { field, before: was ?? null, after: is ?? null };
};

const same = (a: unknown, b: unknown) => a === b || (typeof a === 'object' && canonicalJson(a) === canonicalJson(b));

/** Every field that an event changes, with its value before and after; in the order in which the event names them. */
export const changesOf = (subject: Subject = {}, event: Recorded<IncidentEvent>): readonly Change[] => {
  if (event.type === 'FactCorrected') return [correction(event)];
  const set = (FIELDS[event.type] as (event: Recorded<IncidentEvent>, subject: Subject) => Fields)(event, subject);
  const found: Change[] = [];
  for (const field of Object.keys(set)) {
    const [before, after] = [subject[field] ?? null, set[field] ?? null];
    if (!same(before, after)) found.push({ field, before, after });
  }
  return found;
};
