import { describe, expect, it } from '@jest/globals';
import { faultyFields } from '#testing';
import { PEOPLE_LIMITS } from './limits.js';
import { parseTeam } from './team.js';

const DESK = { name: 'Service desk', tier: 1, members: ['ada', 'bob'], assignment: 'least-loaded' };
const faultsOf = (more: object): string[] => faultyFields('TEAM_INVALID', () => parseTeam({ ...DESK, ...more }));

describe('a team', () => {
  it('may be without members', () =>
    expect(parseTeam({ name: 'Vendor', tier: 3, assignment: 'pull' })).toEqual({
      name: 'Vendor',
      tier: 3,
      members: [],
      assignment: 'pull',
    }));
  it('may say everything', () => {
    const whole = { ...DESK, lead: 'ada', nextTier: 'network', onCallSchedule: 'nights', calendar: 'office', reporterGroups: ['stores'] };
    expect(parseTeam(whole)).toEqual(whole);
  });
  it.each([
    [{ name: ' ' }, ['name']],
    [{ tier: 0 }, ['tier']],
    [{ tier: 10 }, ['tier']],
    [{ members: ['ada', 'ada'] }, ['members[1]']],
    [{ members: ['Ada Lovelace'] }, ['members[0]']],
    [{ members: Array.from({ length: PEOPLE_LIMITS.members + 1 }, (_, n) => `p${n}`) }, ['members']],
    [{ lead: 7, nextTier: '', onCallSchedule: null, calendar: 'Office' }, ['lead', 'nextTier', 'onCallSchedule', 'calendar']],
    [{ reporterGroups: [] }, ['reporterGroups']],
    [{ assignment: 'random' }, ['assignment']],
    [{ colour: 'red' }, ['colour']],
  ])('%j is told what is wrong with it', (more, expected) => expect(faultsOf(more)).toEqual(expected));
});
