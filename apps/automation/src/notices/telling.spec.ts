import { describe, expect, it } from '@jest/globals';
import type { IncidentEvent, IncidentEventType } from '#domain/incident';
import { SiteDefinitions } from '#domain/definitions';
import { recorded } from '#testing';
import { momentsOf, type Moment } from '../reactions/moments.js';
import { TOLD_OF, tellingOf, type Telling, type TellingParts } from './telling.js';

const incidentId = 'INC0000001';
const NOW = '2026-01-05T10:00:00.000Z';
const DAY_MS = 86_400_000;

const nothingMore = { readAll: async function* () {}, headPosition: () => Promise.resolve(0n) };

/**
 * A small site. Ann leads the desk and Cat the network; Cat is Ann's manager, and Dan is on call for the network. The desk supports mail, and
 * the network owns it. Eve decides about major incidents.
 */
const definitions: readonly (readonly [path: string, id: string, definition: object])[] = [
  ...Object.entries({ ann: { manager: 'cat' }, bob: {}, cat: {}, dan: {}, eve: { roles: ['incident-manager'] } }).map(
    ([id, more]) =>
      ['people', id, { name: id, email: `${id}@example.org`, language: 'en', timeZone: 'UTC', roles: [], skills: [], ...more }] as const,
  ),
  ['teams', 'desk', { name: 'Desk', tier: 1, members: ['ann', 'bob'], lead: 'ann', assignment: 'pull' }],
  ['teams', 'network', { name: 'Network', tier: 2, members: ['cat'], lead: 'cat', onCallSchedule: 'network', assignment: 'pull' }],
  ['teams', 'nobody', { name: 'Nobody', tier: 2, members: [], assignment: 'pull' }],
  [
    'on-call-schedules',
    'network',
    {
      name: 'Network',
      timeZone: 'UTC',
      layers: [
        {
          name: 'Weeks',
          participants: ['dan'],
          rotation: { unit: 'weeks', count: 1 },
          handOver: { time: '09:00', weekday: 'monday' },
          start: '2025-12-01T09:00',
        },
      ],
    },
  ],
  ['services', 'mail', { name: 'Mail', ownerTeam: 'network', supportTeam: 'desk', criticality: 'low', dataClassification: 'none' }],
  [
    'closure-policies',
    'standard',
    { name: 'Standard', rank: 1, when: {}, closeAfterBusinessDays: 0, reopenWithin: { amount: 48, unit: 'elapsed-hours' }, calendar: null },
  ],
];
const site = new SiteDefinitions(nothingMore as never, {
  definitions: definitions.map(([path, id, definition]) => {
    const versions = [{ version: 1, effectiveFrom: '2020-01-01T00:00:00.000Z', definition }];
    return { path, id, state: { versions, retirements: [], exceptions: [], absences: [] } as never, position: 1n };
  }),
  position: 1n,
});
const PARTS: TellingParts = { site, now: NOW, confirmationMs: 14 * DAY_MS };

const reported = (more: object = {}): IncidentEvent => ({
  type: 'IncidentReported',
  data: { incidentId, title: 'No mail', reporter: 'zoe@example.org', channel: 'phone', service: 'mail', ...more },
});
const assigned = (team: string | null, agent: string | null, more: object = {}): IncidentEvent => ({
  type: 'IncidentAssigned',
  data: { incidentId, team, agent, why: 'rule', ...more },
});
const stepTaken = (kind: 'person' | 'team' | 'schedule' | 'manager', id: string, person: string | null): IncidentEvent => ({
  type: 'EscalationStepTaken',
  data: { incidentId, runId: 'r-1', policyVersion: 'mail@2', round: 1, step: 2, targets: [{ kind, id, person }], nextStepAt: null },
});
const escalated = (kind: 'functional' | 'hierarchical', to: string): IncidentEvent => ({
  type: 'IncidentEscalated',
  data: { incidentId, kind, from: 'desk', to, reason: 'Beyond us' },
});
const verdict = { incidentId, clockId: 'sla-response-1', kind: 'sla', target: 'response', policyVersion: 'gold@3', dueAt: NOW } as const;
const update = (audience: 'reporter' | 'affected-users' | 'support' | 'management' | 'public'): IncidentEvent => ({
  type: 'StakeholderUpdatePosted',
  data: { incidentId, updateId: 'u-1', audience, text: 'We are on it' },
});
const resolved: IncidentEvent = { type: 'IncidentResolved', data: { incidentId, code: 'solved', fix: 'fix', notes: 'Restarted' } };
const closed: IncidentEvent = { type: 'IncidentClosed', data: { incidentId, code: 'solved', how: 'agent' } };
const reopened: IncidentEvent = { type: 'IncidentReopened', data: { incidentId, cause: 'rejected', reason: 'Still none' } };
const declared: IncidentEvent = {
  type: 'MajorIncidentDeclared',
  data: { incidentId, incidentManager: 'eve', communicationsLead: 'bob', reason: 'Everybody' },
};

