import { afterEach, describe, expect, it } from '@jest/globals';
import { PlayedSite } from '../support/played-site.js';

let site: PlayedSite;
afterEach(() => site.stop());

const MONDAY = '2026-01-12T08:00:00.000Z';
const NINE_TO_FIVE = [{ from: '09:00', to: '17:00' }];
const WEEK = { monday: NINE_TO_FIVE, tuesday: NINE_TO_FIVE, wednesday: NINE_TO_FIVE, thursday: NINE_TO_FIVE, friday: NINE_TO_FIVE };
const minutes = (amount: number) => ({ amount, unit: 'elapsed-minutes' });

const define = (path: string, definition: object, more: object = {}) => site.done('PUT', path, { definition, ...more });
const person = (id: string, more: object = {}) =>
  define(`/people/${id}`, { name: id, email: `${id}@example.org`, language: 'en', timeZone: 'Europe/Berlin', ...more });
const team = (id: string, more: object = {}) => define(`/teams/${id}`, { name: id, tier: 1, assignment: 'pull', ...more });

const report = async (more: object = {}): Promise<string> =>
  (await site.done('POST', '/incidents', { title: 'No mail', reporter: 'zoe', channel: 'phone', ...more }))['incidentId'] as string;
const command = (incidentId: string, resource: string, body: object = {}, by = 'desk') =>
  site.done('POST', `/incidents/${incidentId}/${resource}`, body, { 'faultline-actor': `person:${by}` });
const incident = async (incidentId: string) =>
  JSON.parse((await site.request('GET', `/incidents/${incidentId}`)).text) as Record<string, unknown> & {
    links: { kind: string; target: string }[];
  };

/** The events of an incident that are of these types, or not of the others, each with when it happened: `MM-DDTHH:MM type`. */
const story = async (incidentId: string, isTold: (type: string) => boolean = () => true) =>
  (await site.events(incidentId))
    .filter(({ type }) => isTold(type))
    .map(({ type, occurredAt, data }) => {
      const { cause, why, target, to, team: given, agent } = data as Record<string, string | null>;
      const detail =
        type === 'IncidentAssigned'
          ? `${given ?? '-'}/${agent ?? '-'}`
          : (cause ?? why ?? to ?? (type.startsWith('Sla') ? target : undefined));
      return `${occurredAt.slice(5, 16)} ${type}${detail ? ` ${detail}` : ''}`;
    });

