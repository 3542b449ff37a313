import * as rules from './index.js';
import { EARLIER, incidentId, LATER, NOW, OTHER, REPORTER } from './histories.fixture.js';
import { STORY } from './golden.fixture.js';
import type { Incident, IncidentEvent } from './incident.js';

type Ask = (incident: Incident) => IncidentEvent[];

/** Every command, as someone would ordinarily give it. What it says is right, so that only the incident's status decides. */
export const COMMANDS = {
  report: (incident) => rules.report({ ...STORY.IncidentReported, now: NOW }, incident),
  categorize: (incident) => rules.categorize({ incidentId, category: 'Network', subcategory: 'Firewall', by: 'person' }, incident),
  prioritize: (incident) =>
    rules.prioritize({ incidentId, impact: 'high', urgency: 'medium', matrix: rules.DEFAULT_PRIORITY_MATRIX }, incident),
  acknowledge: (incident) => rules.acknowledge({ incidentId }, incident),
  assign: (incident) => rules.assign(STORY.IncidentAssigned, incident),
  escalate: (incident) => rules.escalate(STORY.IncidentEscalated, incident),
  addNote: (incident) => rules.addNote(STORY.NoteAdded, incident),
  attachFile: (incident) => rules.attachFile(STORY.FileAttached, incident),
  recordDiagnosis: (incident) => rules.recordDiagnosis(STORY.DiagnosisRecorded, incident),
  applyWorkaround: (incident) => rules.applyWorkaround(STORY.WorkaroundApplied, incident),
  putOnHold: (incident) => rules.putOnHold({ incidentId, reason: 'change', until: LATER, now: NOW }, incident),
  resume: (incident) => rules.resume({ incidentId, cause: 'answered', now: NOW }, incident),
  declareMajor: (incident) => rules.declareMajor(STORY.MajorIncidentDeclared, incident),
  standDown: (incident) => rules.standDown(STORY.MajorIncidentStoodDown, incident),
  postStakeholderUpdate: (incident) =>
    rules.postStakeholderUpdate({ incidentId, updateId: 'update-1', audience: 'support', text: 'We are on it', now: NOW }, incident),
  logWork: (incident) => rules.logWork(STORY.WorkLogged, incident),
  link: (incident) => rules.link(STORY.IncidentLinked, incident),
  unlink: (incident) => rules.unlink(STORY.IncidentUnlinked, incident),
  resolve: (incident) => rules.resolve({ ...STORY.IncidentResolved, restoredAt: EARLIER, now: NOW }, incident),
  confirmResolution: (incident) => rules.confirmResolution({ incidentId, by: REPORTER }, incident),
  rejectResolution: (incident) => rules.rejectResolution({ incidentId, by: REPORTER, reason: 'Two terminals decline again' }, incident),
  close: (incident) => rules.close({ incidentId, code: 'solved', how: 'agent' }, incident),
  reopen: (incident) =>
    rules.reopen({ incidentId, cause: 'recurred', reason: 'It declines again', reopenableUntil: null, now: NOW }, incident),
  cancel: (incident) => rules.cancel({ incidentId, cause: 'duplicate', reason: 'The same outage', duplicateOf: OTHER }, incident),
  reclassify: (incident) => rules.reclassify(STORY.IncidentReclassified, incident),
  correctFact: (incident) =>
    rules.correctFact(
      {
        incidentId,
        subject: { eventId: 'event-0', revision: 0, type: 'IncidentReported', data: STORY.IncidentReported, occurredAt: NOW },
        fact: 'title',
        is: 'Card terminals in Leuven decline every payment',
        reason: 'Only Leuven is affected',
        by: 'els.jacobs',
        approvedBy: 'an.claes',
        now: NOW,
      },
      incident,
    ),
} satisfies Record<string, Ask>;

export type Verb = keyof typeof COMMANDS;
