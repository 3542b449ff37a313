import { describe, expect, it } from '@jest/globals';
import { faultyFields } from '#testing';
import { ESCALATION_LIMITS, parseEscalationPolicy } from './policy.js';

const minutes = (amount: number) => ({ amount, unit: 'elapsed-minutes' });
const STEP = { wait: minutes(5), targets: [{ kind: 'schedule', id: 'mail-on-call' }] };
const POLICY = { name: 'Mail', rank: 1, triggers: ['not-acknowledged'], steps: [STEP] };
const times = (count: number, item: unknown) => Array.from({ length: count }, () => item);

describe('an escalation policy', () => {
  it('says each trigger once, and leaves out what it does not need', () =>
    expect(parseEscalationPolicy({ ...POLICY, triggers: ['priority', 'sla-breached', 'priority'] })).toEqual({
      ...{ ...POLICY, when: {}, triggers: ['priority', 'sla-breached'] },
      ...{ repeats: 0, repeatAfter: null, calendar: null },
    }));
  it('may begin at once', () => {
    const steps = [{ ...STEP, wait: minutes(0) }, STEP];
    expect(parseEscalationPolicy({ ...POLICY, steps }).steps).toEqual(steps);
  });

  it.each([
    [{}, []],
    [{ rank: -1 }, ['rank']],
    [{ triggers: [] }, ['triggers']],
    [{ triggers: ['noise'] }, ['triggers']],
    [{ steps: [] }, ['steps']],
    [{ steps: times(ESCALATION_LIMITS.steps + 1, STEP) }, ['steps']],
    [{ steps: [null] }, ['steps[0].wait.amount', 'steps[0].wait.unit', 'steps[0].targets']],
    [{ steps: [{ ...STEP, targets: [] }] }, ['steps[0].targets']],
    [{ steps: [{ ...STEP, targets: times(ESCALATION_LIMITS.targets + 1, STEP.targets[0]) }] }, ['steps[0].targets']],
    [
      { steps: [STEP, { wait: minutes(0), targets: [{ kind: 'pigeon', id: '' }] }] },
      ['steps[1].wait.amount', 'steps[1].targets[0].kind', 'steps[1].targets[0].id'],
    ],
    [{ steps: [{ ...STEP, targets: [null], until: 'noon' }] }, ['steps[0].until', 'steps[0].targets[0].kind', 'steps[0].targets[0].id']],
    [{ repeats: 1 }, ['repeatAfter.amount', 'repeatAfter.unit']],
    [{ repeats: 10, repeatAfter: minutes(5) }, ['repeats']],
    [{ repeats: 1, repeatAfter: minutes(0) }, ['repeatAfter.amount']],
    [{ repeatAfter: minutes(5) }, ['repeatAfter']],
    [{ steps: [{ ...STEP, wait: { amount: 1, unit: 'business-hours' } }] }, ['calendar']],
    [{ repeats: 1, repeatAfter: { amount: 1, unit: 'business-hours' } }, ['calendar']],
    [{ repeats: 1, repeatAfter: { amount: 1, unit: 'business-hours' }, calendar: 'office' }, []],
    [{ when: { colours: ['red'] } }, ['when.colours']],
    [{ colour: 'red' }, ['colour']],
  ])('%j is told what is wrong with it', (more, expected) =>
    expect(faultyFields('ESCALATION_POLICY_INVALID', () => parseEscalationPolicy({ ...POLICY, ...more }))).toEqual(expected),
  );
});