describe('service levels', () => {
  const begin = async () => {
    site = await PlayedSite.at(MONDAY);
    await define('/calendars/office', { name: 'Office', timeZone: 'Europe/Berlin', week: WEEK });
    await define('/service-level-policies/standard', {
      name: 'Standard',
      kind: 'sla',
      rank: 1,
      calendar: 'office',
      pausesOn: ['caller'],
      warnAt: [50],
      entries: [{ targets: { response: minutes(30), resolution: { amount: 1, unit: 'business-days' } } }],
    });
  };

  it('warn and breach at their instants, and say why', async () => {
    await begin();
    const incidentId = await report();
    await site.until('2026-01-14T00:00:00.000Z');
    expect(await story(incidentId)).toEqual([
      '01-12T08:00 IncidentReported',
      '01-12T08:00 SlaStarted response',
      '01-12T08:00 SlaStarted resolution',
      '01-12T08:15 SlaWarned response',
      '01-12T08:30 SlaBreached response',
      '01-12T12:00 SlaWarned resolution',
      '01-12T16:00 SlaBreached resolution',
    ]);
    const { text } = await site.request('GET', `/incidents/${incidentId}/service-levels/explain`, undefined, { accept: 'text/plain' });
    expect(text.split('\n\n')[1]).toMatch(
      /^sla-resolution-1: resolution \(standard@1, calendar office\), 2\.00 working days of 1\.00 working days used\n/,
    );
    const explained = JSON.parse((await site.request('GET', `/incidents/${incidentId}/service-levels/explain`)).text) as {
      clocks: { used: number; intervals: { used: number }[] }[];
    };
    for (const { used, intervals } of explained.clocks) expect(intervals.reduce((sum, one) => sum + one.used, 0)).toBeCloseTo(used, 5);
  });

  it('pause while somebody waits for the caller, until the time that was named, and are met when it is resolved', async () => {
    await begin();
    const incidentId = await report();
    await site.until('2026-01-12T08:10:00.000Z');
    await command(incidentId, 'holds', { reason: 'caller', until: '2026-01-13T08:10:00Z' });
    await site.until('2026-01-13T09:00:00.000Z');
    await command(incidentId, 'resolutions', { code: 'solved', fix: 'fix' });
    expect(await story(incidentId)).toEqual([
      '01-12T08:00 IncidentReported',
      '01-12T08:00 SlaStarted response',
      '01-12T08:00 SlaStarted resolution',
      '01-12T08:10 IncidentPutOnHold',
      '01-12T08:10 SlaMet response',
      '01-13T08:10 IncidentResumed time-up',
      '01-13T08:10 SlaRescheduled resolution',
      '01-13T09:00 IncidentResolved',
      '01-13T09:00 SlaMet resolution',
    ]);
  });

  it('follow a calendar that changes, from when the change holds, and nothing that was judged changes', async () => {
    await begin();
    const [late, open] = [await report({ title: 'Late' }), await report({ title: 'Open' })];
    await command(open, 'acknowledgements');
    await command(late, 'acknowledgements');
    await site.until('2026-01-12T12:30:00.000Z');
    const closedToday = [{ date: '2026-01-12', name: 'Power cut' }];
    await define(
      '/calendars/office',
      { name: 'Office', timeZone: 'Europe/Berlin', week: WEEK, holidays: closedToday },
      { effectiveFrom: '2026-01-12T14:00:00Z', reason: 'Power cut' },
    );
    await site.until('2026-01-14T00:00:00.000Z');
    const told = await story(open, (type) => type.startsWith('Sla') && type !== 'SlaStarted' && type !== 'SlaMet');
    expect(told).toEqual([
      '01-12T12:00 SlaWarned resolution',
      '01-12T12:30 SlaRescheduled resolution',
      '01-13T10:00 SlaBreached resolution',
    ]);
  });

  it('are tried on what was, before a policy changes them', async () => {
    await begin();
    const incidentId = await report();
    await site.until('2026-01-12T08:20:00.000Z');
    await command(incidentId, 'acknowledgements');
    await site.until('2026-01-12T09:00:00.000Z');
    await command(incidentId, 'resolutions', { code: 'solved', fix: 'fix' });
    const before = await site.log.headPosition();
    const draft = {
      name: 'Strict',
      kind: 'sla',
      rank: 1,
      warnAt: [],
      entries: [{ targets: { response: minutes(15), resolution: minutes(120) } }],
    };
    const { text } = await site.request('POST', '/service-level-simulations', { id: 'standard', definition: draft });
    expect(JSON.parse(text)).toMatchObject({
      incidents: 1,
      verdicts: [
        { kind: 'sla', target: 'response', recorded: { clocks: 1, met: 1 }, simulated: { clocks: 1, breached: 1 } },
        { kind: 'sla', target: 'resolution', recorded: { clocks: 1, met: 1 }, simulated: { clocks: 1, met: 1 } },
      ],
      changed: [{ incidentId, target: 'response', recorded: 'met', simulated: 'breached' }],
      changedTotal: 1,
    });
    expect(await site.log.headPosition()).toBe(before);
  });
});

describe('assignment', () => {
  const begin = async () => {
    site = await PlayedSite.at(MONDAY);
    await person('ann', { capacity: 1 });
    await person('bob', { workingHours: { tuesday: NINE_TO_FIVE } });
    await team('desk', { members: ['ann', 'bob'], lead: 'ann', assignment: 'least-loaded' });
    await define('/assignment-rules/site', { rules: [{ when: { channels: ['phone'] }, team: 'desk' }] });
  };

  it('gives an incident to somebody who can take it, and says why; what nobody can take waits for the first who is free', async () => {
    await begin();
    const [first, second, third] = [await report(), await report(), await report()];
    const { assignment } = (await incident(first)) as unknown as { assignment: { reason: string } };
    expect(assignment.reason).toBe(
      'rule 1 of assignment-rules@1: channel phone → team desk; desk@1 (least-loaded): ann: 0 open, fewest of 1 available; bob is outside working hours until 2026-01-13T08:00Z',
    );
    expect((await incident(second))['deferral']).toMatchObject({ team: 'desk', retryAt: '2026-01-13T08:00:00.000Z' });

    await site.until('2026-01-12T10:00:00.000Z');
    await command(first, 'resolutions', { code: 'solved', fix: 'fix' });
    await site.until('2026-01-13T09:00:00.000Z');
    const assigned = (id: string) => story(id, (type) => type === 'IncidentAssigned');
    expect(await assigned(second)).toEqual(['01-12T08:00 IncidentAssigned desk/-', '01-12T10:00 IncidentAssigned desk/ann']);
    expect(await assigned(third)).toEqual(['01-12T08:00 IncidentAssigned desk/-', '01-13T08:00 IncidentAssigned desk/bob']);
  });

  it('looks again when people, teams and rules change', async () => {
    await begin();
    await command(await report(), 'acknowledgements');
    const waiting = await report();
    const unruled = await report({ channel: 'chat' });
    await person('bob', {});
    await define('/assignment-rules/site', { rules: [{ when: {}, team: 'desk' }] });
    expect([(await incident(waiting))['agent'], (await incident(unruled))['agent']]).toEqual(['bob', 'bob']);
  });
});

