import { describe, expect, it } from '@jest/globals';
import type { IncidentEvent } from '#domain/incident';
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
const onHold = (reason: 'vendor' | 'problem', until?: string): IncidentEvent => ({
  type: 'IncidentPutOnHold',
  data: { incidentId, reason, ...(until !== undefined && { until }) },
});
const deferred: IncidentEvent = {
  type: 'AssignmentDeferred',
  data: { incidentId, team: 'desk', reason: 'none of 2 members can take it', retryAt: '2026-01-05T10:30:00.000Z' },
};
const given: IncidentEvent = { type: 'IncidentAssigned', data: { incidentId, team: 'desk', agent: 'ann', why: 'capacity' } };
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
      ...recorded<IncidentEvent>([reported, started, escalating, deferred, onHold('vendor'), stopped, resolved, closing, closed]),
    );
  });

  it('ring for whichever judge wants to be asked first', () => {
    expect(nextAfter(reported)).toBeNull();
    expect(nextAfter(reported, started)).toBe('01-05T11:00');
    expect(nextAfter(reported, started, escalating)).toBe('01-05T09:10');
    expect(nextAfter(reported, started, escalating, stopped)).toBe('01-05T11:00');
  });

  it('ring when a hold is over, and when somebody is back who can take it', () => {
    expect(nextAfter(reported, started, onHold('vendor', '2026-01-05T12:00:00Z'))).toBe('01-05T12:00');
    expect(nextAfter(reported, started, deferred)).toBe('01-05T10:30');
    expect(nextAfter(reported, started, deferred, given)).toBe('01-05T11:00');
  });

  it('tell which incidents wait for somebody, and of which team', () => {
    const waits = (...events: IncidentEvent[]) => {
      const { isUnassigned, deferredTo } = timersAfter(...events);
      return [isUnassigned, deferredTo];
    };
    expect([waits(reported), waits(reported, deferred), waits(reported, deferred, given), waits(reported, resolved)]).toEqual([
      [true, null],
      [true, 'desk'],
      [false, null],
      [false, null],
    ]);
  });

  it('are none of an incident that was brought from elsewhere, whatever happens to it here', () => {
    const brought = recorded<IncidentEvent>([reported, started, onHold('vendor'), resolved], {
      metadata: { actor: { kind: 'import', id: 'servicenow' } },
    });
    expect(foldBatch(incidentTimers, new Map(), brought).documents).toEqual([]);
    const judged: IncidentEvent = { ...reported, data: { ...reported.data, serviceLevelImported: true } } as IncidentEvent;
    expect(foldBatch(incidentTimers, new Map(), recorded<IncidentEvent>([judged, started])).documents).toEqual([]);
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
