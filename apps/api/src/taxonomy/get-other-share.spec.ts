import { describe, expect, it } from '@jest/globals';
import type { KpiReport } from '#projections';
import { otherShareIn } from './get-other-share.js';

const taxonomy = { categories: [{ name: 'Network' }, { name: 'Other' }], other: 'Other' };
const count = (counts: Record<string, number>) => Object.fromEntries(Object.entries(counts).map(([key, n]) => [key, { count: n }]));
const report = (all: Record<string, number>, months: Record<string, Record<string, number>>): KpiReport => ({
  'volume@1': {
    value: { count: 0 },
    by: {
      category: count(all),
      'month+category': Object.fromEntries(Object.entries(months).map(([month, counts]) => [month, count(counts)])),
    },
  },
});

describe('the share of “Other”', () => {
  it('is of what has a category, over all and by month; categories of older taxonomies count, too', () => {
    const months = { '2026-01': { Fax: 1, Other: 2, uncategorized: 4 }, '2026-02': { Network: 3 } };
    expect(otherShareIn(report({ Fax: 1, Network: 3, Other: 2, uncategorized: 4 }, months), taxonomy)).toEqual({
      ...{ numerator: 2, denominator: 6, rate: 0.333333, uncategorized: 4 },
      byMonth: [
        { month: '2026-01', numerator: 2, denominator: 3, rate: 0.666667 },
        { month: '2026-02', numerator: 0, denominator: 3, rate: 0 },
      ],
    });
  });

  it('is none of nothing', () => {
    expect(otherShareIn(report({}, {}), taxonomy)).toEqual({ numerator: 0, denominator: 0, rate: null, uncategorized: 0, byMonth: [] });
  });
});
