import { expect, it } from '@jest/globals';
import type { EffectiveDated } from '#kernel';
import type { IncidentTraits } from './conditions.js';
import { applyingPolicies, MOST_RANK, policyIdOf, rankedFields, type Ranked } from './policies.js';

const MAIL: IncidentTraits = { service: 'mail', category: null, priority: null, channel: 'phone', major: false, reporterGroups: [] };

const dated = (...versions: (readonly [effectiveFrom: string, rank: number, when?: Ranked['when']])[]): EffectiveDated<Ranked> => ({
  versions: versions.map(([effectiveFrom, rank, when = {}], n) => ({
    version: n + 1,
    effectiveFrom,
    definition: { name: 'Policy', rank, when },
  })),
  retirements: [],
});

it('policies apply by rank, then by id, in the version that holds', () => {
  const policies = new Map([
    ['b', dated(['2026-01-01T00:00:00Z', 1])],
    ['a', dated(['2026-01-01T00:00:00Z', 1], ['2026-02-01T00:00:00Z', 9])],
    ['c', dated(['2026-01-01T00:00:00Z', 0, { services: ['web'] }])],
    ['d', dated(['2026-03-01T00:00:00Z', 0])],
  ]);
  const names = (instant: string) => applyingPolicies(policies, MAIL, instant).map(({ name }) => name);
  expect(names('2025-12-31T00:00:00Z')).toEqual([]);
  expect(names('2026-01-15T00:00:00Z')).toEqual(['a@1', 'b@1']);
  expect(names('2026-02-15T00:00:00Z')).toEqual(['b@1', 'a@2']);
  expect(names('2026-03-15T00:00:00Z')).toEqual(['d@1', 'b@1', 'a@2']);
  expect(names('2026-03-15T00:00:00Z').map(policyIdOf)).toEqual(['d', 'b', 'a']);
});

it.each([
  ['name', ['Gold'], ['', ' ', 'x'.repeat(201), 7]],
  ['rank', [0, MOST_RANK], [-1, MOST_RANK + 1, 0.5, '1']],
  ['when', [{}], [7, null]],
] as const)('of a policy, the %s is right', (field, right, wrong) => {
  const isRight = (value: unknown) => rankedFields[field](value, field).length === 0;
  expect(right.map(isRight)).toEqual(right.map(() => true));
  expect(wrong.map(isRight)).toEqual(wrong.map(() => false));
});
