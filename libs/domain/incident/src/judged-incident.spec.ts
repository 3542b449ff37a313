import { describe, expect, it } from '@jest/globals';
import { recorded } from '#testing';
import type { IncidentEvent } from './incident.js';
import { evolveJudged, judgedFrom, type JudgedIncident, type TraitEvent } from './judged-incident.js';

const incidentId = 'INC0000001';
const told = (type: string, data: object) => ({ type, data: { incidentId, ...data } }) as IncidentEvent;
const REPORTED = told('IncidentReported', { title: 'x', reporter: 'bob', channel: 'phone', service: 'mail' });
const categorized = (category: string) => told('IncidentCategorized', { category, subcategory: null, by: 'person' });
const assigned = (team: string | null, agent: string | null) => told('IncidentAssigned', { team, agent, why: 'person' });
const corrected = (eventType: string, eventRevision: number, fact: string, is: unknown) =>
  told('FactCorrected', { eventId: 'e', eventRevision, eventType, fact, was: null, is, reason: 'r', approvedBy: 'a' });

const after = (...events: IncidentEvent[]): JudgedIncident => {
  const [report, ...rest] = recorded<IncidentEvent>([REPORTED, ...events]);
  return rest.reduce<JudgedIncident>((state, event) => evolveJudged(state, event as TraitEvent), judgedFrom(report as never));
};

describe('what is known of an incident that is judged', () => {
  it('is what its latest events say', () => {
    const rated = told('IncidentPrioritized', { impact: 'high', urgency: 'high', risks: [], priority: 'P1', matrixVersion: '1' });
    const major = told('MajorIncidentDeclared', { incidentManager: 'im', reason: 'r' });
    expect(after(categorized('Mail'), rated, assigned('desk', 'ann'), major, categorized('Network'))).toMatchObject({
      reporter: 'bob',
      team: 'desk',
      agent: 'ann',
      isImported: false,
      traits: { service: 'mail', category: 'Network', subcategory: null, priority: 'P1', channel: 'phone', location: null, major: true },
    });
    expect(after(major, told('MajorIncidentStoodDown', { reason: 'r' })).traits.major).toBe(false);
  });

  it('is corrected with the event that it is from', () => {
    const all = after(
      categorized('Mail'),
      assigned('desk', 'ann'),
      corrected('IncidentReported', 0, 'reporter', 'eve'),
      corrected('IncidentReported', 0, 'service', null),
      corrected('IncidentCategorized', 1, 'subcategory', 'Outlook'),
      corrected('IncidentAssigned', 2, 'agent', 'cem'),
      corrected('IncidentReported', 0, 'title', 'y'),
    );
    expect(all).toMatchObject({
      reporter: 'eve',
      team: 'desk',
      agent: 'cem',
      traits: { service: null, category: 'Mail', subcategory: 'Outlook' },
    });
    expect(all.traits).not.toHaveProperty('title');
  });

  it('is not corrected by what is said of an event that others have overtaken', () => {
    expect(
      after(categorized('Mail'), categorized('Network'), corrected('IncidentCategorized', 1, 'category', 'Phone')).traits.category,
    ).toBe('Network');
  });
});
