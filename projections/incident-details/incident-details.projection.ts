import { projection, type Recorded, type RecordedOf } from '#kernel';
import { INCIDENT_STREAM_PREFIX, isOpen, type IncidentEvent, type IncidentEventType, type Status } from '#domain/incident';
import { headlineOf } from './headlines.js';
import { KEPT, nameOf, type Entry, type IncidentDetails, type Kept } from './incident-details.document.js';

type Change = Partial<IncidentDetails>;
type AnyEvent = Recorded<IncidentEvent>;

const none = { total: 0, latest: [] };

/** Adds to a list that keeps only its newest items. */
const kept = <Item>({ total, latest }: Kept<Item>, item: Item, bound: number = KEPT.entries): Kept<Item> => ({
  total: total + 1,
  latest: [...(latest.length < bound ? latest : latest.slice(1)), item],
});

const entry = <Type extends IncidentEventType>(event: RecordedOf<IncidentEvent, Type>): Entry<Type> => {
  const { data, revision, occurredAt, metadata } = event as AnyEvent;
  const { incidentId: _, ...said } = data;
  return { revision: Number(revision), at: occurredAt, by: nameOf(metadata.actor), ...said } as unknown as Entry<Type>;
};

/** Any event moves `updatedAt` and stands in the timeline; the rest is what the event says. */
const change =
  <Type extends IncidentEventType>(of: (details: IncidentDetails, event: RecordedOf<IncidentEvent, Type>) => Change) =>
  (details: IncidentDetails | undefined, event: RecordedOf<IncidentEvent, Type>): IncidentDetails | undefined => {
    if (!details) return details;
    const { type, revision, occurredAt, metadata } = event as AnyEvent;
    const headline = {
      revision: Number(revision),
      type,
      at: occurredAt,
      by: nameOf(metadata.actor),
      headline: headlineOf(event as AnyEvent),
    };
    return { ...details, updatedAt: occurredAt, timeline: kept(details.timeline, headline, KEPT.timeline), ...of(details, event) };
  };

type ListField = 'notes' | 'files' | 'diagnoses' | 'workarounds' | 'escalations' | 'stakeholderUpdates';

const added = <Type extends IncidentEventType>(field: ListField) =>
  change<Type>((details, event) => ({ [field]: kept(details[field] as unknown as Kept<Entry<Type>>, entry(event)) }));

const inStatus = (status: Status): Change => ({ status, open: isOpen(status), hold: null });

type Level = IncidentDetails['serviceLevels'][number];

/** The newest word on a target of a kind. What is not said stays as it was: a stop tells no instant. */
const level = <Type extends 'SlaStarted' | 'SlaRescheduled' | 'SlaStopped' | 'SlaWarned' | 'SlaBreached' | 'SlaMet'>(
  verdict: Level['verdict'],
) =>
  change<Type>(({ serviceLevels }, event) => {
    const { data, occurredAt } = event as RecordedOf<IncidentEvent, 'SlaWarned'>;
    const { target, policyVersion, clockId = null } = data;
    const before = serviceLevels.find((one) => (clockId === null ? one.target === target : one.clockId === clockId));
    const { kind = before?.kind ?? 'sla', dueAt = before?.dueAt ?? null } = data as Partial<Level>;
    return {
      serviceLevels: [
        ...serviceLevels.filter((one) => one.target !== target || one.kind !== kind),
        { clockId, kind, target, verdict, at: occurredAt, dueAt, policyVersion },
      ],
    };
  });

/** The words of a text, in lower case, each once. */
export const wordsOf = (text: string): string[] => [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])];

const from = ({ sources }: IncidentDetails, { type, revision }: AnyEvent) => ({ ...sources, [type]: Number(revision) });

/** Fields that show a fact of the latest event of a type, under the fact's own name. */
const SHOWN: Readonly<Record<string, readonly (keyof IncidentDetails)[]>> = {
  IncidentReported: [
    'title', 'description', 'reporter', 'onBehalfOf', 'channel', 'service', 'configurationItems', 'location', 'contact', 'detectedAt',
    'externalReference',
  ],
  IncidentCategorized: ['category', 'subcategory', 'symptom'],
  IncidentPrioritized: ['impact', 'urgency', 'priority'],
  IncidentAssigned: ['team', 'agent'],
}; // prettier-ignore

/** Lists whose entries carry the facts of their events. */
const LISTS: Readonly<Record<string, ListField | 'work'>> = {
  NoteAdded: 'notes',
  FileAttached: 'files',
  DiagnosisRecorded: 'diagnoses',
  WorkaroundApplied: 'workarounds',
  WorkLogged: 'work',
};

/** The moment at which an event happened, under the name that it is shown by. */
const MOMENTS: Readonly<Record<string, 'reportedAt' | 'acknowledgedAt' | 'resolvedAt' | 'closedAt'>> = {
  IncidentReported: 'reportedAt',
  IncidentAcknowledged: 'acknowledgedAt',
  IncidentResolved: 'resolvedAt',
  IncidentClosed: 'closedAt',
};

