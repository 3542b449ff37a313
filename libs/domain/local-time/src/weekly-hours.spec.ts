import { describe, expect, it } from '@jest/globals';
import { HoursOfWeek, lengthOfHours, type WeeklyHours } from './weekly-hours.js';
import { knownZone } from './zone.js';

const NIGHTS: WeeklyHours = { weekdays: ['friday', 'sunday'], from: '22:00', to: '06:00' };
const at = (hours: readonly WeeklyHours[], instant: string) => {
  const { within, untilMs } = new HoursOfWeek(hours, knownZone('Europe/Berlin')).at(Date.parse(instant));
  return `${within ? 'within' : 'outside'} until ${new Date(untilMs).toISOString().slice(5, 16)}`;
};

describe('hours of the week', () => {
  it.each([
    ['2026-01-16T20:59Z', 'outside until 01-16T21:00'],
    ['2026-01-16T21:00Z', 'within until 01-17T05:00'],
    ['2026-01-17T04:59Z', 'within until 01-17T05:00'],
    ['2026-01-17T05:00Z', 'outside until 01-18T21:00'],
    // from Sunday into the next week
    ['2026-01-19T02:00Z', 'within until 01-19T05:00'],
    ['2026-01-19T05:00Z', 'outside until 01-23T21:00'],
    // the clocks are set forward on 29 March, and back on 25 October
    ['2026-03-28T22:00Z', 'outside until 03-29T20:00'],
    ['2026-10-25T04:00Z', 'outside until 10-25T21:00'],
  ])('at %s: %s', (instant, expected) => expect(at([NIGHTS], instant)).toBe(expected));

  it('that the clocks skip are not there', () =>
    expect(at([{ weekdays: ['sunday'], from: '02:00', to: '03:00' }], '2026-03-28T12:00Z')).toBe('outside until 04-05T00:00'));
  it('meet without being one', () => {
    const day: WeeklyHours = { weekdays: ['saturday'], from: '06:00', to: '24:00' };
    expect(at([day, NIGHTS], '2026-01-17T04:00Z')).toBe('within until 01-17T05:00');
    expect(at([day, NIGHTS], '2026-01-17T05:00Z')).toBe('within until 01-17T23:00');
  });
  it('are a whole day long where they end as they begin', () => {
    const lengths = [
      ['09:00', '17:30'],
      ['22:00', '06:00'],
      ['12:00', '12:00'],
      ['00:00', '24:00'],
    ] as const;
    expect(lengths.map(([from, to]) => lengthOfHours({ from, to }))).toEqual([510, 480, 1_440, 1_440]);
  });
});

it('a zone that there is not is known to nobody', () =>
  expect(() => knownZone('Mars/Olympus')).toThrow('There is no time zone Mars/Olympus'));
