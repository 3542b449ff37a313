import { describe, expect, it } from '@jest/globals';
import { fold, type EffectiveDated } from '#kernel';
import type { IncidentEvent } from '#domain/incident';
import { parseAssignmentRules, parsePerson, parseTeam, people, type AssignmentRules, type PersonTimeline, type Team } from '#domain/people';
import { JudgeDesk } from '#testing';
import { evolveAssignment, nextAssignmentInstant, type IncidentAssignment } from './incident-assignment.js';
import { judgeAssignment, teamConcerned, type AssignmentCircumstances, type Workload } from './judge.js';

const incidentId = 'INC0000001';
const EVER = '2020-01-01T00:00:00.000Z';
const MONDAY = '2026-01-12T10:00Z';

const dated = <Definition>(definition: Definition): EffectiveDated<Definition> => ({
  versions: [{ version: 1, effectiveFrom: EVER, definition }],
  retirements: [],
});
const person = (id: string, more: object = {}): [string, PersonTimeline] => {
  const definition = parsePerson({ name: id, email: `${id}@example.org`, language: 'en', timeZone: 'UTC', ...more });
  return [id, fold(people.decider, [{ type: 'PersonDefined', data: { id, version: 1, effectiveFrom: EVER, definition } }])];
};
const team = (id: string, members: string[], assignment = 'least-loaded'): [string, EffectiveDated<Team>] => [
  id,
  dated(parseTeam({ name: id, tier: 1, members, assignment })),
];
const hours = (from: string, to: string) => ({ workingHours: { monday: [{ from, to }], tuesday: [{ from, to }] } });

const RULES = dated(
  parseAssignmentRules({
    rules: [
      { when: { categories: ['Network'] }, team: 'network', skill: 'bgp' },
      { when: { locations: ['Leuven'] }, team: 'leuven' },
      { when: { services: ['wiki'] }, team: 'wiki' },
      { when: { services: ['gone'] }, team: 'gone' },
      { when: { channels: ['phone', 'email'] }, team: 'desk' },
    ],
  }),
);

/** One incident, on a site of which the tests change what they need. */
class Desk extends JudgeDesk<IncidentAssignment, IncidentEvent> {
  loads: Readonly<Record<string, number>> = {};
  rules: EffectiveDated<AssignmentRules> | undefined = RULES;
  wordsAre: 'outcomes' | 'reasons' = 'outcomes';
  workloadOf: 'concerned' | 'nobody' = 'concerned';
  readonly teams = new Map([
    team('desk', ['ann', 'bob']),
    team('network', ['cem', 'dot']),
    team('leuven', ['eve'], 'round-robin'),
    team('wiki', ['ann'], 'pull'),
  ]);
  people = new Map([
    person('ann'),
    person('bob', { capacity: 2 }),
    person('cem'),
    person('dot', { skills: ['bgp'] }),
    person('eve', hours('12:00', '16:00')),
  ]);

  constructor() {
    super({
      evolve: evolveAssignment,
      judge: (state, nowMs) => {
        const site: Omit<AssignmentCircumstances, 'workload'> = { rules: this.rules, teams: this.teams, people: this.people };
        const concerned = teamConcerned(state, site, nowMs);
        const workload: Workload | undefined =
          concerned === null || this.workloadOf === 'nobody'
            ? undefined
            : { team: concerned, loads: new Map(Object.entries(this.loads)), lastAssigned: new Map() };
        return judgeAssignment(state, { ...site, workload }, nowMs);
      },
      next: nextAssignmentInstant,
      words: (event, at) => {
        if (this.wordsAre === 'reasons') return (event.data as { reason: string }).reason;
        if (event.type === 'AssignmentDeferred') return `nobody of ${event.data.team} until ${event.data.retryAt?.slice(11, 16) ?? 'then'}`;
        const { team: to, agent, why } = event.data as { team: string; agent: string | null; why: string };
        return `${at.slice(11, 16)} ${to} ${agent ?? '-'} (${why})`;
      },
    });
  }

  happens(instant: string, type: string, data: object = {}): this {
    return this.tell(instant, { type, data: { incidentId, ...data } } as IncidentEvent);
  }

  reported(more: object = {}): this {
    return this.happens(MONDAY, 'IncidentReported', { title: 'x', reporter: 'zoe', channel: 'phone', ...more });
  }
}

const reported = (more: object = {}) => new Desk().reported(more);
const byPerson = (to: string | null, agent: string | null) => ({ team: to, agent, why: 'person' });

