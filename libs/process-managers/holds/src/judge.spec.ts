import { describe, expect, it } from '@jest/globals';
import type { IncidentEvent } from '#domain/incident';
import { JudgeDesk } from '#testing';
import { evolveHold, judgeHold, nextHoldInstant, type IncidentHold } from './judge.js';

const incidentId = 'INC0000001';
const onHold = (until?: string): IncidentEvent => ({
  type: 'IncidentPutOnHold',
  data: { incidentId, reason: 'vendor', ...(until !== undefined && { until }) },
});
const reported = (more: object = {}): IncidentEvent => ({
  type: 'IncidentReported',
  data: { incidentId, title: 'No mail', reporter: 'bob', channel: 'phone', ...more },
});
const ended = (type: string, data: object = {}) => ({ type, data: { incidentId, ...data } }) as IncidentEvent;

const desk = (report = reported()) =>
  new JudgeDesk<IncidentHold, IncidentEvent>({
    evolve: evolveHold,
    judge: judgeHold,
    next: nextHoldInstant,
    words: ({ type, data }, occurredAt) => `${occurredAt} ${type} ${(data as { cause?: string }).cause}`,
  }).tell('2026-01-12T09:00Z', report);

describe('a hold', () => {
  it('ends when its time is up, at its instant, however late somebody asks', () => {
    const held = desk().tell('2026-01-12T10:00Z', onHold('2026-01-13T08:00:00Z'));
    expect(held.judge('2026-01-13T07:59:59.999Z').says()).toEqual([]);
    expect(held.judge('2026-01-20T00:00Z').says()).toEqual(['2026-01-13T08:00:00.000Z IncidentResumed time-up']);
  });

  it('without an end waits for the answer', () => {
    expect(desk().tell('2026-01-12T10:00Z', onHold()).until('2027-01-01T00:00Z').says()).toEqual([]);
  });

  it('of another while takes the place of the first', () => {
    const held = desk().tell('2026-01-12T10:00Z', onHold('2026-01-13T08:00Z')).tell('2026-01-12T11:00Z', onHold('2026-01-14T08:00Z'));
    expect(held.until('2027-01-01T00:00Z').says()).toEqual(['2026-01-14T08:00:00.000Z IncidentResumed time-up']);
    expect(
      held.tell('2027-01-02T00:00Z', onHold('2027-01-03T00:00Z')).tell('2027-01-02T01:00Z', onHold()).until('2028-01-01T00:00Z').says(),
    ).toEqual([]);
  });

  it.each([
    'IncidentAcknowledged',
    'IncidentResumed',
    'IncidentResolved',
    'IncidentClosed',
    'IncidentReopened',
    'IncidentCancelled',
    'IncidentReclassified',
  ])('is over with %s', (type) => {
    const held = desk().tell('2026-01-12T10:00Z', onHold('2026-01-13T08:00Z')).tell('2026-01-12T11:00Z', ended(type));
    expect(held.until('2027-01-01T00:00Z').says()).toEqual([]);
  });

  it('of history from elsewhere is left as it was', () => {
    const held = desk(reported({ serviceLevelImported: true })).tell('2026-01-12T10:00Z', onHold('2026-01-13T08:00Z'));
    expect(held.judge('2027-01-01T00:00Z').says()).toEqual([]);
  });
});
