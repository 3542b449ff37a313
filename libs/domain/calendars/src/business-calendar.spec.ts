import { describe, expect, it } from '@jest/globals';
import { faultyFields } from '#testing';
import { CALENDAR_LIMITS, parseBusinessCalendar } from './business-calendar.js';

const NINE_TO_FIVE = [{ from: '09:00', to: '17:00' }];

it('a calendar has every weekday, and what is left out is none', () => {
  const week = { monday: NINE_TO_FIVE, tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [], sunday: [] };
  expect(parseBusinessCalendar({ name: 'Office', timeZone: 'Europe/Berlin', week: { monday: NINE_TO_FIVE } })).toEqual({
    ...{ name: 'Office', timeZone: 'Europe/Berlin', week },
    ...{ exceptions: [], holidays: [] },
  });
});

describe('a calendar that is none', () => {
  const faults = (input: object) =>
    faultyFields('CALENDAR_INVALID', () => parseBusinessCalendar({ name: 'x', timeZone: 'UTC', week: { monday: NINE_TO_FIVE }, ...input }));

  it.each([
    [{}, []],
    [{ name: '' }, ['name']],
    [{ timeZone: 'Berlin' }, ['timeZone']],
    [{ week: {} }, ['week']],
    [{ week: { moonday: [] } }, ['week.moonday']],
    [{ week: { monday: [{ from: '17:00', to: '09:00' }] } }, ['week.monday[0]']],
    [{ week: { monday: [...NINE_TO_FIVE, { from: '16:00', to: '18:00' }] } }, ['week.monday[1]']],
    [{ week: { monday: [{ from: '9', to: '17' }] } }, ['week.monday[0]']],
    [{ holidays: [{ date: '2026-02-30', name: 'x' }] }, ['holidays[0].date']],
    [
      {
        holidays: [
          { date: '2026-02-03', name: 'x' },
          { date: '2026-02-03', name: '' },
        ],
      },
      ['holidays[1].date', 'holidays[1].name'],
    ],
    [{ exceptions: [{ date: '2026-02-03', hours: 'none', reason: 'x' }] }, ['exceptions[0].hours']],
    [{ exceptions: [{ date: '2026-02-03', hours: [], reason: ' ', name: 'x' }] }, ['exceptions[0].name', 'exceptions[0].reason']],
    [{ holidays: [{ date: '2026-02-03', name: 'x', feed: 'y' }, '2026-02-04'] }, ['holidays[1]']],
    [{ holidays: Array(CALENDAR_LIMITS.holidays + 1).fill({ date: '2026-02-03', name: 'x' }) }, ['holidays']],
    [{ colour: 'red' }, ['colour']],
  ])('%j is told what is wrong with it', (input, expected) => expect(faults(input)).toEqual(expected));
});