/** The last of these events, as whoever tells people of it meets it. */
const momentOf = async (events: readonly IncidentEvent[], since: readonly IncidentEvent[] = []): Promise<Moment> => {
  const all = recorded<IncidentEvent>([...events, ...since], { recordedAt: '2026-01-05T09:00:00.000Z' });
  const [moment] = await momentsOf(all, new Set([BigInt(events.length - 1)]));
  return moment as Moment;
};

const toldOf = async (...events: IncidentEvent[]): Promise<readonly Telling[]> => tellingOf(await momentOf(events), PARTS);

/** `occasion: person (why); …` */
const inWords = (tellings: readonly Telling[]): string[] =>
  tellings.map(({ occasion, to }) => `${occasion}: ${to.map(({ person, why }) => `${person} (${why})`).join('; ') || 'nobody'}`);

const OWNER = 'They work on it, or answer for its team';
const PART = 'They have a part in the major incident';
const WORK = 'They work on it, or answer for its team or its service';

const TOLD: [what: string, history: IncidentEvent[], told: string[]][] = [
  ['assigned to somebody', [reported(), assigned('desk', 'bob')], ['assigned-to-you: bob (It was assigned to them)']],
  ['assigned to a team alone', [reported(), assigned('desk', null)], []],
  ['assigned to whom it was with', [reported(), assigned('desk', 'bob'), assigned('network', 'bob')], []],
  [
    'assigned to another one',
    [reported(), assigned('desk', 'bob'), assigned('desk', 'ann')],
    ['assigned-to-you: ann (It was assigned to them)'],
  ],

  ['escalated to a manager', [reported(), escalated('hierarchical', 'cat')], ['escalated-to-you: cat (It was escalated to them)']],
  [
    'escalated to a team with somebody on call',
    [reported(), escalated('functional', 'network')],
    ['escalated-to-you: dan (It was escalated to network, for whom they answer now)'],
  ],
  [
    'escalated to a team without a schedule',
    [reported(), escalated('functional', 'desk')],
    ['escalated-to-you: ann (It was escalated to desk, for whom they answer now)'],
  ],
  ['escalated to a team that nobody answers for', [reported(), escalated('functional', 'nobody')], ['escalated-to-you: nobody']],
  ['escalated to a team that there is not', [reported(), escalated('functional', 'vendors')], ['escalated-to-you: nobody']],

  ['a step to a schedule', [reported(), stepTaken('schedule', 'network', 'dan')], ['on-call-page: dan (They are on call by network)']],
  ['a step to a person', [reported(), stepTaken('person', 'bob', 'bob')], ['escalated-to-you: bob (Step 2 of mail@2 turns to them)']],
  ['a step into a gap of a schedule', [reported(), stepTaken('schedule', 'network', null)], []],
  ['a step to a team, which its escalation tells', [reported(), stepTaken('team', 'network', 'cat')], []],
  ['a step to a manager, whom its escalation tells', [reported(), stepTaken('manager', 'ann', 'cat')], []],

  [
    'proposed as a major incident',
    [reported(), { type: 'MajorIncidentProposed', data: { incidentId, policyVersion: 'major@1', because: 'P1' } }],
    ['major-incident-proposed: eve (Incident managers decide about major incidents)'],
  ],
  [
    'declared a major incident',
    [reported(), assigned('desk', 'bob'), declared],
    [`major-incident-declared: eve (${PART}); bob (${PART}); bob (${WORK}); ann (${WORK}); cat (${WORK})`],
  ],

  [
    'an update for the reporter',
    [reported({ onBehalfOf: 'yan' }), update('reporter')],
    ['stakeholder-update: zoe@example.org (The update is for reporter); yan (The update is for reporter)'],
  ],
  [
    'an update for affected users',
    [reported(), update('affected-users')],
    ['stakeholder-update: zoe@example.org (The update is for affected users)'],
  ],
  [
    'an update for support',
    [reported(), assigned('desk', 'bob'), update('support')],
    ['stakeholder-update: bob (The update is for support); ann (The update is for support)'],
  ],
  [
    'an update for management',
    [reported(), assigned('desk', null), declared, update('management')],
    ['stakeholder-update: cat (The update is for management); ann (The update is for management); eve (The update is for management)'],
  ],
  ['an update for the public, which webhooks tell', [reported(), update('public')], ['stakeholder-update: nobody']],

  [
    'a service level warned',
    [reported(), assigned('desk', 'bob'), { type: 'SlaWarned', data: { ...verdict, share: 75 } }],
    [`service-level-warned: bob (${OWNER})`],
  ],
  ['a warning of unknown extent', [reported(), { type: 'SlaWarned', data: verdict }], []],
  [
    'a service level breached',
    [reported(), assigned('desk', 'bob'), { type: 'SlaBreached', data: verdict }],
    [`service-level-breached: bob (${OWNER}); ann (${OWNER})`],
  ],
  ['a service level breached with nobody', [reported(), { type: 'SlaBreached', data: verdict }], ['service-level-breached: nobody']],

  [
    'resolved',
    [reported({ onBehalfOf: 'yan' }), resolved],
    ['resolved: zoe@example.org (Reporters are asked whether it works again); yan (Reporters are asked whether it works again)'],
  ],
  ['closed', [reported(), resolved, closed], ['closed: zoe@example.org (They reported it)']],
  ['reopened with an agent', [reported(), assigned('desk', 'bob'), resolved, reopened], [`reopened: bob (${OWNER})`]],
  ['reopened with a team alone', [reported(), assigned('desk', null), resolved, reopened], [`reopened: ann (${OWNER})`]],
  ['reopened with nobody', [reported(), resolved, reopened], ['reopened: nobody']],
  ['acknowledged', [reported(), { type: 'IncidentAcknowledged', data: { incidentId } }], []],
];