describe('an incident that nobody has', () => {
  it('gets a team by the rules, and the member who has least to do', () => {
    const desk = new Desk();
    desk.loads = { ann: 3, bob: 1 };
    expect(desk.reported().says()).toEqual(['10:00 desk bob (rule)']);
  });

  it('is told in words why it is with them', () => {
    const desk = new Desk();
    desk.wordsAre = 'reasons';
    expect(desk.reported().says()).toEqual([
      'rule 5 of assignment-rules@1: channel phone → team desk; desk@1 (least-loaded): ann: 0 open, fewest of 2 available; next in turn of the 2 with as few, never given one',
    ]);
  });

  it('waits for a category where only that has a rule, and then for the skill the rule asks for', () => {
    const desk = reported({ channel: 'portal' });
    expect(desk.says()).toEqual([]);
    expect(
      desk.happens('2026-01-12T10:05Z', 'IncidentCategorized', { category: 'Network', subcategory: null, by: 'person' }).says(),
    ).toEqual(['10:05 network dot (rule)']);
  });

  it('goes to a team whose members take what they want, and no further', () => {
    expect(reported({ service: 'wiki', channel: 'portal' }).says()).toEqual(['10:00 wiki - (rule)']);
  });

  it('goes to a team that is not defined, as the rule says, and no further', () => {
    expect(reported({ service: 'gone', channel: 'portal' }).says()).toEqual(['10:00 gone - (rule)']);
  });

  it('has no team where no rule holds, or there are none', () => {
    expect(reported({ channel: 'api' }).says()).toEqual([]);
    const desk = new Desk();
    desk.rules = undefined;
    expect(desk.reported().says()).toEqual([]);
  });

  it('gets its team at once where the work of its members is not known yet, and its agent when it is', () => {
    const desk = new Desk();
    desk.workloadOf = 'nobody';
    expect(desk.reported().says()).toEqual(['10:00 desk - (rule)']);
    desk.workloadOf = 'concerned';
    expect(desk.judge('2026-01-12T10:01Z').says()).toEqual(['10:01 desk ann (capacity)']);
  });
});

describe('a team of which nobody can take it', () => {
  it('is told once, and asked again when the first of it is back', () => {
    const desk = reported({ channel: 'portal', location: 'Leuven' });
    expect(desk.says()).toEqual(['10:00 leuven - (rule)', 'nobody of leuven until 12:00']);
    expect(desk.judge('2026-01-12T11:00Z').says()).toEqual([]);
    expect(desk.until('2026-01-12T12:00Z').says()).toEqual(['12:00 leuven eve (capacity)']);
  });

  it('is asked again by whoever sees that somebody has room', () => {
    const desk = new Desk();
    desk.people = new Map([person('ann', { capacity: 0 }), person('bob', { capacity: 2 })]);
    desk.loads = { bob: 2 };
    expect(desk.reported().says()).toEqual(['10:00 desk - (rule)', 'nobody of desk until then']);
    desk.loads = { bob: 1 };
    expect(desk.judge('2026-01-12T10:30Z').says()).toEqual(['10:30 desk bob (capacity)']);
  });

  it('no longer matters once the incident has ended, or a person has taken it', () => {
    const deferred = () => reported({ channel: 'portal', location: 'Leuven' });
    const resolved = deferred().happens('2026-01-12T11:00Z', 'IncidentResolved', { code: 'x', fix: null, notes: null });
    expect(resolved.until('2026-02-01T00:00Z').says()).toHaveLength(2);
    const taken = deferred().happens('2026-01-12T11:00Z', 'IncidentAssigned', byPerson('desk', 'ann'));
    expect(taken.until('2026-02-01T00:00Z').says()).toHaveLength(2);
  });
});

describe('what a person decided', () => {
  it('stays: the agent they chose, the team they chose', () => {
    const desk = new Desk();
    desk.rules = undefined;
    expect(desk.reported().happens('2026-01-12T10:05Z', 'IncidentAssigned', byPerson('network', 'cem')).says()).toEqual([]);
  });

  it('for a team alone is completed: one of its members gets it', () => {
    const desk = new Desk();
    desk.rules = undefined;
    expect(desk.reported().happens('2026-01-12T10:05Z', 'IncidentAssigned', byPerson('network', null)).says()).toEqual([
      '10:05 network cem (capacity)',
    ]);
  });

  it('is not undone: what was taken from an agent or a team is not given back by itself', () => {
    const back = reported().happens('2026-01-12T10:05Z', 'IncidentAssigned', byPerson('desk', null));
    expect(back.judge('2026-01-13T10:00Z').says()).toEqual(['10:00 desk ann (rule)']);
    const away = reported().happens('2026-01-12T10:05Z', 'IncidentAssigned', byPerson(null, null));
    expect(away.judge('2026-01-13T10:00Z').says()).toEqual(['10:00 desk ann (rule)']);
  });

  it('and escalation gives it to another team, where somebody gets it', () => {
    const desk = reported().happens('2026-01-12T10:05Z', 'IncidentAssigned', byPerson('desk', null));
    desk.says();
    desk.happens('2026-01-12T11:00Z', 'IncidentAssigned', { team: 'network', agent: null, why: 'escalation' });
    expect(desk.says()).toEqual(['11:00 network cem (capacity)']);
  });
});

it('history from elsewhere is left as it was, and a reopened incident is looked at again', () => {
  expect(reported({ serviceLevelImported: true }).says()).toEqual([]);
  const desk = new Desk();
  desk.rules = undefined;
  desk.reported().happens('2026-01-12T11:00Z', 'IncidentResolved', { code: 'x', fix: null, notes: null });
  desk.rules = RULES;
  expect(desk.happens('2026-01-12T12:00Z', 'IncidentReopened', { cause: 'recurred', reason: null }).says()).toEqual([
    '12:00 desk ann (rule)',
  ]);
});
