import { canonicalJson, wrongField } from '#kernel';
import { correctableFacts } from './correctable-facts.js';
import { factKey, type Incident, type IncidentEvent, type ReportedIncident } from './incident.js';
import { isInFuture, isSameInstant } from './instants.js';
import { reported } from './status-rules.js';

/** The event that holds the fact, as it was recorded. */
export type CorrectedEvent = Readonly<{
  eventId: string;
  /** Its place in the incident's stream, from 0. */
  revision: number;
  type: string;
  data: Readonly<Record<string, unknown>>;
  /** ISO 8601, UTC. */
  occurredAt: string;
}>;

export type CorrectFact = Readonly<{
  incidentId: string;
  subject: CorrectedEvent;
  /** The name of a field of the event's data, or `occurredAt`. */
  fact: string;
  is: unknown;
  reason: string;
  /** The ids of who corrects it, and of who approved that: two people. */
  by: string;
  approvedBy: string;
  /** The moment of the correction: ISO 8601, UTC. */
  now: string;
}>;

/** What it is held to be now: as corrected last, else as recorded; `null` where nothing was said. */
const heldToBe = ({ corrections }: ReportedIncident, { revision, data, occurredAt }: CorrectedEvent, fact: string): unknown => {
  const key = factKey(revision, fact);
  if (Object.hasOwn(corrections, key)) return corrections[key];
  return fact === 'occurredAt' ? occurredAt : (data[fact] ?? null);
};

/**
 * Says what a recorded fact should have been. The event stays as it is; the correction names it, what it was held to be, and who approved.
 * In every status: the truth does not end with the incident. A correction can itself be corrected, by correcting the same fact again.
 * @throws NotFound INCIDENT_NOT_FOUND
 * @throws InvalidInput FACT_NOT_CORRECTABLE (naming those that are), FACT_INVALID (saying what it may be), CORRECTION_NOT_APPROVED (four eyes)
 */
export const correctFact = (command: CorrectFact, incident: Incident): IncidentEvent[] => {
  const { incidentId, subject, fact, is, reason, by, approvedBy, now } = command;
  const known = reported(incident);

  const facts = correctableFacts(subject.type);
  const kind = facts.get(fact);
  if (!kind) {
    const names = [...facts.keys()].join(', ');
    throw wrongField(
      'FACT_NOT_CORRECTABLE',
      'fact',
      names ? `of ${subject.type} is one of ${names}` : `of ${subject.type} is never corrected`,
    );
  }
  if (!kind.takes(is) || (kind.isInstant && is !== null && isInFuture(is as string, now))) {
    throw wrongField('FACT_INVALID', 'is', `as ${fact} is ${kind.expected}`);
  }
  if (approvedBy === by) throw wrongField('CORRECTION_NOT_APPROVED', 'approvedBy', 'is someone else than who corrects it');

  const was = heldToBe(known, subject, fact);
  const isSame = kind.isInstant ? isSameInstant(was as string | null, is as string | null) : canonicalJson(was) === canonicalJson(is);
  if (isSame) return [];
  const { eventId, revision, type } = subject;
  return [
    { type: 'FactCorrected', data: { incidentId, eventId, eventRevision: revision, eventType: type, fact, was, is, reason, approvedBy } },
  ];
};