describe('whom an event tells, and why', () => {
  it.each(TOLD)('%s', async (_, history, told) => {
    expect(inWords(await toldOf(...history))).toEqual(told);
  });

  it('of no other event than those that are waited for', () => {
    const telling = TOLD.filter(([, , told]) => told.length > 0).map(([, history]) => history.at(-1)?.type as IncidentEventType);
    expect([...new Set(telling)].sort()).toEqual([...TOLD_OF].sort());
  });
});

describe('what is told', () => {
  const factsOf = async (...history: IncidentEvent[]) => (await toldOf(...history))[0]?.facts;

  it('is what the incident was right after the event, and where a person sees it', async () => {
    const moment = await momentOf([reported(), assigned('desk', 'bob', { reason: 'The least loaded of 2' })], [assigned('network', 'cat')]);
    const [telling] = tellingOf(moment, { ...PARTS, incidentLink: (id) => `https://desk.example.org/${id}` });
    expect(telling?.facts).toEqual({
      incidentId,
      title: 'No mail',
      priority: null,
      service: 'mail',
      incidentLink: 'https://desk.example.org/INC0000001',
      team: 'desk',
      reason: 'The least loaded of 2',
    });
  });

  it('of a warning: what is left of its time', async () => {
    const event: IncidentEvent = { type: 'SlaWarned', data: { ...verdict, share: 75, dueAt: '2026-01-05T09:31:00.000Z' } };
    expect(await factsOf(reported(), event)).toMatchObject({ share: '75', left: 30 * 60_000, policy: 'gold@3' });
  });

  it('of a breach whose instant was not known: when it happened', async () => {
    expect(await factsOf(reported(), { type: 'SlaBreached', data: { ...verdict, dueAt: null } })).toMatchObject({
      dueAt: '2026-01-05T09:01:00.000Z',
    });
  });

  it('of a closure: until when it may be reopened', async () => {
    expect(await factsOf(reported(), resolved, closed)).toMatchObject({
      closedAt: '2026-01-05T09:02:00.000Z',
      reopenUntil: '2026-01-07T09:02:00.000Z',
    });
  });
});

describe('a reporter is asked', () => {
  const closing: IncidentEvent = {
    type: 'ClosureScheduled',
    data: { incidentId, policyVersion: 'standard@1', closesAt: '2026-01-12T09:00:00.000Z', afterDays: 5 },
  };
  const confirmed: IncidentEvent = { type: 'ResolutionConfirmed', data: { incidentId } };
  const asked = async (since: IncidentEvent[], parts: Partial<TellingParts> = {}) => {
    const [telling] = tellingOf(await momentOf([reported(), resolved], since), { ...PARTS, ...parts });
    return telling;
  };

  it('about this resolution, until it closes by itself', async () => {
    const telling = await asked([closing]);
    expect(telling?.confirmation).toEqual({ resolutionRevision: 1, expiresAt: '2026-01-12T09:00:00.000Z' });
    expect(telling?.facts).toMatchObject({
      confirmLink: 'urn:faultline:confirm',
      rejectLink: 'urn:faultline:reject',
      linksWorkUntil: '2026-01-12T09:00:00.000Z',
      closesAt: '2026-01-12T09:00:00.000Z',
    });
  });

  it('for two weeks where it does not', async () => {
    expect((await asked([]))?.confirmation).toEqual({ resolutionRevision: 1, expiresAt: '2026-01-19T10:00:00.000Z' });
  });

  it.each<[what: string, since: IncidentEvent[], parts: Partial<TellingParts>]>([
    ['where no links can be made', [], { confirmationMs: null }],
    ['once it is closed', [closed], {}],
    ['once it is reopened', [reopened], {}],
    ['once it is resolved anew', [reopened, resolved], {}],
    ['once it is confirmed', [confirmed], {}],
  ])('nothing %s: they are told all the same', async (_, since, parts) => {
    const telling = await asked(since, parts);
    expect(inWords(telling ? [telling] : [])).toEqual(['resolved: zoe@example.org (Reporters are asked whether it works again)']);
    expect(telling).not.toHaveProperty('confirmation');
    expect(telling?.facts).not.toHaveProperty('confirmLink');
  });
});
