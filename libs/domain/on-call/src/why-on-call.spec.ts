import { describe, expect, it } from '@jest/globals';
import { berlin, layer, ms, overridden, timelineOf } from './schedules.fixture.js';
import { onCallAt, type Shift } from './shifts.js';
import { changesOf, isNamedIn, type OnCallEvent } from './timeline.js';
import { whyOnCall } from './why-on-call.js';

const swapped: OnCallEvent = {
  type: 'ShiftsSwapped',
  data: {
    id: 'payments',
    swapId: 's-1',
    first: { person: 'ada', from: '2026-01-05T08:00:00.000Z', to: '2026-01-12T08:00:00.000Z' },
    second: { person: 'bob', from: '2026-01-12T08:00:00.000Z', to: '2026-01-19T08:00:00.000Z' },
    reason: 'A wedding',
  },
};
const events = [berlin(layer()), overridden('o-1', 'zoe', '2026-01-20T00:00:00.000Z', '2026-01-21T00:00:00.000Z'), swapped];
const timeline = timelineOf(...events);

describe('why somebody is on call', () => {
  it.each([
    ['2026-01-06T00:00:00Z', 'bob takes the time of ada by swap s-1: A wedding'],
    ['2026-01-13T00:00:00Z', 'ada takes the time of bob by swap s-1: A wedding'],
    ['2026-01-20T12:00:00Z', 'zoe was put on call by override o-1: Dentist'],
    ['2026-01-22T00:00:00Z', 'cem has the turn in layer Weeks'],
  ])('at %s: %s', (instant, why) => {
    expect(whyOnCall(timeline, onCallAt(timeline, ms(instant)) as Shift)).toBe(why);
  });
});

describe('who is named in a schedule', () => {
  it.each([
    ['ada', true],
    ['zoe', true],
    ['dan', false],
  ])('%s: %s', (person, isNamed) => expect(isNamedIn(timeline, person)).toBe(isNamed));
});

describe('how often a schedule was changed', () => {
  it('grows with each event', () => {
    const removed: OnCallEvent = {
      type: 'OverrideRemoved',
      data: { id: 'payments', overrideId: 'o-1', effectiveFrom: '2026-01-20T06:00:00.000Z', reason: 'Back' },
    };
    const all = [...events, removed];
    expect(all.map((_, n) => changesOf(timelineOf(...all.slice(0, n + 1))))).toEqual([1, 2, 3, 4]);
  });
});