const inEntry = <Item extends { revision: number }>(item: Item | null, revision: number, fact: string, is: unknown): Item | null =>
  item?.revision === revision ? { ...item, [fact === 'occurredAt' ? 'at' : fact]: is } : item;

const corrected = (details: IncidentDetails, { data }: RecordedOf<IncidentEvent, 'FactCorrected'>): Change => {
  const { eventRevision: revision, eventType, fact, is, was } = data;
  const list = LISTS[eventType];
  if (list) {
    const { latest } = details[list] as Kept<Entry<'WorkLogged'>>;
    const items = latest.map((item) => inEntry(item, revision, fact, is) as Entry<'WorkLogged'>);
    const minutes = list === 'work' && fact === 'minutes' ? { minutes: details.work.minutes - (was as number) + (is as number) } : {};
    return { [list]: { ...details[list], latest: items, ...minutes } };
  }
  const isLatest = details.sources[eventType] === revision;
  const moment = MOMENTS[eventType];
  return {
    resolution: inEntry(details.resolution, revision, fact, is),
    closure: inEntry(details.closure, revision, fact, is),
    ...(isLatest && SHOWN[eventType]?.includes(fact as never) && { [fact]: is ?? (fact === 'configurationItems' ? [] : null) }),
    ...(isLatest && eventType === 'IncidentReported' && fact === 'title' && { words: wordsOf(is as string) }),
    ...(isLatest && moment && fact === 'occurredAt' && { [moment]: is as string }),
    ...(isLatest &&
      eventType === 'IncidentPutOnHold' && { hold: details.hold && { ...details.hold, [fact === 'occurredAt' ? 'since' : fact]: is } }),
  };
};

const reported = ({ data, occurredAt, revision }: RecordedOf<IncidentEvent, 'IncidentReported'>): IncidentDetails => ({
  incidentId: data.incidentId,
  number: data.incidentId,
  title: data.title,
  words: wordsOf(data.title),
  description: data.description ?? null,
  status: 'new',
  open: true,
  reporter: data.reporter,
  onBehalfOf: data.onBehalfOf ?? null,
  channel: data.channel,
  service: data.service ?? null,
  configurationItems: data.configurationItems ?? [],
  location: data.location ?? null,
  contact: data.contact ?? null,
  detectedAt: data.detectedAt ?? null,
  externalReference: data.externalReference ?? null,
  deduplicationKey: data.deduplicationKey ?? null,
  reportedAt: occurredAt,
  acknowledgedAt: null,
  resolvedAt: null,
  closedAt: null,
  updatedAt: occurredAt,
  category: null,
  subcategory: null,
  symptom: null,
  taxonomyVersion: null,
  priority: null,
  impact: null,
  urgency: null,
  risks: [],
  override: null,
  ratedBy: null,
  team: null,
  agent: null,
  assignment: null,
  deferral: null,
  hold: null,
  major: null,
  resolution: null,
  closure: null,
  cancellation: null,
  links: [],
  notes: none,
  files: none,
  diagnoses: none,
  workarounds: none,
  work: { ...none, minutes: 0 },
  escalations: none,
  stakeholderUpdates: none,
  reopenings: 0,
  serviceLevels: [],
  escalation: null,
  proposedMajor: null,
  closesAt: null,
  corrections: none,
  timeline: none,
  sources: {
    IncidentReported: Number(revision),
    IncidentCategorized: -1,
    IncidentPrioritized: -1,
    IncidentAssigned: -1,
    IncidentAcknowledged: -1,
    IncidentPutOnHold: -1,
    IncidentResolved: -1,
    IncidentClosed: -1,
  },
});

const step = change<'IncidentReported'>(() => ({}));

