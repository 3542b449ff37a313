import { describe, expect, it } from '@jest/globals';
import type { EffectiveDated } from '#kernel';
import type { IncidentEvent } from '#domain/incident';
import { JudgeDesk } from '#testing';
import { evolveEscalations, nextEscalationInstant, type IncidentEscalations } from './incident-escalations.js';
import { judgeEscalations, type EscalationCircumstances } from './judge.js';
import { parseEscalationPolicy, type EscalationPolicy } from './policy.js';

const incidentId = 'INC0000001';
const ms = (text: string) => Date.parse(text);
const minutes = (amount: number) => ({ amount, unit: 'elapsed-minutes' });
const dated = (...versions: (readonly [string, object])[]): EffectiveDated<EscalationPolicy> => ({
  versions: versions.map(([effectiveFrom, more], n) => ({ version: n + 1, effectiveFrom, definition: policy(more) })),
  retirements: [],
});

const ONE_BY_ONE = [
  { wait: minutes(5), targets: [{ kind: 'schedule', id: 'mail-on-call' }] },
  { wait: minutes(10), targets: [{ kind: 'team', id: 'mail-experts' }] },
  { wait: minutes(15), targets: [{ kind: 'manager', id: 'ada' }] },
];
const policy = (more: object) =>
  parseEscalationPolicy({ name: 'Mail', rank: 1, triggers: ['not-acknowledged'], steps: ONE_BY_ONE, ...more });

const words = (event: IncidentEvent): string => {
  switch (event.type) {
    case 'EscalationStarted':
      return `start ${event.data.runId} (${event.data.trigger})`;
    case 'EscalationStepTaken':
      return `step ${event.data.round}.${event.data.step}: ${event.data.targets.map(({ kind, id, person }) => `${kind} ${person ?? id}`).join(', ')}`;
    case 'EscalationStopped':
      return `stop: ${event.data.why}`;
    case 'IncidentEscalated':
      return `escalated to ${event.data.to} (${event.data.kind})`;
    case 'IncidentAssigned':
      return `assigned to ${event.data.team}`;
    default:
      return event.type;
  }
};

class Desk extends JudgeDesk<IncidentEscalations, IncidentEvent> {
  readonly circumstances: EscalationCircumstances;

  constructor(readonly policies: Map<string, EffectiveDated<EscalationPolicy>>) {
    super({
      evolve: evolveEscalations,
      judge: (state, nowMs) => judgeEscalations(state, this.circumstances, nowMs),
      next: nextEscalationInstant,
      words: (event, occurredAt) => `${occurredAt.slice(11, 16)} ${words(event)}`,
    });
    this.circumstances = {
      policies,
      workingTime: () => undefined,
      groupsOf: () => [],
      onCall: (schedule, instant) => (instant < '2026-01-13T10:06' ? `${schedule}-early` : `${schedule}-late`),
      managerOf: (person) => (person === 'ada' ? 'grace' : null),
    };
  }

  happens(instant: string, type: string, data: object = {}): this {
    return this.tell(instant, { type, data: { incidentId, ...data } } as IncidentEvent);
  }
}

const deskWith = (more: object = {}) => new Desk(new Map([['mail', dated(['2020-01-01T00:00:00Z', more])]]));
const REPORT = { title: 'No mail', reporter: 'bob', channel: 'phone', service: 'mail' };
const reported = (more: object = {}) => deskWith(more).happens('2026-01-13T10:00Z', 'IncidentReported', REPORT);

describe('an escalation', () => {
  it('turns to one after another while nobody answers, and ends when its rounds are over', () => {
    expect(reported().until('2026-01-14T00:00Z').says()).toEqual([
      '10:00 start mail-1 (not-acknowledged)',
      '10:05 step 1.1: schedule mail-on-call-early',
      '10:15 step 1.2: team mail-experts',
      '10:15 escalated to mail-experts (functional)',
      '10:15 assigned to mail-experts',
      '10:30 step 1.3: manager grace',
      '10:30 escalated to grace (hierarchical)',
      '10:30 stop: exhausted',
    ]);
  });

  it('is stopped by whoever answers', () => {
    const desk = reported().until('2026-01-13T10:06Z').happens('2026-01-13T10:07Z', 'IncidentAcknowledged').until('2026-01-14T00:00Z');
    expect(desk.says().slice(2)).toEqual(['10:07 stop: acknowledged']);
  });

  it('is stopped by the end of the incident', () => {
    const desk = reported()
      .happens('2026-01-13T10:02Z', 'IncidentResolved', { code: 'x', fix: null, notes: null })
      .until('2026-01-14T00:00Z');
    expect(desk.says().slice(1)).toEqual(['10:02 stop: ended']);
  });

  it('goes on by the version it was started by', () => {
    const desk = reported().until('2026-01-13T10:06Z');
    const one = desk.policies.get('mail') as EffectiveDated<EscalationPolicy>;
    const other = policy({ steps: [{ wait: minutes(1), targets: [{ kind: 'person', id: 'eve' }] }] });
    desk.policies.set('mail', {
      ...one,
      versions: [...one.versions, { version: 2, effectiveFrom: '2026-01-13T10:07:00Z', definition: other }],
    });
    expect(desk.until('2026-01-13T10:20Z').says()).toContain('10:15 step 1.2: team mail-experts');
  });

  it('takes all steps again, as often as the policy says', () => {
    const steps = [{ wait: minutes(0), targets: [{ kind: 'person', id: 'eve' }] }];
    const desk = reported({ steps, repeats: 2, repeatAfter: minutes(30) }).until('2026-01-14T00:00Z');
    expect(desk.says()).toEqual([
      '10:00 start mail-1 (not-acknowledged)',
      '10:00 step 1.1: person eve',
      '10:30 step 2.1: person eve',
      '11:00 step 3.1: person eve',
      '11:00 stop: exhausted',
    ]);
  });

  it('catches up on every step that was due while nobody asked, each at its instant', () => {
    const desk = reported();
    desk.judge('2026-01-13T11:30Z');
    expect(desk.says().filter((line) => line.includes('step'))).toEqual([
      '10:05 step 1.1: schedule mail-on-call-early',
      '10:15 step 1.2: team mail-experts',
      '10:30 step 1.3: manager grace',
    ]);
  });

  it('takes along what was found and done so far', () => {
    const desk = reported();
    desk.happens('2026-01-13T10:01Z', 'DiagnosisRecorded', { answers: [], findings: 'The queue is full', rootCause: 'A loop' });
    desk.happens('2026-01-13T10:02Z', 'WorkaroundApplied', { description: 'Restarted it' });
    desk.happens('2026-01-13T10:03Z', 'FileAttached', {
      fileId: 'f',
      name: 'queue.log',
      mediaType: 'text/plain',
      sizeBytes: 1,
      sha256: 'a',
    });
    const [, functional] = judgeEscalations(desk.until('2026-01-13T10:06Z').state, desk.circumstances, ms('2026-01-13T10:15Z'));
    expect(functional).toMatchObject({
      event: {
        data: {
          kind: 'functional',
          stepsTaken: 'Diagnosis: The queue is full\nRoot cause: A loop\nWorkaround: Restarted it',
          evidence: ['queue.log'],
        },
      },
    });
  });
});

