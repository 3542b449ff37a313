import { describe, expect, it } from '@jest/globals';
import { faultyFields } from '#testing';
import { parseClosurePolicy } from './policy.js';

describe('a closure policy', () => {
  it('says little where little is promised', () =>
    expect(parseClosurePolicy({ name: 'Never', rank: 1, closeAfterBusinessDays: 0 })).toEqual({
      ...{ name: 'Never', rank: 1, when: {}, closeAfterBusinessDays: 0 },
      ...{ reopenWithin: null, calendar: null },
    }));

  it.each([
    [{}, []],
    [{ closeAfterBusinessDays: -1 }, ['closeAfterBusinessDays']],
    [{ closeAfterBusinessDays: 366 }, ['closeAfterBusinessDays']],
    [{ calendar: null }, ['calendar']],
    [{ calendar: '' }, ['calendar']],
    [{ closeAfterBusinessDays: 0, calendar: null }, []],
    [{ closeAfterBusinessDays: 0, calendar: null, reopenWithin: { amount: 3, unit: 'business-days' } }, ['calendar']],
    [{ closeAfterBusinessDays: 0, calendar: null, reopenWithin: { amount: 3, unit: 'elapsed-hours' } }, []],
    [{ reopenWithin: { amount: 0, unit: 'days' } }, ['reopenWithin.amount', 'reopenWithin.unit']],
    [{ when: 7 }, ['when']],
    [{ colour: 1 }, ['colour']],
  ])('%j is told what is wrong with it', (more, expected) => {
    const policy = { name: 'x', rank: 1, calendar: 'office', closeAfterBusinessDays: 3, ...more };
    expect(faultyFields('CLOSURE_POLICY_INVALID', () => parseClosurePolicy(policy))).toEqual(expected);
  });
});
