import { describe, expect, it } from '@jest/globals';
import type { EventMetadata, Recorded } from '#kernel';
import type { IncidentEvent } from '#domain/incident';
import { evolveGravity, judgeGravity, type GravityCircumstances, type IncidentGravity } from './judge.js';
import { parseMajorIncidentPolicy } from './policy.js';

const incidentId = 'INC0000001';

const circumstancesWith = (...policies: object[]): GravityCircumstances => ({
  policies: new Map(
    policies.map((more, n) => [
      `policy-${n}`,
      {
        versions: [
          {
            version: 1,
            effectiveFrom: '2020-01-01T00:00:00Z',
            definition: parseMajorIncidentPolicy({ name: `Rule ${n}`, rank: n, ...more }),
          },
        ],
        retirements: [],
      },
    ]),
  ),
  groupsOf: () => [],
  service: (id) =>
    ({ payments: { criticality: 'critical', dataClass: 'payment' }, mail: { criticality: 'medium', dataClass: 'personal' } })[id],
});

const after = (...events: (readonly [type: string, data?: object])[]): IncidentGravity | undefined =>
  events.reduce<IncidentGravity | undefined>((state, [type, data], n) => {
    const metadata = { actor: { kind: 'person', id: 'agent' } } as EventMetadata;
    const event = { type, data: { incidentId, ...data }, occurredAt: '2026-01-13T10:00:00.000Z', revision: BigInt(n), metadata };
    return evolveGravity(state, event as unknown as Recorded<IncidentEvent>);
  }, undefined);

const REPORTED = ['IncidentReported', { title: 'x', reporter: 'bob', channel: 'phone', service: 'payments' }] as const;
const rated = (priority: string, risks: string[] = []) =>
  ['IncidentPrioritized', { impact: 'high', urgency: 'high', risks, priority, matrixVersion: '1' }] as const;
const child = (target: string) => ['IncidentLinked', { kind: 'child', target }] as const;

const proposed = (circumstances: GravityCircumstances, state: IncidentGravity | undefined) =>
  judgeGravity(state, circumstances, Date.parse('2026-01-13T10:00Z')).map(
    (event) => ('event' in event ? event.event : event).data as { because: string },
  );

describe('an incident is proposed as a major one', () => {
  it('by its priority and the criticality of its service', () => {
    const rule = circumstancesWith({ when: { priorities: ['P1'] }, criticalities: ['critical'] });
    expect(proposed(rule, after(REPORTED, rated('P2')))).toEqual([]);
    expect(proposed(rule, after(REPORTED, rated('P1')))).toEqual([
      { incidentId, policyVersion: 'policy-0@1', because: 'Rule 0: P1, service payments; its service is critical' },
    ]);
  });

  it('by what is linked below it', () => {
    const rule = circumstancesWith({ childrenAtLeast: 2 });
    expect(proposed(rule, after(REPORTED, child('INC2')))).toEqual([]);
    expect(proposed(rule, after(REPORTED, child('INC2'), child('INC3')))).toHaveLength(1);
    const unlinked = ['IncidentUnlinked', { kind: 'child', target: 'INC3', reason: 'x' }] as const;
    expect(proposed(rule, after(REPORTED, child('INC2'), child('INC3'), unlinked))).toEqual([]);
  });

  it('by data or risks', () => {
    expect(proposed(circumstancesWith({ dataAtRisk: ['payment'] }), after(REPORTED))[0]?.because).toContain('payment data is at risk');
    expect(proposed(circumstancesWith({ risks: ['security'] }), after(REPORTED, rated('P3', ['security'])))[0]?.because).toContain(
      'risk: security',
    );
  });

  it('by the first rule whose signs are all there', () => {
    const rules = circumstancesWith(
      { criticalities: ['low'] },
      { criticalities: ['critical'], childrenAtLeast: 1 },
      { when: { services: ['payments'] } },
    );
    expect(proposed(rules, after(REPORTED))[0]?.because).toContain('Rule 2');
  });

  it('once for each time that it is opened, and not when it is one, or has ended', () => {
    const rule = circumstancesWith({ when: { services: ['payments'] } });
    const told = ['MajorIncidentProposed', { policyVersion: 'policy-0@1', because: 'x' }] as const;
    const ended = ['IncidentResolved', { code: 'x', fix: null, notes: null }] as const;
    expect(proposed(rule, after(REPORTED, told))).toEqual([]);
    expect(proposed(rule, after(REPORTED, ended))).toEqual([]);
    expect(proposed(rule, after(REPORTED, told, ended, ['IncidentReopened', { cause: 'recurred', reason: null }]))).toHaveLength(1);
    expect(proposed(rule, after(REPORTED, ['MajorIncidentDeclared', { incidentManager: 'im', reason: 'x' }]))).toEqual([]);
  });
});
