import { canonicalJson, type Recorded } from '#kernel';
import { type IncidentEvent, type IncidentEventType } from '#domain/incident';

type Fields = Readonly<Record<string, unknown>>;

/** An incident as the last line left it. */
export type Subject = Readonly<{
  /** Those that have a value now, by the names the trail knows them under. */
  fields: Fields;
  /** Which event the fields that can be corrected are from, by its type: a correction of an older one changes nothing now. */
  sources: Readonly<Record<string, number>>;
}>;

/** A field that changed; `null` is no value. */
export type Change = Readonly<{ field: string; before: unknown; after: unknown }>;

type FieldsOf<Type extends IncidentEventType> = (event: Extract<Recorded<IncidentEvent>, { type: Type }>, fields: Fields) => Fields;

const nothing = () => ({});

const listed = (fields: Fields, field: string): readonly string[] => (fields[field] as readonly string[] | undefined) ?? [];

const minutesOf = (fields: Fields): number => (fields.workMinutes as number | undefined) ?? 0;

/** Events whose facts are fields of the incident, and can be corrected. */
const SOURCES: ReadonlySet<string> = new Set<IncidentEventType>([
  'IncidentReported',
  'IncidentCategorized',
  'IncidentPrioritized',
  'IncidentAssigned',
  'DiagnosisRecorded',
  'WorkaroundApplied',
  'IncidentPutOnHold',
  'IncidentResolved',
  'IncidentClosed',
]);

/** Where a corrected fact of an event is among the fields; a fact that has no field of its own is one of that very event. */
const FIELD_OF_FACT: Readonly<Record<string, string>> = {
  'WorkaroundApplied description': 'workaround',
  'IncidentPutOnHold reason': 'hold.reason',
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
  FileAttached: ({ data: { name } }, fields) => ({ files: [...listed(fields, 'files'), name] }),
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
  WorkLogged: ({ data: { minutes } }, fields) => ({ workMinutes: minutesOf(fields) + minutes }),
  IncidentLinked: ({ data: { kind, target } }, fields) => ({
    links: [...listed(fields, 'links').filter((link) => link !== `${kind} ${target}`), `${kind} ${target}`],
  }),
  IncidentUnlinked: ({ data: { kind, target } }, fields) => {
    const left = listed(fields, 'links').filter((link) => link !== `${kind} ${target}`);
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
  IncidentReopened: (_, fields) => ({
    status: 'acknowledged',
    ...Object.fromEntries(Object.keys(fields).flatMap((field) => (/^(resolution|closure)\./.test(field) ? [[field, null]] : []))),
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
  AssignmentDeferred: nothing,
  EscalationStarted: ({ data: { policyVersion } }) => ({ escalation: policyVersion }),
  EscalationStepTaken: ({ data: { round, step } }) => ({ 'escalation.round': round, 'escalation.step': step }),
  EscalationStopped: () => ({ escalation: null, 'escalation.round': null, 'escalation.step': null }),
  MajorIncidentProposed: nothing,
  ClosureScheduled: ({ data: { closesAt } }) => ({ closesAt }),
  SlaWarned: ({ data: { target } }) => ({ [`serviceLevel.${target}`]: 'warned' }),
  SlaBreached: ({ data: { target } }) => ({ [`serviceLevel.${target}`]: 'breached' }),
  SlaMet: ({ data: { target } }) => ({ [`serviceLevel.${target}`]: 'met' }),
};

type Correction = Extract<Recorded<IncidentEvent>, { type: 'FactCorrected' }>;

/** A correction tells by itself what it changed. Minutes of work are added up: their sum moves with them. */
const corrected = (fields: Fields, { data: { eventType, eventRevision, fact, was, is } }: Correction): readonly Change[] => {
  const key = `${eventType} ${fact}`;
  const field = fact === 'occurredAt' ? `event ${eventRevision} occurredAt` : (FIELD_OF_FACT[key] ?? fact);
  const change = { field, before: was ?? null, after: is ?? null };
  if (key !== 'WorkLogged minutes') return [change];
  const minutes = minutesOf(fields);
  return [change, { field: 'workMinutes', before: minutes, after: minutes - (was as number) + (is as number) }];
};

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

const same = (a: unknown, b: unknown) => a === b || (isObject(a) && isObject(b) && canonicalJson(a) === canonicalJson(b));

const NOTHING_KNOWN: Subject = { fields: {}, sources: {} };

/** Every field that an event changes, with its value before and after; in the order in which the event names them. */
export const changesOf = ({ fields }: Subject = NOTHING_KNOWN, event: Recorded<IncidentEvent>): readonly Change[] => {
  if (event.type === 'FactCorrected') return corrected(fields, event);
  const set = (FIELDS[event.type] as (event: Recorded<IncidentEvent>, fields: Fields) => Fields)(event, fields);
  const found: Change[] = [];
  for (const field of Object.keys(set)) {
    const [before, after] = [fields[field] ?? null, set[field] ?? null];
    if (!same(before, after)) found.push({ field, before, after });
  }
  return found;
};

/** Whether a hold, a resolution, a closure that a field is of is still there. */
const isThere = (fields: Fields, field: string): boolean => {
  const [group, inner] = field.split('.', 2);
  return inner === undefined || Object.keys(fields).some((known) => known.startsWith(`${group}.`));
};

/** Of what a correction changes, that which is so now: not what others have overtaken since. */
const stillSo = ({ fields, sources }: Subject, { data: { eventType, eventRevision, fact } }: Correction, changes: readonly Change[]) =>
  changes.filter(({ field }) => {
    if (field === 'workMinutes') return true;
    return fact !== 'occurredAt' && sources[eventType] === eventRevision && isThere(fields, field);
  });

/** The incident as an event leaves it. */
export const subjectAfter = (subject: Subject = NOTHING_KNOWN, event: Recorded<IncidentEvent>): Subject => {
  const all = changesOf(subject, event);
  const changes = event.type === 'FactCorrected' ? stillSo(subject, event, all) : all;
  const isSource = SOURCES.has(event.type);
  if (changes.length === 0 && !isSource) return subject;
  const fields: Record<string, unknown> = { ...subject.fields };
  for (const { field, after } of changes) fields[field] = after;
  const isTakenAway = changes.some(({ after }) => after === null);
  return {
    fields: isTakenAway ? Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) : fields,
    sources: isSource ? { ...subject.sources, [event.type]: Number(event.revision) } : subject.sources,
  };
};
