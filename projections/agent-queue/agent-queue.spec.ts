import { foldBatch } from '#kernel';
import type { IncidentEvent } from '#domain/incident';
import { projectionSpec, recorded } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { agentQueue, type AgentQueueItem } from './agent-queue.projection.js';
import { countQueue, queuePage } from './agent-queue.query.js';

const incidentId = 'INC0000001';
const reported: IncidentEvent = {
  type: 'IncidentReported',
  data: { incidentId, title: 'No mail', reporter: 'bob', channel: 'phone', service: 'Mail' },
};
const assigned: IncidentEvent = { type: 'IncidentAssigned', data: { incidentId, team: 'Mail team', agent: 'ada', why: 'person' } };
const held: IncidentEvent = { type: 'IncidentPutOnHold', data: { incidentId, reason: 'vendor', until: '2026-02-01T00:00:00.000Z' } };
const resolved: IncidentEvent = { type: 'IncidentResolved', data: { incidentId, code: 'solved', fix: 'fix', notes: null } };
const reopened: IncidentEvent = { type: 'IncidentReopened', data: { incidentId, cause: 'recurred', reason: 'Again' } };

const given = projectionSpec(agentQueue);
const events = recorded<IncidentEvent>([reported, assigned, held, resolved, reopened]);
const at = (n: number) => events[n]?.occurredAt as string;

const item: AgentQueueItem = {
  incidentId,
  title: 'No mail',
  status: 'new',
  open: true,
  priority: null,
  impact: null,
  urgency: null,
  category: null,
  service: 'Mail',
  channel: 'phone',
  reporter: 'bob',
  team: null,
  agent: null,
  assignedAt: null,
  major: false,
  hold: null,
  reportedAt: at(0),
  waitingSince: at(0),
  updatedAt: at(0),
  escalations: 0,
  reopenings: 0,
  links: 0,
  breached: false,
  due: {},
  sources: { IncidentReported: 0, IncidentCategorized: -1, IncidentPrioritized: -1, IncidentAssigned: -1, IncidentPutOnHold: -1 },
};

describe('the agent queue', () => {
  it('shows a reported incident, with nobody yet', () => {
    given(...events.slice(0, 1)).thenDocuments({ [incidentId]: item });
  });

  const waiting: AgentQueueItem = {
    ...item,
    team: 'Mail team',
    agent: 'ada',
    assignedAt: at(1),
    status: 'on-hold',
    hold: { reason: 'vendor', until: '2026-02-01T00:00:00.000Z' },
    waitingSince: at(2),
    updatedAt: at(2),
    sources: { ...item.sources, IncidentAssigned: 1, IncidentPutOnHold: 2 },
  };
  it('shows who has it and what it waits for', () => {
    given(...events.slice(0, 3)).thenDocuments({ [incidentId]: waiting });
  });

  const done: AgentQueueItem = { ...waiting, status: 'resolved', open: false, hold: null, waitingSince: at(3), updatedAt: at(3) };
  it('leaves the queue when it is resolved, and comes back whole when it is reopened', () => {
    given(...events.slice(0, 4)).thenDocuments({ [incidentId]: done });
    given(...events).thenDocuments({
      [incidentId]: { ...done, status: 'acknowledged', open: true, reopenings: 1, waitingSince: at(4), updatedAt: at(4) },
    });
  });

  it('shows what it waits for as it was corrected, for as long as it waits', () => {
    const onHold: IncidentEvent = { type: 'IncidentPutOnHold', data: { incidentId, reason: 'vendor' } };
    const correction: IncidentEvent = {
      type: 'FactCorrected',
      data: {
        incidentId,
        eventId: 'e',
        eventRevision: 1,
        eventType: 'IncidentPutOnHold',
        fact: 'reason',
        was: 'vendor',
        is: 'caller',
        reason: 'Mixed up',
        approvedBy: 'c',
      },
    };
    const resumed: IncidentEvent = { type: 'IncidentResumed', data: { incidentId, cause: 'answered' } };
    const holdAfter = (...events: IncidentEvent[]) =>
      foldBatch(agentQueue, new Map(), recorded<IncidentEvent>([reported, onHold, ...events])).documents[0]?.document.hold;
    expect(holdAfter(correction)).toEqual({ reason: 'caller', until: null });
    expect(holdAfter(resumed, correction)).toBeNull();
    expect(holdAfter(resumed, onHold, correction)).toEqual({ reason: 'vendor', until: null });
  });

  it('shows a correction of what it shows, and not of what was replaced since', () => {
    const correction = (eventRevision: number, is: string): IncidentEvent => ({
      type: 'FactCorrected',
      data: {
        incidentId,
        eventId: 'e',
        eventRevision,
        eventType: 'IncidentAssigned',
        fact: 'team',
        was: null,
        is,
        reason: 'Typo',
        approvedBy: 'c',
      },
    });
    const corrected = recorded<IncidentEvent>([reported, assigned, assigned, correction(1, 'Old'), correction(2, 'Post')]);
    given(...corrected).thenDocument(incidentId, {
      ...item,
      team: 'Post',
      agent: 'ada',
      assignedAt: at(1),
      waitingSince: corrected[2]?.occurredAt as string,
      updatedAt: corrected[4]?.occurredAt as string,
      sources: { ...item.sources, IncidentAssigned: 2 },
    });
  });
});

describe('reading the queue', () => {
  it('reads open incidents only, and one more than the page shows', () => {
    expect(queuePage({ team: 'none', major: true }, 'priority', { limit: 50 })).toEqual({
      collection: 'agent_queue',
      filter: { open: true, team: null, major: true },
      sort: { priority: 1, reportedAt: 1, _id: 1 },
      limit: 51,
    });
  });

  it('counts by team and by priority, and names what is not known', async () => {
    async function* open() {
      yield* [
        { team: null, priority: 'P1' },
        { team: 'Mail', priority: null },
        { team: 'Mail', priority: 'P1' },
      ];
    }
    expect(await countQueue(open())).toEqual({ open: 3, openByTeam: { Mail: 2, unassigned: 1 }, openByPriority: { P1: 2, none: 1 } });
  });
});
