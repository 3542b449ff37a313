import { describe, expect, it } from '@jest/globals';
import { deciderSpec } from '#testing';
import { addOverride, type AddOverride } from './add-override.js';
import { removeOverride } from './remove-override.js';
import { berlin, layer, lines, nights, overridden, retired, timelineOf } from './schedules.fixture.js';
import { swapShifts } from './swap-shifts.js';
import { onCallDecider, type OnCallEvent, type PersonInterval } from './timeline.js';

const id = 'payments';
const NOW = '2026-01-07T12:00:00.000Z';
const inUse = berlin(layer());
const [THURSDAY, FRIDAY, SATURDAY] = ['2026-01-08T08:00:00.000Z', '2026-01-09T08:00:00.000Z', '2026-01-10T08:00:00.000Z'];

describe('add an override', () => {
  const given = deciderSpec({ decide: addOverride, ...onCallDecider });
  const command = (more: Partial<AddOverride> = {}): AddOverride => ({
    ...{ id, overrideId: 'o1', person: 'flo', from: THURSDAY, to: FRIDAY, reason: 'Dentist', now: NOW },
    ...more,
  });

  it('puts anybody on call, whoever’s turn it is', () =>
    given(inUse)
      .when(command())
      .then(overridden('o1', 'flo', THURSDAY, FRIDAY)));
  it('says who arranged it', () => {
    const event = { type: 'OverrideAdded', data: { ...overridden('o1', 'flo', THURSDAY, FRIDAY).data, addedBy: 'ada' } } as OnCallEvent;
    given(inUse)
      .when(command({ addedBy: 'ada' }))
      .then(event);
  });
  it('begins now where the clock of whoever asks is a little behind', () =>
    given(inUse)
      .when(command({ from: '2026-01-07T11:59:00.000Z' }))
      .then(overridden('o1', 'flo', '2026-01-07T11:59:00.000Z', FRIDAY)));

  it.each<[string, OnCallEvent[], Partial<AddOverride>, string]>([
    ['a schedule that is not there', [], {}, 'DEFINITION_NOT_FOUND'],
    ['what is over', [inUse], { from: '2026-01-07T11:58:59.999Z' }, 'INTERVAL_IN_PAST'],
    ['no time at all', [inUse], { to: THURSDAY }, 'INTERVAL_INVALID'],
    ['time that ends before it begins', [inUse], { from: FRIDAY, to: THURSDAY }, 'INTERVAL_INVALID'],
    ['more than a year', [inUse], { to: '2027-01-10T08:00:00.000Z' }, 'INTERVAL_INVALID'],
    ['what is no time', [inUse], { to: 'tomorrow' }, 'INTERVAL_INVALID'],
    ['nobody', [inUse], { person: ' ' }, 'OVERRIDE_INVALID'],
    ['no reason', [inUse], { reason: '' }, 'OVERRIDE_INVALID'],
    ['an arranger without a name', [inUse], { addedBy: '' }, 'OVERRIDE_INVALID'],
    ['an id that is taken', [inUse, overridden('o1', 'eve', FRIDAY, SATURDAY)], {}, 'OVERRIDE_EXISTS'],
    ['a schedule that is out of use then', [inUse, retired(THURSDAY)], {}, 'SCHEDULE_NOT_IN_USE'],
  ])('refuses %s', (_, history, more, code) =>
    given(...history)
      .when(command(more))
      .thenRefused(code),
  );
});

describe('remove an override', () => {
  const given = deciderSpec({ decide: removeOverride, ...onCallDecider });
  const command = { id, overrideId: 'o1', reason: 'The dentist is ill', now: NOW };
  const removed: OnCallEvent = {
    type: 'OverrideRemoved',
    data: { id, overrideId: 'o1', effectiveFrom: NOW, reason: 'The dentist is ill' },
  };
  const ahead = overridden('o1', 'flo', THURSDAY, FRIDAY);

  it('keeps it from beginning', () => given(inUse, ahead).when(command).then(removed));
  it('has nothing to do the second time', () => given(inUse, ahead, removed).when(command).thenNothing());
  it('refuses one that is not there', () => given(inUse).when(command).thenRefused('OVERRIDE_NOT_FOUND'));
  it('refuses one that is over', () =>
    given(inUse, ahead)
      .when({ ...command, now: FRIDAY })
      .thenRefused('OVERRIDE_OVER'));
  it('wants a reason', () =>
    given(inUse, ahead)
      .when({ ...command, reason: '' })
      .thenRefused('OVERRIDE_INVALID'));
});