/** The incident as it stands: every field of its events, with what was corrected. One document an incident, of bounded size. */
export const incidentDetails = projection<IncidentEvent, IncidentDetails>({
  name: 'incident-details',
  version: 2,
  streamPrefixes: [INCIDENT_STREAM_PREFIX],
  key: ({ data }) => data.incidentId,
  on: {
    IncidentReported: (details, event) => step(details ?? reported(event), event),
    IncidentCategorized: change((details, event) => {
      const { category, subcategory, symptom = null, taxonomyVersion = null } = event.data;
      return { category, subcategory, symptom, taxonomyVersion, sources: from(details, event) };
    }),
    IncidentPrioritized: change((details, event) => {
      const { impact, urgency, risks, priority, override = null, matrixVersion, rule = null } = event.data;
      return { impact, urgency, risks, priority, override, ratedBy: { matrixVersion, rule }, sources: from(details, event) };
    }),
    IncidentAcknowledged: change((details, event) => ({
      ...inStatus('acknowledged'),
      acknowledgedAt: event.occurredAt,
      sources: from(details, event),
    })),
    IncidentAssigned: change((details, event) => {
      const { team, agent, why, reason = null } = event.data;
      return { team, agent, assignment: { at: event.occurredAt, why, reason }, deferral: null, sources: from(details, event) };
    }),
    AssignmentDeferred: change((_, { data: { team, reason, retryAt }, occurredAt }) => ({
      deferral: { team, reason, since: occurredAt, retryAt },
    })),
    IncidentEscalated: added('escalations'),
    NoteAdded: added('notes'),
    FileAttached: added('files'),
    DiagnosisRecorded: added('diagnoses'),
    WorkaroundApplied: added('workarounds'),
    StakeholderUpdatePosted: added('stakeholderUpdates'),
    WorkLogged: change(({ work }, event) => ({ work: { ...kept(work, entry(event)), minutes: work.minutes + event.data.minutes } })),
    IncidentPutOnHold: change((details, event) => {
      const { reason, until = null, comment = null } = event.data;
      return { ...inStatus('on-hold'), hold: { reason, until, comment, since: event.occurredAt }, sources: from(details, event) };
    }),
    IncidentResumed: change(() => inStatus('acknowledged')),
    MajorIncidentDeclared: change((_, { data: { incidentManager, communicationsLead = null, reason }, occurredAt }) => ({
      proposedMajor: null,
      major: { incidentManager, communicationsLead, reason, since: occurredAt },
    })),
    MajorIncidentStoodDown: change(() => ({ major: null })),
    IncidentLinked: change(({ links }, { data: { kind, target }, occurredAt, metadata }) => ({
      links: [
        ...links.filter((link) => link.kind !== kind || link.target !== target),
        { kind, target, since: occurredAt, by: nameOf(metadata.actor) },
      ],
    })),
    IncidentUnlinked: change(({ links }, { data: { kind, target } }) => ({
      links: links.filter((link) => link.kind !== kind || link.target !== target),
    })),
    IncidentResolved: change((details, event) => ({
      ...inStatus('resolved'),
      resolvedAt: event.occurredAt,
      resolution: { ...entry(event), confirmed: false },
      sources: from(details, event),
    })),
    ResolutionConfirmed: change(({ resolution }) => ({ resolution: resolution && { ...resolution, confirmed: true } })),
    IncidentClosed: change((details, event) => ({
      ...inStatus('closed'),
      closedAt: event.occurredAt,
      closesAt: null,
      closure: entry(event),
      sources: from(details, event),
    })),
    IncidentReopened: change(({ reopenings }) => ({
      ...inStatus('acknowledged'),
      resolvedAt: null,
      closedAt: null,
      closesAt: null,
      resolution: null,
      closure: null,
      reopenings: reopenings + 1,
    })),
    IncidentCancelled: change((_, { data: { cause, reason, duplicateOf = null }, occurredAt: at, metadata }) => ({
      ...inStatus('cancelled'),
      cancellation: { at, by: nameOf(metadata.actor), reason, cause, duplicateOf, serviceRequest: null },
    })),
    IncidentReclassified: change((_, { data: { serviceRequest, reason }, occurredAt: at, metadata }) => ({
      ...inStatus('cancelled'),
      cancellation: { at, by: nameOf(metadata.actor), reason, cause: 'reclassified', duplicateOf: null, serviceRequest },
    })),
    FactCorrected: change((details, event) => ({
      corrections: kept(details.corrections, entry(event)),
      ...corrected(details, event),
    })),
    SlaStarted: level<'SlaStarted'>('running'),
    SlaRescheduled: level<'SlaRescheduled'>('running'),
    SlaStopped: level<'SlaStopped'>('stopped'),
    SlaWarned: level<'SlaWarned'>('warned'),
    SlaBreached: level<'SlaBreached'>('breached'),
    SlaMet: level<'SlaMet'>('met'),
    EscalationStarted: change((_, { data: { policyVersion, because, nextStepAt }, occurredAt }) => ({
      escalation: { policyVersion, because, since: occurredAt, round: 0, step: 0, nextStepAt },
    })),
    EscalationStepTaken: change(({ escalation }, { data: { round, step, nextStepAt } }) => ({
      escalation: escalation && { ...escalation, round, step, nextStepAt },
    })),
    EscalationStopped: change(() => ({ escalation: null })),
    MajorIncidentProposed: change((_, { data: { because }, occurredAt }) => ({ proposedMajor: { because, since: occurredAt } })),
    ClosureScheduled: change((_, { data: { closesAt } }) => ({ closesAt })),
  },
  documents: 'incident_details',
  collections: {
    incident_details: [
      { fields: { reportedAt: -1, _id: 1 } },
      { fields: { updatedAt: -1, _id: 1 } },
      { fields: { words: 1 } },
      { fields: { team: 1, reportedAt: -1, _id: 1 } },
      { fields: { reporter: 1, reportedAt: -1, _id: 1 } },
      { fields: { externalReference: 1 }, where: { externalReference: { $gt: '' } } },
      { fields: { deduplicationKey: 1 }, where: { deduplicationKey: { $gt: '' } } },
    ],
  },
});
