import { describe, expect, it } from '@jest/globals';
import { periodOf } from './period.js';

const bounds = { now: '2026-01-05T08:00:00.000Z', days: 14, mostDays: 31 };

describe('the period that is asked for', () => {
  it.each([
    [{}, '2026-01-05T08:00:00.000Z', '2026-01-19T08:00:00.000Z'],
    [{ from: '2026-02-01T00:00:00.000Z' }, '2026-02-01T00:00:00.000Z', '2026-02-15T00:00:00.000Z'],
    [{ to: '2026-01-06T00:00:00.000Z' }, '2026-01-05T08:00:00.000Z', '2026-01-06T00:00:00.000Z'],
    [{ from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' }, '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
  ])('%j is from %s to %s', (asked, from, to) => expect(periodOf(asked, bounds)).toEqual({ from, to }));

  it.each([
    ['ends as it begins', { to: bounds.now }],
    ['ends before it begins', { to: '2026-01-05T07:59:59.999Z' }],
    ['is a millisecond too long', { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.001Z' }],
  ])('is refused where it %s', (_, asked) => {
    expect(() => periodOf(asked, bounds)).toThrow(
      expect.objectContaining({
        code: 'PERIOD_INVALID',
        faults: [{ field: 'to', message: expect.stringContaining('by 31 days or less') }],
      }),
    );
  });
});
