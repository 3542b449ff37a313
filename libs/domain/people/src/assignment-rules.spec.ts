import { describe, expect, it } from '@jest/globals';
import type { Facts } from '#kernel';
import { faultyFields } from '#testing';
import { chooseTeam, parseAssignmentRules, type AssignmentFact } from './assignment-rules.js';

const RULES = [
  { when: { categories: ['Network'], priorities: ['P1', 'P2'] }, team: 'network', skill: 'routing' },
  { when: { categories: ['Network'] }, team: 'network' },
  { when: { locations: ['Leuven'], channels: ['walk-in'] }, team: 'store-support' },
];
const REST = { when: {}, team: 'service-desk' };
const version = (...rules: unknown[]) => ({
  version: 5,
  effectiveFrom: '2026-01-01T00:00:00Z',
  definition: parseAssignmentRules({ rules }),
});
const NOTHING: Facts<AssignmentFact> = { category: null, subcategory: null, service: null, priority: null, location: null, channel: null };

describe('the team that gets an incident', () => {
  it.each([
    [
      { category: 'Network', priority: 'P1' },
      'network',
      'routing',
      1,
      'rule 1 of assignment-rules@5: category Network, priority P1 → team network',
    ],
    [{ category: 'Network', priority: 'P3' }, 'network', null, 2, 'rule 2 of assignment-rules@5: category Network → team network'],
    [
      { location: 'Leuven', channel: 'walk-in' },
      'store-support',
      null,
      3,
      'rule 3 of assignment-rules@5: location Leuven, channel walk-in → team store-support',
    ],
    [{ location: 'Leuven' }, 'service-desk', null, 4, 'rule 4 of assignment-rules@5: whatever is left → team service-desk'],
  ])('of %j is %s', (facts, team, skill, rule, reason) =>
    expect(chooseTeam(version(...RULES, REST), { ...NOTHING, ...facts })).toEqual({ team, skill, rule, version: 5, reason }),
  );
  it('is none where no rule holds', () => {
    const none = { team: null, skill: null, rule: null, version: 5 };
    expect(chooseTeam(version(...RULES), { ...NOTHING, service: 'mail', priority: 'P1' })).toEqual({
      ...none,
      reason: 'no rule of assignment-rules@5 holds for service mail, priority P1',
    });
    expect(chooseTeam(version(), NOTHING).reason).toBe('no rule of assignment-rules@5 holds for an incident of which nothing is known');
  });
});

it.each([
  [[{ team: 'network' }], ['rules[0].when']],
  [[{ when: { colours: ['red'] }, team: 'Network' }], ['rules[0].when.colours', 'rules[0].team']],
  [[{ when: { categories: [] }, team: 'network', skill: '' }], ['rules[0].when.categories', 'rules[0].skill']],
  [[REST, RULES[0]], ['rules[1]']],
  ['all to the desk', ['rules']],
  [Array(201).fill(REST), ['rules']],
])('rules %j are none', (rules, expected) =>
  expect(faultyFields('ASSIGNMENT_RULES_INVALID', () => parseAssignmentRules({ rules }))).toEqual(expected),
);