describe('escalation', () => {
  const begin = async (start = MONDAY) => {
    site = await PlayedSite.at(start);
    await person('boss');
    await person('ann', { manager: 'boss' });
    await person('bob');
    await team('desk', { members: ['ann'], lead: 'ann' });
    await team('experts', { tier: 2, members: ['bob'], lead: 'bob' });
    const weekly = { unit: 'weeks', count: 1 };
    const handOver = { time: '09:00', weekday: 'monday' };
    const weeks = { name: 'Weeks', participants: ['ann', 'bob'], rotation: weekly, start: '2026-01-05T09:00', handOver };
    await define('/on-call-schedules/desk', { name: 'Desk', timeZone: 'Europe/Berlin', layers: [weeks] });
    await define('/escalation-policies/silence', {
      name: 'Nobody answers',
      rank: 1,
      triggers: ['not-acknowledged'],
      steps: [
        { wait: minutes(5), targets: [{ kind: 'schedule', id: 'desk' }] },
        { wait: minutes(10), targets: [{ kind: 'team', id: 'experts' }] },
        { wait: minutes(15), targets: [{ kind: 'manager', id: 'ann' }] },
      ],
    });
  };
  const isOfEscalation = (type: string) => type.startsWith('Escalation') || type === 'IncidentEscalated' || type === 'IncidentAssigned';

  it('turns to one after another at their instants, until somebody answers', async () => {
    await begin();
    const incidentId = await report({ team: 'desk' });
    await site.until('2026-01-12T08:20:00.000Z');
    await command(incidentId, 'acknowledgements', {}, 'bob');
    await site.until('2026-01-13T00:00:00.000Z');
    expect(await story(incidentId, isOfEscalation)).toEqual([
      '01-12T08:00 IncidentAssigned desk/-',
      '01-12T08:00 EscalationStarted',
      '01-12T08:05 EscalationStepTaken',
      '01-12T08:15 EscalationStepTaken',
      '01-12T08:15 IncidentEscalated experts',
      '01-12T08:15 IncidentAssigned experts/-',
      '01-12T08:20 EscalationStopped acknowledged',
    ]);
    expect(site.left.map(({ at, kind, to }) => `${at.slice(11, 16)} ${kind} ${to}`)).toEqual(['08:05 page bob', '08:15 page bob']);
  });

  it('stops where its policy is switched off', async () => {
    await begin();
    const incidentId = await report();
    await site.until('2026-01-12T08:10:00.000Z');
    await site.done('DELETE', '/escalation-policies/silence', { reason: 'It rings the wrong people' });
    await site.until('2026-01-13T00:00:00.000Z');
    expect(await story(incidentId, isOfEscalation)).toEqual([
      '01-12T08:00 EscalationStarted',
      '01-12T08:05 EscalationStepTaken',
      '01-12T08:10 EscalationStopped policy-retired',
    ]);
  });
});

describe('a major incident', () => {
  it('is proposed by rule, declared by a person, takes its children along, and never closes by itself', async () => {
    site = await PlayedSite.at(MONDAY);
    await person('ines', { roles: ['incident-manager'] });
    await define('/calendars/office', { name: 'Office', timeZone: 'UTC', week: WEEK });
    await define('/closure-policies/standard', { name: 'Standard', rank: 1, closeAfterBusinessDays: 1, calendar: 'office' });
    await define('/major-incident-policies/many', { name: 'Many at once', rank: 1, childrenAtLeast: 2 });
    const parent = await report({ title: 'Mail is down' });
    const children = [await report(), await report()];
    for (const child of children) await command(child, 'links', { kind: 'parent', target: parent });
    expect((await incident(parent))['proposedMajor']).toMatchObject({ because: 'Many at once: 2 incidents are linked below it' });
    expect(site.left.map(({ kind, to, subject }) => [kind, to, subject])).toEqual([
      ['page', 'ines', `Is it a major incident? ${parent} Mail is down`],
    ]);
    await command(parent, 'major-incident', { incidentManager: 'ines', reason: 'All of the house' });
    await site.until('2026-01-12T12:00:00.000Z');
    await command(parent, 'resolutions', { code: 'restarted', fix: 'restore' });
    await site.until('2026-01-20T00:00:00.000Z');
    expect((await incident(parent))['status']).toBe('resolved');
    for (const child of children) {
      expect(await story(child, (type) => ['IncidentResolved', 'ClosureScheduled', 'IncidentClosed'].includes(type))).toEqual([
        '01-12T12:00 IncidentResolved',
        '01-12T12:00 ClosureScheduled',
        '01-13T12:00 IncidentClosed',
      ]);
    }
  });
});

