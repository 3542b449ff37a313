import { describe, expect, it } from '@jest/globals';
import type { AssignmentMethod } from './team.js';
import { chooseAgent, type AgentSearch } from './choose-agent.js';
import { absent, defined, OFFICE_HOURS, person, timeline } from './people.fixture.js';

const TUESDAY_NOON = '2026-01-13T12:00:00Z';
const TUESDAY_NIGHT = '2026-01-13T23:00:00Z';

const PEOPLE = new Map([
  ['ada', timeline(defined('ada', person({ skills: ['routing'] })))],
  [
    'bob',
    timeline(
      defined('bob', person({ skills: ['routing'] })),
      absent('bob', 'a1', '2026-01-10T00:00:00Z', '2026-01-20T00:00:00Z', 'illness'),
    ),
  ],
  ['cy', timeline(defined('cy', person({ skills: ['routing'], capacity: 3 })))],
  ['dee', timeline(defined('dee', person({ workingHours: OFFICE_HOURS })))],
]);

type Known = Partial<Omit<AgentSearch, 'team' | 'loads' | 'lastAssigned'>> & {
  members?: string[];
  loads?: Record<string, number>;
  last?: Record<string, string>;
};
const choose = (assignment: AssignmentMethod, { members = [...PEOPLE.keys()], loads = {}, last = {}, ...known }: Known = {}) =>
  chooseAgent({
    team: {
      id: 'network',
      version: 3,
      effectiveFrom: '2026-01-01T00:00:00Z',
      definition: { name: 'Network', tier: 2, members, assignment },
    },
    people: PEOPLE,
    loads: new Map(Object.entries(loads)),
    lastAssigned: new Map(Object.entries(last)),
    skill: null,
    instant: TUESDAY_NOON,
    ...known,
  });

const BOB = 'bob is absent until 2026-01-20T00:00Z';

describe('the least loaded', () => {
  it('gets it', () =>
    expect(choose('least-loaded', { loads: { ada: 2, cy: 1, dee: 4 } })).toEqual({
      agent: 'cy',
      reason: `network@3 (least-loaded): cy: 1 open, fewest of 3 available; ${BOB}`,
    }));
  it('has the skill, is present, and has room for it', () =>
    expect(choose('least-loaded', { loads: { ada: 7, cy: 3 }, skill: 'routing', instant: TUESDAY_NIGHT })).toEqual({
      agent: 'ada',
      reason:
        `network@3 (least-loaded): ada: 7 open, fewest of 1 available with skill routing; ${BOB}; cy holds 3 of 3; ` +
        'dee is outside working hours until 2026-01-14T08:00Z',
    }));
  it('that lacks the skill is passed over', () =>
    expect(choose('least-loaded', { members: ['ada', 'dee'], loads: { ada: 7 }, skill: 'routing' }).reason).toContain(
      'dee does not have skill routing',
    ));
  it('of several is the one whose turn it is', () => {
    const last = { ada: '2026-01-13T10:00:00Z', cy: '2026-01-13T09:00:00Z', dee: '2026-01-01T00:00:00Z' };
    expect(choose('least-loaded', { loads: { ada: 1, cy: 1, dee: 2 }, last })).toEqual({
      agent: 'cy',
      reason: `network@3 (least-loaded): cy: 1 open, fewest of 3 available; next in turn of the 2 with as few, last given one 2026-01-13T09:00Z; ${BOB}`,
    });
    expect(choose('least-loaded', { last: { ada: '2026-01-13T10:00:00Z' } }).agent).toBe('cy');
    expect(choose('least-loaded', { members: ['dee', 'cy', 'ada'] }).agent).toBe('ada');
  });
});

describe('round robin', () => {
  it('gives it to who has been longest without one, whatever they hold', () => {
    const last = { ada: '2026-01-13T10:00:00Z', cy: '2026-01-13T09:00:00Z', dee: '2026-01-13T11:00:00Z' };
    expect(choose('round-robin', { loads: { cy: 2 }, last })).toEqual({
      agent: 'cy',
      reason: `network@3 (round-robin): cy: next in turn of 3 available, last given one 2026-01-13T09:00Z; ${BOB}`,
    });
    expect(choose('round-robin', { last: { ada: '2026-01-13T10:00:00Z', cy: '2026-01-13T09:00:00Z' } }).reason).toContain(
      'dee: next in turn of 3 available, never given one',
    );
    expect(choose('round-robin', { loads: { cy: 3 }, last }).agent).toBe('ada');
  });
  it('comes to everybody in turn', () => {
    const last: Record<string, string> = {};
    const turns = Array.from({ length: 7 }, (_, n) => {
      const agent = choose('round-robin', { last }).agent as string;
      last[agent] = new Date(Date.parse(TUESDAY_NOON) + n * 60_000).toISOString();
      return agent;
    });
    expect(turns).toEqual(['ada', 'cy', 'dee', 'ada', 'cy', 'dee', 'ada']);
  });
});

describe('nobody', () => {
  it('gets it where members take what they want', () =>
    expect(choose('pull')).toEqual({ agent: null, reason: 'network@3 (pull): its members take what they want' }));
  it('gets it where nobody can', () =>
    expect(choose('least-loaded', { members: ['bob', 'eve'] })).toEqual({
      agent: null,
      reason: `network@3 (least-loaded): none of 2 members can take it; ${BOB}; eve is not in use`,
    }));
  it('is told why somebody is absent', () => expect(choose('least-loaded').reason).not.toContain('illness'));
});

it('a reason names everybody who was passed over, where they are few', () => {
  const members = ['s1', 's2', 's3', 's4', 's5', 'ada'];
  expect(choose('least-loaded', { members }).reason).toMatch(/; s4 is not in use; s5 is not in use$/);
});

it('a reason stays readable, however large the team', () => {
  const members = Array.from({ length: 200 }, (_, n) => `stranger-${n}`);
  expect(choose('least-loaded', { members: [...members, 'ada'] }).reason).toMatch(
    /^network@3 \(least-loaded\): ada: 0 open, fewest of 1 available; (stranger-\d is not in use; ){5}195 more cannot take it$/,
  );
});

/** Whoever comes out when everybody is compared with everybody, in whatever order they stand. */
it('whoever is chosen, nobody who can take it had less to do, or as little and waited longer', () => {
  const ids = ['ada', 'cy', 'dee'];
  for (let n = 0; n < 3 ** 6; n++) {
    const digit = (place: number) => Math.floor(n / 3 ** place) % 3;
    const loads = Object.fromEntries(ids.map((id, place) => [id, digit(place)]));
    const last = Object.fromEntries(ids.map((id, place) => [id, `2026-01-0${digit(place + 3) + 1}T00:00:00Z`]));
    const better = (a: string, b: string) =>
      (loads[a] as number) !== (loads[b] as number)
        ? (loads[a] as number) < (loads[b] as number)
        : last[a] !== last[b]
          ? (last[a] as string) < (last[b] as string)
          : a < b;
    const expected = ids.find((id) => ids.every((other) => other === id || better(id, other)));
    expect(choose('least-loaded', { members: ['dee', 'ada', 'cy'], loads, last }).agent).toBe(expected);
  }
});
