import { describe, expect, it } from '@jest/globals';
import { deciderSpec } from '#testing';
import { correctFact, type CorrectFact } from './correct-fact.js';
import { CORRECTABLE_FACTS, correctableFacts } from './correctable-facts.js';
import { STORY } from './golden.fixture.js';
import { incidentId, incidentThat, LATER, NOW, reported, resolved } from './histories.fixture.js';
import { incidentDecider, type DataOf, type IncidentEvent, type ReportedIncident } from './incident.js';

const given = deciderSpec({ decide: correctFact, ...incidentDecider });

const subject = { eventId: 'event-1', revision: 1, type: 'IncidentResolved', data: resolved.data as object, occurredAt: NOW } as const;
const command: CorrectFact = {
  incidentId,
  subject: { ...subject, data: { ...subject.data } },
  fact: 'code',
  is: 'replaced',
  reason: 'The cable was replaced',
  by: 'els.jacobs',
  approvedBy: 'an.claes',
  now: NOW,
};
const corrected = (more: Partial<DataOf<'FactCorrected'>> = {}): IncidentEvent => ({
  type: 'FactCorrected',
  data: {
    incidentId,
    eventId: 'event-1',
    eventRevision: 1,
    eventType: 'IncidentResolved',
    fact: 'code',
    was: 'restored',
    is: 'replaced',
    reason: 'The cable was replaced',
    approvedBy: 'an.claes',
    ...more,
  },
});

describe('correctFact', () => {
  it('says what it was and what it is', () => given(reported, resolved).when(command).then(corrected()));
  it('goes on from the correction before', () =>
    given(reported, resolved, corrected())
      .when({ ...command, is: 'patched' })
      .then(corrected({ was: 'replaced', is: 'patched' })));
  it('has nothing to correct where it is so', () => {
    given(reported, resolved)
      .when({ ...command, is: 'restored' })
      .thenNothing();
    given(reported, resolved, corrected()).when(command).thenNothing();
  });
  it('corrects a correction back', () =>
    given(reported, resolved, corrected())
      .when({ ...command, is: 'restored' })
      .then(corrected({ was: 'replaced', is: 'restored' })));
  it('says null of what nobody said', () =>
    given(reported, resolved)
      .when({ ...command, fact: 'restoredAt', is: '2026-01-05T08:00:00.000Z' })
      .then(corrected({ fact: 'restoredAt', was: null, is: '2026-01-05T08:00:00.000Z' })));
  it('corrects when it happened', () =>
    given(reported, resolved)
      .when({ ...command, fact: 'occurredAt', is: '2026-01-05T08:00:00.000Z' })
      .then(corrected({ fact: 'occurredAt', was: NOW, is: '2026-01-05T08:00:00.000Z' })));
  it('knows an instant however it is written', () =>
    given(reported, resolved)
      .when({ ...command, fact: 'occurredAt', is: '2026-01-05T09:00:00Z' })
      .thenNothing());
  it('takes four eyes', () =>
    given(reported, resolved)
      .when({ ...command, approvedBy: 'els.jacobs' })
      .thenRefused('CORRECTION_NOT_APPROVED'));

  it.each([
    ['IncidentResolved', 'incidentId'],
    ['IncidentResolved', 'toString'],
    ['FactCorrected', 'is'],
    ['SlaBreached', 'target'],
    ['StakeholderUpdatePosted', 'text'],
    ['NothingLikeIt', 'occurredAt'],
    ['constructor', 'name'],
  ])('does not correct %s %s', (type, fact) =>
    given(reported, resolved)
      .when({ ...command, subject: { ...command.subject, type }, fact })
      .thenRefused('FACT_NOT_CORRECTABLE'),
  );

  it.each([
    ['code', null],
    ['code', ' '],
    ['code', 7],
    ['code', undefined],
    ['fix', 'hammer'],
    ['restoredAt', 'yesterday'],
    ['restoredAt', '2026-02-30T00:00:00Z'],
    ['occurredAt', null],
    ['occurredAt', LATER],
    ['downtime', { minutes: 1.5, minuteRate: { amount: 1, currency: 'EUR' } }],
    ['downtime', { minutes: 1, minuteRate: { amount: 1, currency: 'euro' } }],
    ['downtime', { minutes: -1, minuteRate: { amount: 1, currency: 'EUR' } }],
  ])('does not take for %s: %j', (fact, is) =>
    given(reported, resolved)
      .when({ ...command, fact, is })
      .thenRefused('FACT_INVALID'),
  );

  it.each(Object.keys(CORRECTABLE_FACTS) as (keyof typeof CORRECTABLE_FACTS)[])('takes for %s what such events hold', (type) => {
    const data: Readonly<Record<string, unknown>> = { ...STORY[type], occurredAt: NOW };
    for (const [fact, kind] of correctableFacts(type)) expect([fact, kind.takes(data[fact])]).toEqual([fact, true]);
  });
});

describe('what the rules remember', () => {
  const categorized = (category: string): IncidentEvent => ({
    type: 'IncidentCategorized',
    data: { incidentId, category, subcategory: null, by: 'person' },
  });
  const correction = (eventRevision: number) =>
    corrected({ eventRevision, eventType: 'IncidentCategorized', fact: 'category', was: 'Network', is: 'Mail' });
  const categoryOf = (...events: IncidentEvent[]) => (incidentThat(...events) as ReportedIncident).categorization.category;

  it('is corrected with the event it comes from', () => expect(categoryOf(reported, categorized('Network'), correction(1))).toBe('Mail'));
  it('stays where that event was overtaken', () =>
    expect(categoryOf(reported, categorized('Network'), categorized('Printing'), correction(1))).toBe('Printing'));
});
