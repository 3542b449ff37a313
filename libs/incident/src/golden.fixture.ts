import type { Actor, NewEvent } from '#kernel';
import type { DataOf, IncidentEvent, IncidentEventType } from './incident.js';

const incidentId = 'INC0000123';
const euros = (amount: number) => ({ amount, currency: 'EUR' });

/** One of each event, with every field it can have: the story of card terminals that decline on a Monday morning. */
export const STORY: { readonly [Type in IncidentEventType]: Required<DataOf<Type>> } = {
  IncidentReported: {
    incidentId,
    title: 'Card terminals decline every payment',
    description: 'All six terminals at the Leuven store answer "host unreachable" since opening.',
    reporter: 'lena.peeters',
    onBehalfOf: 'store-leuven',
    channel: 'phone',
    service: 'card-payments',
    configurationItems: ['pos-gateway-02', 'switch-leuven-1'],
    location: 'Leuven, Bondgenotenlaan 12',
    contact: '+32 16 555 01 23',
    detectedAt: '2026-01-05T08:31:00.000Z',
    externalReference: 'MON-88121',
    deduplicationKey: 'pos-gateway-02/host-unreachable',
    serviceLevelImported: true,
  },
  IncidentCategorized: {
    incidentId,
    category: 'Network',
    subcategory: 'Firewall',
    symptom: 'Host unreachable',
    taxonomyVersion: '2026-01',
    by: 'model',
    confidence: 0.87,
  },
  IncidentPrioritized: {
    incidentId,
    impact: 'medium',
    urgency: 'high',
    risks: ['financial'],
    priority: 'P2',
    matrixVersion: 'default-1',
    override: { reason: 'One store only, and cash still works', matrixPriority: 'P1' },
  },
  IncidentAcknowledged: { incidentId },
  IncidentAssigned: { incidentId, team: 'network-operations', agent: 'tom.maes', why: 'on-call' },
  IncidentEscalated: {
    incidentId,
    kind: 'functional',
    from: 'service-desk',
    to: 'network-operations',
    reason: 'The gateway answers inside the data centre only',
    stepsTaken: 'Rebooted a terminal, pinged the gateway from the store and from the desk',
    evidence: ['traceroute-leuven.txt'],
  },
  NoteAdded: {
    incidentId,
    noteId: '0b5c0e3e-6f0a-4c5e-9d57-0d3ad1d3a001',
    visibility: 'public',
    text: 'We see that your store does not reach the payment gateway, and are on it.',
    mentions: ['tom.maes'],
  },
  FileAttached: {
    incidentId,
    fileId: '0b5c0e3e-6f0a-4c5e-9d57-0d3ad1d3a002',
    name: 'traceroute-leuven.txt',
    mediaType: 'text/plain',
    sizeBytes: 2_114,
    sha256: 'a3f5c1d2e4b60798a3f5c1d2e4b60798a3f5c1d2e4b60798a3f5c1d2e4b60798',
  },
  DiagnosisRecorded: {
    incidentId,
    answers: [{ question: 'Does the store reach the internet?', answer: 'Yes' }],
    findings: 'The store is dropped by rule 4711 of the edge firewall, changed at 08:29.',
    rootCause: 'Change CHG0000456 left the address range of the Leuven store out of the rule',
  },
  WorkaroundApplied: { incidentId, description: 'Two terminals run over the mobile network' },
  IncidentPutOnHold: {
    incidentId,
    reason: 'change',
    until: '2026-01-05T11:00:00.000Z',
    comment: 'Waits for the emergency change to the firewall',
  },
  IncidentResumed: { incidentId, cause: 'answered', comment: 'The change is in' },
  MajorIncidentDeclared: {
    incidentId,
    incidentManager: 'an.claes',
    communicationsLead: 'bart.wouters',
    reason: 'More stores report the same',
  },
  MajorIncidentStoodDown: { incidentId, reason: 'Every store takes cards again' },
  StakeholderUpdatePosted: {
    incidentId,
    updateId: '0b5c0e3e-6f0a-4c5e-9d57-0d3ad1d3a003',
    audience: 'affected-users',
    text: 'Card payments fail in some stores. The cause is known, the cure takes about an hour.',
    nextUpdateDueAt: '2026-01-05T10:00:00.000Z',
  },
  WorkLogged: {
    incidentId,
    workId: '0b5c0e3e-6f0a-4c5e-9d57-0d3ad1d3a004',
    minutes: 95,
    activity: 'Diagnosis and emergency change',
    hourlyRate: euros(6_500),
    toolCost: euros(1_200),
  },
  IncidentLinked: { incidentId, kind: 'caused-by', target: 'CHG0000456' },
  IncidentUnlinked: { incidentId, kind: 'caused-by', target: 'CHG0000456', reason: 'It was the change after that one' },
  IncidentResolved: {
    incidentId,
    code: 'configuration-restored',
    fix: 'restore',
    notes: 'Rule 4711 has the range of the Leuven store again; all six terminals tested.',
    restoredAt: '2026-01-05T10:52:00.000Z',
    downtime: { minutes: 141, minuteRate: euros(850) },
  },
  ResolutionConfirmed: { incidentId, comment: 'All terminals work, thank you' },
  IncidentClosed: { incidentId, code: 'solved', how: 'elapsed', afterDays: 5 },
  IncidentReopened: { incidentId, cause: 'recurred', reason: 'Two terminals decline again' },
  IncidentCancelled: { incidentId, cause: 'duplicate', reason: 'The same outage', duplicateOf: 'INC0000122' },
  IncidentReclassified: { incidentId, serviceRequest: 'REQ0000077', reason: 'The store asks for a seventh terminal' },
  FactCorrected: {
    incidentId,
    eventId: '5a1d6a52-9c1b-8a4e-8f8f-2c5bb6b5d005',
    eventRevision: 0,
    eventType: 'IncidentReported',
    fact: 'detectedAt',
    was: '2026-01-05T08:31:00.000Z',
    is: '2026-01-05T08:29:30.000Z',
    reason: 'The gateway log has the first refusal at 08:29:30',
    approvedBy: 'an.claes',
  },
  SlaWarned: { incidentId, target: 'update', policyVersion: 'retail-3', dueAt: '2026-01-05T10:00:00.000Z' },
  SlaBreached: { incidentId, target: 'resolution', policyVersion: 'retail-3', dueAt: '2026-01-05T10:35:00.000Z' },
  SlaMet: { incidentId, target: 'response', policyVersion: 'retail-3', dueAt: '2026-01-05T08:50:00.000Z' },
};

export const storyEvent = (type: IncidentEventType): IncidentEvent => ({ type, data: STORY[type] }) as IncidentEvent;

const actor: Actor = { kind: 'person', id: 'els.jacobs', name: 'Els Jacobs', roles: ['agent'], onBehalfOf: 'lena.peeters' };

/** As a command that was logged afterwards would write it, with every piece of metadata there can be. */
export const storyEventToWrite = (type: IncidentEventType): NewEvent => ({
  id: '5a1d6a52-9c1b-8a4e-8f8f-2c5bb6b5d005',
  event: storyEvent(type),
  metadata: {
    $correlationId: 'b1f6b0a4-3d51-4a42-8a53-54c1f1d2e006',
    $causationId: 'b1f6b0a4-3d51-4a42-8a53-54c1f1d2e006',
    actor,
    occurredAt: '2026-01-05T08:35:00.000Z',
    commandId: 'b1f6b0a4-3d51-4a42-8a53-54c1f1d2e006',
    commandHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    origin: { file: 'paper-log.csv', sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', row: 1 },
  },
});
