import type { IncidentEvent } from '#domain/incident';
import { projectionSpec, recorded } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { foldBatch, type Recorded } from '#kernel';
import { auditTrail, lineId, type AuditLine } from './audit-trail.projection.js';
import { auditPage } from './audit-trail.query.js';

const incidentId = 'INC0000001';
const reported: IncidentEvent = { type: 'IncidentReported', data: { incidentId, title: 'No mail', reporter: 'bob', channel: 'phone' } };
const prioritized = (priority: string): IncidentEvent => ({
  type: 'IncidentPrioritized',
  data: { incidentId, impact: 'high', urgency: 'low', risks: [], priority, matrixVersion: '1' },
});
const assigned = (team: string | null): IncidentEvent => ({
  type: 'IncidentAssigned',
  data: { incidentId, team, agent: null, why: 'person' },
});

const linesOf = (events: readonly Recorded<IncidentEvent>[]): AuditLine[] =>
  foldBatch(auditTrail, new Map(), events).lines.map(({ document }) => document as unknown as AuditLine);

describe('the audit trail', () => {
  it('tells one event whole: what, who, when it happened and when it was recorded, before and after', () => {
    const [event] = recorded<IncidentEvent>([reported], {
      recordedAt: '2026-01-05T10:00:00.000Z',
      occurredAt: '2026-01-05T09:00:00.000Z',
      metadata: { origin: { file: 'log.csv', sha256: 'ab', row: 7 } },
    }) as [Recorded<IncidentEvent>];
    projectionSpec(auditTrail)(event).thenOutputs({
      [`audit_trail/${lineId(incidentId, 0n)}`]: {
        incidentId,
        eventRevision: 0,
        eventId: event.id,
        type: 'IncidentReported',
        what: 'Incident reported by bob (phone): No mail',
        who: { kind: 'person', id: 'agent-1', name: 'Ada', roles: ['agent'], onBehalfOf: null },
        occurredAt: '2026-01-05T09:00:00.000Z',
        recordedAt: '2026-01-05T10:00:00.000Z',
        recordedLateSeconds: 3600,
        changes: [
          { field: 'status', before: null, after: 'new' },
          { field: 'title', before: null, after: 'No mail' },
          { field: 'reporter', before: null, after: 'bob' },
          { field: 'channel', before: null, after: 'phone' },
        ],
        reason: null,
        origin: { file: 'log.csv', sha256: 'ab', row: 7 },
        corrects: null,
        commandId: event.metadata.commandId,
        correlationId: event.metadata.$correlationId,
        causationId: event.metadata.$causationId,
        schemaVersion: 1,
      },
    });
  });

  it('says what it was before, in words and by field', () => {
    const lines = linesOf(recorded<IncidentEvent>([reported, prioritized('P3'), prioritized('P1'), assigned('Mail'), assigned(null)]));
    expect(lines.map(({ what }) => what).slice(1)).toEqual([
      'Priority set to P3, by matrix 1',
      'Priority set to P1 (was P3), by matrix 1',
      'Assigned to Mail',
      'Assigned to nobody (was Mail)',
    ]);
    expect(lines[2]?.changes).toEqual([{ field: 'priority', before: 'P3', after: 'P1' }]);
    expect(lines[4]?.changes).toEqual([{ field: 'team', before: 'Mail', after: null }]);
  });

  it('names the line that a correction corrects, and leaves that line as it is', () => {
    const correction: IncidentEvent = {
      type: 'FactCorrected',
      data: {
        incidentId,
        eventId: 'e',
        eventRevision: 0,
        eventType: 'IncidentReported',
        fact: 'title',
        was: 'No mail',
        is: 'No post',
        reason: 'Mistyped',
        approvedBy: 'carol',
      },
    };
    const [first, last] = linesOf(recorded<IncidentEvent>([reported, correction]));
    expect(first?.what).toContain('No mail');
    expect(last).toMatchObject({
      corrects: 'INC0000001@0000000000',
      reason: 'Mistyped',
      changes: [{ field: 'title', before: 'No mail', after: 'No post' }],
    });
  });

  it('goes on from what is so after a correction, and not from the mistake of an event that others have overtaken', () => {
    const correction = (eventType: string, eventRevision: number, fact: string, was: unknown, is: unknown): IncidentEvent => ({
      type: 'FactCorrected',
      data: { incidentId, eventId: 'e', eventRevision, eventType, fact, was, is, reason: 'Mistyped', approvedBy: 'carol' },
    });
    const onHold: IncidentEvent = { type: 'IncidentPutOnHold', data: { incidentId, reason: 'vendor' } };
    const worked = (minutes: number): IncidentEvent => ({
      type: 'WorkLogged',
      data: { incidentId, workId: 'w', minutes, activity: 'Looked' },
    });
    const lines = linesOf(
      recorded<IncidentEvent>([
        reported,
        assigned('Mail'),
        assigned('Network'),
        correction('IncidentAssigned', 1, 'team', 'Mail', 'Post'),
        assigned('Web'),
        correction('IncidentAssigned', 4, 'team', 'Web', 'Shop'),
        assigned('Mail'),
        onHold,
        { type: 'IncidentResumed', data: { incidentId, cause: 'answered' } },
        correction('IncidentPutOnHold', 7, 'reason', 'vendor', 'caller'),
        onHold,
        worked(30),
        correction('WorkLogged', 11, 'minutes', 30, 20),
        worked(10),
      ]),
    );
    const changes = (n: number) => lines[n]?.changes;
    expect(changes(4)).toEqual([{ field: 'team', before: 'Network', after: 'Web' }]);
    expect(changes(6)).toEqual([{ field: 'team', before: 'Shop', after: 'Mail' }]);
    expect(changes(9)).toEqual([{ field: 'hold.reason', before: 'vendor', after: 'caller' }]);
    expect(changes(10)).toContainEqual({ field: 'hold.reason', before: null, after: 'vendor' });
    expect(changes(12)).toEqual([
      { field: 'minutes', before: 30, after: 20 },
      { field: 'workMinutes', before: 30, after: 20 },
    ]);
    expect(changes(13)).toEqual([{ field: 'workMinutes', before: 20, after: 30 }]);
  });

  it('reads the lines of one incident by their ids', () => {
    expect(auditPage({ incident: incidentId }, 'history', { limit: 10 }).filter).toEqual({
      _id: { $gte: 'INC0000001@', $lt: 'INC0000001A' },
    });
    expect(lineId(incidentId, 9) < lineId(incidentId, 10)).toBe(true);
  });
});
