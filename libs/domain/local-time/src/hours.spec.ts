import { describe, expect, it } from '@jest/globals';
import { dayNumber, WEEKDAYS, type DayNumber } from './dates.js';
import { hoursOfDay, hoursOfWeek, hoursOn, wholeWeek, type Hours } from './hours.js';
import { zoneOf, type Zone } from './zone.js';

const NIGHT: Hours = { from: '01:00', to: '04:00' };

describe('hours of a day', () => {
  const lengths = (date: string, ...hours: Hours[]) =>
    hoursOn(zoneOf('Europe/Berlin') as Zone, dayNumber(date) as DayNumber, hours).map(({ fromMs, toMs }) => (toMs - fromMs) / 3_600_000);

  it('are instants, by the wall clock', () => {
    expect(lengths('2026-06-01', NIGHT, { from: '22:00', to: '24:00' })).toEqual([3, 2]);
    expect(lengths('2026-03-29', NIGHT)).toEqual([2]);
    expect(lengths('2026-10-25', NIGHT)).toEqual([4]);
  });
  it('that the clocks skip are not there', () => expect(lengths('2026-03-29', { from: '02:00', to: '02:45' })).toEqual([]));
});

describe('hours from outside', () => {
  const ofDay = (value: unknown) => hoursOfDay(value, 'day').map(({ field }) => field);
  const ofWeek = (value: unknown) => hoursOfWeek(value, 'week').map(({ field }) => field);

  it('are in order, apart, and of one day', () => {
    expect(ofDay([NIGHT, { from: '04:00', to: '24:00' }])).toEqual([]);
    expect(ofDay([NIGHT, { from: '03:59', to: '05:00' }])).toEqual(['day[1]']);
    expect(ofDay([{ from: '22:00', to: '06:00' }, { from: '7', to: '8' }, 'noon', { ...NIGHT, name: 'night' }])).toEqual([
      'day[0]',
      'day[1]',
      'day[2]',
      'day[3]',
    ]);
    expect(ofDay([{ from: '08:00', to: '08:00' }])).toEqual(['day[0]']);
    expect(
      ofDay([
        { from: '08:00', to: '9' },
        { from: '8', to: '09:00' },
      ]),
    ).toEqual(['day[0]', 'day[1]']);
    expect(ofDay(Array.from({ length: 12 }, (_, n) => ({ from: `${n + 10}:00`, to: `${n + 10}:30` })))).toEqual([]);
    expect(ofDay({})).toEqual(['day']);
    expect(ofDay(Array(13).fill(NIGHT))).toEqual(['day']);
  });
  it('of a week have at least one day, and no strange ones', () => {
    expect(ofWeek({ sunday: [NIGHT] })).toEqual([]);
    expect(ofWeek({ monday: null, sunday: [NIGHT] })).toEqual([]);
    expect(ofWeek({ sunday: [] })).toEqual(['week']);
    expect(ofWeek({ caturday: [NIGHT], monday: 'all day' })).toEqual(['week.caturday', 'week.monday']);
    expect(ofWeek(undefined)).toEqual(['week']);
  });
  it('of a week are those of all its days', () => {
    expect(Object.keys(wholeWeek({ friday: [NIGHT] }))).toEqual([...WEEKDAYS]);
  });
});