describe('swap shifts', () => {
  const given = deciderSpec({ decide: swapShifts, ...onCallDecider });
  const ofAda: PersonInterval = { person: 'ada', from: '2026-01-08T08:00:00.000Z', to: '2026-01-12T08:00:00.000Z' };
  const ofBob: PersonInterval = { person: 'bob', from: '2026-01-12T08:00:00.000Z', to: '2026-01-14T08:00:00.000Z' };
  const command = { id, swapId: 's1', first: ofAda, second: ofBob, now: NOW };
  const swapped: OnCallEvent = { type: 'ShiftsSwapped', data: { id, swapId: 's1', first: ofAda, second: ofBob } };

  it('is one fact', () => given(inUse).when(command).then(swapped));
  it('is undone by another one', () => {
    const back = { ...command, swapId: 's2', first: { ...ofAda, person: 'bob' }, second: { ...ofBob, person: 'ada' } };
    given(inUse, swapped)
      .when({ ...back, reason: 'Back again' })
      .then({ type: 'ShiftsSwapped', data: { id, swapId: 's2', first: back.first, second: back.second, reason: 'Back again' } });
  });
  it('takes somebody’s nights for what they are', () => {
    const eve = { person: 'eve', from: '2026-01-08T16:00:00.000Z', to: '2026-01-13T08:00:00.000Z' };
    const dan = { person: 'dan', from: '2026-01-13T16:00:00.000Z', to: '2026-01-16T08:00:00.000Z' };
    given(berlin(layer(), nights))
      .when({ ...command, first: eve, second: dan })
      .then({ type: 'ShiftsSwapped', data: { id, swapId: 's1', first: eve, second: dan } });
  });

  it.each<[string, OnCallEvent[], object, string]>([
    ['a schedule that is not there', [], {}, 'DEFINITION_NOT_FOUND'],
    ['one person with themselves', [inUse], { second: { ...ofBob, person: 'ada' } }, 'SWAP_WITH_ONESELF'],
    ['nobody', [inUse], { second: { ...ofBob, person: '' } }, 'SWAP_INVALID'],
    ['a reason that says nothing', [inUse], { reason: ' ' }, 'SWAP_INVALID'],
    ['what is over', [inUse], { first: { ...ofAda, from: '2026-01-06T08:00:00.000Z' } }, 'INTERVAL_IN_PAST'],
    ['no time at all', [inUse], { second: { ...ofBob, to: ofBob.from } }, 'INTERVAL_INVALID'],
    ['an id that is taken', [inUse, swapped], {}, 'SWAP_EXISTS'],
    ['the first one’s time that is another’s', [inUse], { first: { ...ofAda, person: 'cem' } }, 'SWAP_NOT_ON_CALL'],
    ['the second one’s time that is another’s', [inUse], { second: { ...ofBob, person: 'cem' } }, 'SWAP_NOT_ON_CALL'],
    ['time that begins in another’s', [inUse], { second: { ...ofBob, from: '2026-01-12T07:59:59.999Z' } }, 'SWAP_NOT_ON_CALL'],
    ['time that ends in another’s', [inUse], { first: { ...ofAda, to: '2026-01-12T08:00:00.001Z' } }, 'SWAP_NOT_ON_CALL'],
    ['time that an override has taken', [inUse, overridden('o1', 'flo', THURSDAY, FRIDAY)], {}, 'SWAP_NOT_ON_CALL'],
    ['time that was swapped away', [inUse, swapped], { swapId: 's2' }, 'SWAP_NOT_ON_CALL'],
    ['a schedule that is out of use then', [inUse, retired(FRIDAY)], {}, 'SCHEDULE_NOT_IN_USE'],
  ])('refuses %s', (_, history, more, code) =>
    given(...history)
      .when({ ...command, ...more })
      .thenRefused(code),
  );

  it('tells who is on call instead', () => {
    const swap = () => swapShifts({ ...command, first: { ...ofAda, person: 'cem' } }, timelineOf(inUse));
    expect(swap).toThrow(`cem is not on call from ${ofAda.from} to ${ofAda.to}: when it begins, ada is`);
  });
});

