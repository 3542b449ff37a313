import { describe, expect, it } from '@jest/globals';
import { WorkingTime } from '#domain/calendars';
import { explainClock, explainedText } from './explain.js';
import type { Clock, IncidentClocks } from './incident-clocks.js';
import {
  acknowledged,
  dated,
  Desk,
  ms,
  officeHours,
  onHold,
  policy,
  reopened,
  reported,
  resolved,
  resumed,
  updated,
} from './site.fixture.js';

const EVER = '2020-01-01T00:00:00Z';
const time = new WorkingTime(dated([EVER, officeHours]));

const explained = (unit: string, amount: number) => {
  const desk = new Desk({
    standard: dated([EVER, policy({ calendar: 'office', entries: [{ targets: { resolution: { amount, unit } } }] })]),
  });
  desk.tell('2026-01-16T15:00Z', reported).tell('2026-01-16T16:00Z', onHold('caller')).tell('2026-01-19T10:00Z', resumed);
  desk.tell('2026-01-19T11:00Z', resolved).tell('2026-01-20T09:30Z', reopened);
  const state = desk.state as IncidentClocks;
  return explainClock(state.clocks[0] as Clock, state, time, ms('2026-01-20T10:00Z'));
};

describe('the explanation of a clock', () => {
  it('names for every interval the event or the calendar entry that says why, and adds up', () => {
    const clock = explained('business-hours', 16);
    expect(clock.intervals.map(({ from, to, counted, used, why }) => [from.slice(5, 16), to?.slice(5, 16), counted, used, why])).toEqual([
      ['01-16T15:00', '01-16T16:00', true, 3_600, 'the incident is open; working hours (friday)'],
      ['01-16T16:00', '01-19T10:00', false, 0, 'on hold for caller'],
      ['01-19T10:00', '01-19T11:00', true, 3_600, 'the incident is open; working hours (monday)'],
      ['01-19T11:00', '01-20T09:30', false, 0, 'the incident is resolved'],
      ['01-20T09:30', undefined, true, 1_800, 'the incident is open; working hours (tuesday)'],
    ]);
    expect(clock).toMatchObject({ used: 9_000, allowed: 57_600, unit: 'seconds' });
    expect(clock.intervals.reduce((sum, { used }) => sum + used, 0)).toBe(clock.used);
  });

  it('is in the clock’s own measure', () => {
    expect(explained('business-days', 3)).toMatchObject({ used: 0.3125, allowed: 3, unit: 'working days' });
    expect(explained('elapsed-hours', 3).intervals.map(({ used }) => used)).toEqual([3_600, 0, 3_600, 0, 1_800]);
  });

  it('ends with what the clock waited for: the first response, the next update, other terms', () => {
    const targets = { response: { amount: 1, unit: 'elapsed-hours' }, update: { amount: 1, unit: 'elapsed-hours' } };
    const desk = new Desk({ standard: dated([EVER, policy({ entries: [{ targets }] })]) });
    desk.tell('2026-01-13T10:00Z', reported).tell('2026-01-13T10:20Z', acknowledged);
    desk.tell('2026-01-13T12:00Z', updated()).tell('2026-01-13T12:30Z', resolved).tell('2026-01-13T20:00Z', reopened);
    const state = desk.state as IncidentClocks;
    const spans = state.clocks.map((clock) => {
      const { clockId, used, intervals } = explainClock(clock, state, time, ms('2026-01-13T21:00Z'));
      return [clockId, used / 60, intervals.at(-1)?.to?.slice(11, 16)];
    });
    expect(spans).toEqual([
      ['sla-response-1', 20, '10:20'],
      ['sla-update-1', 120, '12:00'],
      ['sla-update-2', 30, '12:30'],
      ['sla-update-3', 60, undefined],
    ]);
  });

  it('ends where a correction leaves the end: not before what came before it', () => {
    const targets = { update: { amount: 9, unit: 'elapsed-hours' } };
    const desk = new Desk({ standard: dated([EVER, policy({ entries: [{ targets }] })]) });
    desk.tell('2026-01-13T10:00Z', reported).tell('2026-01-13T11:00Z', acknowledged).tell('2026-01-13T12:00Z', resolved);
    const [eventRevision, is] = [Number(desk.history.findLast(({ type }) => type === 'IncidentResolved')?.revision), '2026-01-13T10:30Z'];
    const wrong = { eventId: 'e', eventRevision, eventType: 'IncidentResolved', fact: 'occurredAt', was: null, is };
    desk.tell('2026-01-13T13:00Z', { type: 'FactCorrected', data: { ...wrong, reason: 'r', approvedBy: 'c' } });
    const state = desk.state as IncidentClocks;
    expect(explainClock(state.clocks[0] as Clock, state, time, ms('2026-01-13T21:00Z')).used).toBe(3_600);
  });

  it('is a table that a person reads', () => {
    expect(explainedText(explained('business-hours', 16)).split('\n').slice(0, 3)).toEqual([
      'sla-resolution-1: resolution (standard@1, calendar office), 2.50 h of 16.00 h used',
      '  2026-01-16T15:00:00.000Z  2026-01-16T16:00:00.000Z  1.00 h  the incident is open; working hours (friday) (event 0, IncidentReported)',
      '  2026-01-16T16:00:00.000Z  2026-01-19T10:00:00.000Z  –       on hold for caller (event 2, IncidentPutOnHold)',
    ]);
  });
});