describe('a site whose automation has ended', () => {
  it('says what is overdue, and since when', async () => {
    site = await PlayedSite.at(MONDAY);
    await define('/service-level-policies/standard', {
      name: 'Standard',
      kind: 'sla',
      rank: 1,
      pausesOn: [],
      warnAt: [],
      entries: [{ targets: { response: minutes(30) } }],
    });
    await report();
    const dueAt = '2026-01-12T08:30:00.000Z';
    expect((await site.health()).automation).toEqual({
      processes: 1,
      parked: 0,
      timers: { overdue: 0, nextAt: dueAt },
      notices: { overdue: 0 },
    });
    await site.stopAutomation();
    site.time.set(Date.parse('2026-01-12T08:30:10.000Z'));
    expect((await site.health()).automation).toEqual({
      processes: 0,
      parked: 0,
      timers: { overdue: 1, overdueSince: dueAt, nextAt: dueAt },
      notices: { overdue: 0 },
    });
  });
});

describe('what a site has decided', () => {
  it('sorts and rates incidents, which say by which version and rule', async () => {
    site = await PlayedSite.at(MONDAY);
    await define('/taxonomies/site', { categories: [{ name: 'Mail' }, { name: 'Other' }], other: 'Other' });
    await team('finance');
    const owned = { ownerTeam: 'finance', supportTeam: 'finance' };
    await define('/services/payroll', { name: 'Payroll', criticality: 'critical', dataClassification: 'payment', ...owned });
    const cells = { high: { high: 'P1', low: 'P2' }, low: { high: 'P2', low: 'P3' } };
    const matrix = { impacts: ['high', 'low'], urgencies: ['high', 'low'], priorities: ['P1', 'P2', 'P3'], cells };
    await define('/priority-policies/site', {
      matrix,
      riskRules: [{ id: 'money', when: { dataClassifications: ['payment'] }, risks: ['financial'] }],
    });

    const refused = await site.request('POST', '/incidents', { title: 'x', category: 'Maul' });
    expect([refused.status, refused.body['code']]).toEqual([400, 'CATEGORY_UNKNOWN']);
    const incidentId = await report({ category: 'Mail', service: 'payroll', impact: 'low', urgency: 'low' });
    expect(await incident(incidentId)).toMatchObject({
      category: 'Mail',
      taxonomyVersion: 'taxonomy@1',
      priority: 'P2',
      risks: ['financial'],
      ratedBy: { matrixVersion: 'priority-policy@1', rule: 'money' },
    });
  });

  it('lets a closed incident be reopened for a while, and opens a new one that follows it afterwards', async () => {
    site = await PlayedSite.at(MONDAY);
    await define('/closure-policies/standard', {
      name: 'Standard',
      rank: 1,
      closeAfterBusinessDays: 0,
      reopenWithin: { amount: 24, unit: 'elapsed-hours' },
    });
    const old = await report({ service: 'mail', category: 'Mail', impact: 'high', urgency: 'low', location: 'Leuven' });
    const end = async () => {
      await command(old, 'resolutions', { code: 'solved', fix: 'fix' });
      await command(old, 'closures', { code: 'solved', how: 'agent' });
    };
    await end();
    await site.until('2026-01-13T08:00:00.000Z');
    expect(await command(old, 'reopenings', { cause: 'recurred', reason: 'Again' })).toMatchObject({ incidentId: old });
    await end();
    await site.until('2026-01-14T08:00:00.001Z');
    const { incidentId } = await command(old, 'reopenings', { cause: 'recurred', reason: 'And again' });
    expect(incidentId).not.toBe(old);
    expect(await incident(incidentId as string)).toMatchObject({
      status: 'new',
      title: 'No mail',
      description: 'And again',
      reporter: 'zoe',
      service: 'mail',
      location: 'Leuven',
      category: 'Mail',
      priority: 'P3',
      links: [{ kind: 'follow-up-of', target: old }],
    });
    expect((await incident(old)).links).toMatchObject([{ kind: 'followed-up-by', target: incidentId }]);
  });
});