describe('what was arranged', () => {
  const week = (...events: OnCallEvent[]) => lines(timelineOf(inUse, ...events), '2026-01-07T12:00Z', '2026-01-13T00:00Z');
  const swap = (first: PersonInterval, second: PersonInterval): OnCallEvent => ({
    type: 'ShiftsSwapped',
    data: { id, swapId: 's1', first, second },
  });

  it('holds for its time, and the turn goes on behind it', () =>
    expect(week(overridden('o1', 'flo', THURSDAY, FRIDAY))).toEqual([
      'ada 2026-01-05T08:00Z 2026-01-08T08:00Z Weeks',
      'flo 2026-01-08T08:00Z 2026-01-09T08:00Z o1',
      'ada 2026-01-09T08:00Z 2026-01-12T08:00Z Weeks',
      'bob 2026-01-12T08:00Z 2026-01-19T08:00Z Weeks',
    ]));

  it('ends where it is said to, however little is left of the hours it stands in', () => {
    const night = overridden('o1', 'flo', '2026-01-07T20:00:00.000Z', '2026-01-08T07:30:00.000Z');
    expect(lines(timelineOf(berlin(layer(), nights), night), '2026-01-08T00:00Z', '2026-01-08T09:00Z')).toEqual([
      'flo 2026-01-07T20:00Z 2026-01-08T07:30Z o1',
      'dan 2026-01-08T07:30Z 2026-01-08T08:00Z Nights',
      'ada 2026-01-08T08:00Z 2026-01-08T16:00Z Weeks',
    ]);
  });

  it('later goes before what was arranged earlier', () => {
    const [long, short] = [
      overridden('o1', 'flo', THURSDAY, SATURDAY),
      overridden('o2', 'gus', '2026-01-08T20:00:00.000Z', '2026-01-09T06:00:00.000Z'),
    ];
    expect(week(long, short).slice(1, 4)).toEqual([
      'flo 2026-01-08T08:00Z 2026-01-08T20:00Z o1',
      'gus 2026-01-08T20:00Z 2026-01-09T06:00Z o2',
      'flo 2026-01-09T06:00Z 2026-01-10T08:00Z o1',
    ]);
    expect(week(short, long).slice(1, 2)).toEqual(['flo 2026-01-08T08:00Z 2026-01-10T08:00Z o1']);
  });

  it('and removed while it held, held until then', () => {
    const removed: OnCallEvent = {
      type: 'OverrideRemoved',
      data: { id, overrideId: 'o1', effectiveFrom: '2026-01-08T10:00:00.000Z', reason: 'Back early' },
    };
    expect(week(overridden('o1', 'flo', THURSDAY, FRIDAY), removed).slice(1, 3)).toEqual([
      'flo 2026-01-08T08:00Z 2026-01-08T10:00Z o1',
      'ada 2026-01-08T10:00Z 2026-01-12T08:00Z Weeks',
    ]);
  });

  it('covers time in which nobody would be on call', () => {
    const weekends = berlin(layer({ onlyDuring: [{ weekdays: ['saturday'], from: '00:00', to: '24:00' }] }));
    const timeline = timelineOf(weekends, overridden('o1', 'flo', THURSDAY, FRIDAY));
    expect(lines(timeline, THURSDAY, FRIDAY)).toEqual(['flo 2026-01-08T08:00Z 2026-01-09T08:00Z o1']);
  });

  it('as a swap moves both, each way', () => {
    const [ada, bob] = [
      { person: 'ada', from: FRIDAY, to: '2026-01-12T08:00:00.000Z' },
      { person: 'bob', from: '2026-01-12T08:00:00.000Z', to: '2026-01-12T20:00:00.000Z' },
    ];
    expect(week(swap(ada, bob)).slice(1)).toEqual([
      'bob 2026-01-09T08:00Z 2026-01-12T08:00Z s1',
      'ada 2026-01-12T08:00Z 2026-01-12T20:00Z s1',
      'bob 2026-01-12T20:00Z 2026-01-19T08:00Z Weeks',
    ]);
  });

  it('as a swap leaves others where they are, and falls away where a new version leaves nothing to swap', () => {
    const nightsOfDan = { person: 'dan', from: '2026-01-07T16:00:00.000Z', to: '2026-01-10T00:00:00.000Z' };
    const daysOfAda = { person: 'ada', from: '2026-01-07T12:00:00.000Z', to: '2026-01-09T12:00:00.000Z' };
    const timeline = timelineOf(berlin(layer(), nights), swap(nightsOfDan, daysOfAda));
    expect(lines(timeline, '2026-01-07T12:00Z', '2026-01-09T10:00Z')).toEqual([
      'dan 2026-01-07T12:00Z 2026-01-07T16:00Z s1',
      'ada 2026-01-07T16:00Z 2026-01-08T08:00Z s1',
      'dan 2026-01-08T08:00Z 2026-01-08T16:00Z s1',
      'eve 2026-01-08T16:00Z 2026-01-09T08:00Z Nights',
      'dan 2026-01-09T08:00Z 2026-01-09T12:00Z s1',
    ]);
    const without = timelineOf(berlin(layer({ participants: ['cem'] })), swap(nightsOfDan, daysOfAda));
    expect(lines(without, '2026-01-07T12:00Z', '2026-01-09T10:00Z')).toEqual(['cem 2026-01-05T08:00Z 2026-01-12T08:00Z Weeks']);
  });
});
