import { describe, expect, it } from '@jest/globals';
import type { IncidentEvent } from '#incident';
import { foldBatch } from '#kernel';
import { projectionSpec, recorded } from '#testing';
import { incidentTimers, type IncidentTimers } from './incident-timers.projection.js';

const incidentId = 'INC0000001';
const reported: IncidentEvent = { type: 'IncidentReported', data: { incidentId, title: 'No mail', reporter: 'bob', channel: 'phone' } };
const started: IncidentEvent = {
  type: 'SlaStarted',
  data: {
    incidentId,
    clockId: 'sla-resolution-1',
    kind: 'sla',
    target: 'resolution',
    policyVersion: 'gold@1',
    entry: 1,
    allowance: { amount: 4, unit: 'elapsed-hours' },
    calendar: null,
    pausesOn: ['vendor'],
    warnAt: [50],
    startedAt: '2026-01-05T09:00:00.000Z',
    dueAt: '2026-01-05T13:00:00.000Z',
    warnings: [{ share: 50, at: '2026-01-05T11:00:00.000Z' }],
  },
};
const escalating: IncidentEvent = {
  type: 'EscalationStarted',
  data: {
    incidentId,
    runId: 'mail-1',
    policyVersion: 'mail@1',
    trigger: 'not-acknowledged',
    subject: 'opening 0',
    because: 'Nobody has acknowledged it',
    nextStepAt: '2026-01-05T09:10:00.000Z',
  },
};
const stopped: IncidentEvent = {
  type: 'EscalationStopped',
  data: { incidentId, runId: 'mail-1', policyVersion: 'mail@1', why: 'acknowledged' },
};
const onHold = (reason: 'vendor' | 'problem'): IncidentEvent => ({ type: 'IncidentPutOnHold', data: { incidentId, reason } });
const resolved: IncidentEvent = { type: 'IncidentResolved', data: { incidentId, code: 'solved', fix: null, notes: null } };
const closing: IncidentEvent = {
  type: 'ClosureScheduled',
  data: { incidentId, policyVersion: 'closure@1', closesAt: '2026-01-08T09:00:00.000Z', afterDays: 3 },
};
const closed: IncidentEvent = { type: 'IncidentClosed', data: { incidentId, code: 'solved', how: 'elapsed', afterDays: 3 } };

const timersAfter = (...events: IncidentEvent[]): IncidentTimers =>
  foldBatch(incidentTimers, new Map(), recorded<IncidentEvent>(events)).documents[0]?.document as IncidentTimers;
const nextAfter = (...events: IncidentEvent[]) => timersAfter(...events).nextAt?.slice(5, 16) ?? null;

describe('the timers of an incident', () => {
  it('are the same however the events are cut into batches', () => {
    projectionSpec(incidentTimers)(
      ...recorded<IncidentEvent>([reported, started, escalating, onHold('vendor'), stopped, resolved, closing, closed]),
    );
  });

  it('ring for whichever judge wants to be asked first', () => {
    expect(nextAfter(reported)).toBeNull();
    expect(nextAfter(reported, started)).toBe('01-05T11:00');
    expect(nextAfter(reported, started, escalating)).toBe('01-05T09:10');
    expect(nextAfter(reported, started, escalating, stopped)).toBe('01-05T11:00');
  });

  it('do not ring for a clock that does not run', () => {
    expect(nextAfter(reported, started, onHold('vendor'))).toBeNull();
    expect(nextAfter(reported, started, onHold('problem'))).toBe('01-05T11:00');
    expect(nextAfter(reported, started, resolved)).toBeNull();
    expect(nextAfter(reported, started, resolved, closing)).toBe('01-08T09:00');
    expect(nextAfter(reported, started, resolved, closing, closed)).toBeNull();
  });

  it('are live while anything a site defines can change them', () => {
    expect(
      [timersAfter(reported), timersAfter(reported, resolved), timersAfter(reported, resolved, closed)].map(({ isLive }) => isLive),
    ).toEqual([true, true, false]);
  });
});