describe('what sets it going', () => {
  const pages = { steps: [{ wait: minutes(0), targets: [{ kind: 'person', id: 'eve' }] }] };
  const RATED = { impact: 'high', urgency: 'high', risks: [], priority: 'P1', matrixVersion: '1' };
  const VERDICT = { clockId: 'sla-resolution-1', kind: 'sla', target: 'resolution', policyVersion: 'gold@1', dueAt: null };

  it('is the severity, as soon as it is known, and once for each opening', () => {
    const desk = reported({ ...pages, triggers: ['priority'], when: { priorities: ['P1'] } });
    desk.happens('2026-01-13T10:10Z', 'IncidentPrioritized', RATED).happens('2026-01-13T10:20Z', 'IncidentPrioritized', RATED);
    expect(desk.says()).toEqual(['10:10 start mail-1 (priority)', '10:10 step 1.1: person eve', '10:10 stop: exhausted']);
    desk
      .happens('2026-01-13T11:00Z', 'IncidentResolved')
      .happens('2026-01-13T12:00Z', 'IncidentReopened', { cause: 'recurred', reason: null });
    expect(desk.says()[0]).toBe('12:00 start mail-2 (priority)');
  });

  it('is a warning, once for each clock, and a breach', () => {
    const desk = reported({ ...pages, triggers: ['sla-warned', 'sla-breached'] }).happens('2026-01-13T10:05Z', 'IncidentAcknowledged');
    desk
      .happens('2026-01-13T11:00Z', 'SlaWarned', { ...VERDICT, share: 50 })
      .happens('2026-01-13T11:30Z', 'SlaWarned', { ...VERDICT, share: 75 });
    desk.happens('2026-01-13T12:00Z', 'SlaBreached', VERDICT);
    expect(desk.says().filter((line) => line.includes('start'))).toEqual([
      '11:00 start mail-1 (sla-warned)',
      '12:00 start mail-2 (sla-breached)',
    ]);
  });

  it('is the declaration of a major incident', () => {
    const desk = reported({ ...pages, triggers: ['major-incident'] });
    desk.happens('2026-01-13T10:30Z', 'MajorIncidentDeclared', { incidentManager: 'im', reason: 'All of it' });
    expect(desk.says()[0]).toBe('10:30 start mail-1 (major-incident)');
  });

  it('is nothing while a run of the same policy is under way', () => {
    const desk = reported({ triggers: ['not-acknowledged', 'priority'] }).happens('2026-01-13T10:01Z', 'IncidentPrioritized', RATED);
    expect(desk.says()).toEqual(['10:00 start mail-1 (not-acknowledged)']);
  });

  it('is nothing that the policy is not for, nor anything of an imported incident', () => {
    expect(
      reported({ when: { services: ['web'] } })
        .until('2026-01-14T00:00Z')
        .says(),
    ).toEqual([]);
    expect(
      deskWith()
        .happens('2026-01-13T10:00Z', 'IncidentReported', { ...REPORT, serviceLevelImported: true })
        .says(),
    ).toEqual([]);
  });
});

describe('what other products get wrong', () => {
  it('a policy that is switched off stops escalating, whatever was under way', () => {
    const desk = reported().until('2026-01-13T10:06Z');
    const standing = desk.policies.get('mail') as EffectiveDated<EscalationPolicy>;
    desk.policies.set('mail', { ...standing, retirements: [{ version: 1, effectiveFrom: '2026-01-13T10:08:00Z' }] });
    expect(desk.until('2026-01-14T00:00Z').says().slice(2)).toEqual(['10:15 stop: policy-retired']);
  });
});
