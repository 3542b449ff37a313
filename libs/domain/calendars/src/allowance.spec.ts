import { describe, expect, it } from '@jest/globals';
import {
  allowanceFrom,
  allowanceText,
  calendarOrNone,
  faultsOfCalendar,
  measured,
  MOST_ALLOWED,
  takenFor,
  type Allowance,
} from './allowance.js';

describe('an allowance', () => {
  const faults = (value: unknown, least: 0 | 1 = 1) => allowanceFrom(least)(value, 'wait').map(({ field }) => field);

  it.each([
    [{ amount: 1, unit: 'business-days' }, []],
    [{ amount: MOST_ALLOWED, unit: 'elapsed-minutes' }, []],
    [{ amount: MOST_ALLOWED + 1, unit: 'elapsed-minutes' }, ['wait.amount']],
    [{ amount: 0, unit: 'elapsed-hours' }, ['wait.amount']],
    [{ amount: 1.5, unit: 'days' }, ['wait.amount', 'wait.unit']],
    [{ amount: 1, unit: 'business-hours', from: 'now' }, ['wait.from']],
    [undefined, ['wait.amount', 'wait.unit']],
    [
      [4, 'elapsed-hours'],
      ['wait.amount', 'wait.unit'],
    ],
  ])('%j', (value, expected) => expect(faults(value)).toEqual(expected));
  it('may be nothing where that makes sense', () => expect(faults({ amount: 0, unit: 'elapsed-hours' }, 0)).toEqual([]));

  it('is measured, and said in words', () => {
    expect(measured({ amount: 2, unit: 'business-hours' })).toEqual({ measure: 'business', quantity: 7_200_000 });
    expect(measured({ amount: 2, unit: 'business-days' })).toEqual({ measure: 'business-days', quantity: 2 });
    expect(([1, 4] as const).map((amount) => allowanceText({ amount, unit: 'business-hours' }))).toEqual([
      '1 business hour',
      '4 business hours',
    ]);
  });
});

it('business time needs a calendar, elapsed time none', () => {
  const [elapsed, business]: Allowance[] = [
    { amount: 1, unit: 'elapsed-hours' },
    { amount: 1, unit: 'business-minutes' },
  ];
  const fields = (calendar: string | null, ...allowances: Allowance[]) => faultsOfCalendar(calendar, allowances).map(({ field }) => field);
  expect(fields(null, elapsed as Allowance)).toEqual([]);
  expect(fields(null, elapsed as Allowance, business as Allowance)).toEqual(['calendar']);
  expect(fields('office', business as Allowance)).toEqual([]);
});

it('a calendar is named by its id', () => {
  expect([null, 'office', ' ', 7, undefined].map((value) => calendarOrNone(value, 'calendar').length)).toEqual([0, 0, 1, 1, 1]);
  expect(calendarOrNone('', 'calendar')).toEqual([{ field: 'calendar', message: 'is the id of a calendar, or null' }]);
});

describe('what an allowance is not', () => {
  it.each([
    [{ amount: 1, unit: 'business-days' }, ['24 business hours', '24 elapsed hours']],
    [{ amount: 48, unit: 'business-hours' }, ['2 business days', '48 elapsed hours']],
    [{ amount: 8, unit: 'business-hours' }, ['8 elapsed hours']],
    [{ amount: 24, unit: 'elapsed-hours' }, ['1 business day', '24 business hours']],
    [{ amount: 30, unit: 'business-minutes' }, ['30 elapsed minutes']],
    [{ amount: 30, unit: 'elapsed-minutes' }, ['30 business minutes']],
  ] as [Allowance, string[]][])('%j', (allowance, others) => expect(takenFor(allowance).map(allowanceText)).toEqual(others));
});
