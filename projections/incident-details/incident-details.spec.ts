import type { IncidentEvent } from '#domain/incident';
import { projectionSpec, recorded } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { foldBatch } from '#kernel';
import { KEPT, type IncidentDetails } from './incident-details.document.js';
import { incidentDetails } from './incident-details.projection.js';
import { incidentPage } from './incident-details.query.js';

const incidentId = 'INC0000001';
const reported: IncidentEvent = {
  type: 'IncidentReported',
  data: { incidentId, title: 'Mail: no Mail!', reporter: 'bob', channel: 'phone' },
};
const note = (n: number): IncidentEvent => ({
  type: 'NoteAdded',
  data: { incidentId, noteId: `n${n}`, visibility: 'internal', text: `Note ${n}` },
});
const worked = (minutes: number): IncidentEvent => ({ type: 'WorkLogged', data: { incidentId, workId: 'w', minutes, activity: 'search' } });
const resolved: IncidentEvent = { type: 'IncidentResolved', data: { incidentId, code: 'solved', fix: 'fix', notes: 'Restarted' } };

const correction = (eventRevision: number, eventType: string, fact: string, was: unknown, is: unknown): IncidentEvent => ({
  type: 'FactCorrected',
  data: { incidentId, eventId: 'e', eventRevision, eventType, fact, was, is, reason: 'Mistyped', approvedBy: 'carol' },
});

const detailsOf = (...events: readonly IncidentEvent[]): IncidentDetails => {
  const [write] = foldBatch(incidentDetails, new Map(), recorded<IncidentEvent>(events)).documents;
  return write?.document as IncidentDetails;
};

describe('the details of an incident', () => {
  it('are the same however the events are cut into batches', () => {
    const link: IncidentEvent = { type: 'IncidentLinked', data: { incidentId, kind: 'problem', target: 'PRB1' } };
    projectionSpec(incidentDetails)(
      ...recorded<IncidentEvent>([reported, note(1), worked(10), link, resolved, correction(2, 'WorkLogged', 'minutes', 10, 20)]),
    );
  });

  it('keep the newest of what can grow for ever, and count all of it', () => {
    const { notes, timeline } = detailsOf(reported, ...Array.from({ length: 150 }, (_, n) => note(n)));
    expect(notes.total).toBe(150);
    expect(notes.latest).toHaveLength(KEPT.entries);
    expect(notes.latest.at(-1)).toEqual({
      revision: 150,
      at: expect.any(String),
      by: 'Ada',
      noteId: 'n149',
      visibility: 'internal',
      text: 'Note 149',
    });
    expect(timeline).toMatchObject({ total: 151 });
    expect(timeline.latest).toHaveLength(KEPT.timeline);
  });

  it('show what was corrected, where it is shown', () => {
    const details = detailsOf(
      reported,
      worked(10),
      note(1),
      resolved,
      correction(0, 'IncidentReported', 'title', 'Mail: no Mail!', 'No post'),
      correction(1, 'WorkLogged', 'minutes', 10, 25),
      correction(2, 'NoteAdded', 'text', 'Note 1', 'Note one'),
      correction(3, 'IncidentResolved', 'occurredAt', null, '2026-01-05T08:00:00.000Z'),
    );
    expect(details).toMatchObject({
      title: 'No post',
      words: ['no', 'post'],
      resolvedAt: '2026-01-05T08:00:00.000Z',
      resolution: { at: '2026-01-05T08:00:00.000Z', code: 'solved', confirmed: false },
      corrections: { total: 4 },
    });
    expect(details.work).toMatchObject({ minutes: 25, latest: [{ minutes: 25 }] });
    expect(details.notes.latest[0]?.text).toBe('Note one');
  });

  it('show what it waits for as it was corrected, for as long as it waits', () => {
    const onHold: IncidentEvent = { type: 'IncidentPutOnHold', data: { incidentId, reason: 'vendor', comment: 'A switch' } };
    const resumed: IncidentEvent = { type: 'IncidentResumed', data: { incidentId, cause: 'answered' } };
    const corrections = [
      correction(1, 'IncidentPutOnHold', 'reason', 'vendor', 'caller'),
      correction(1, 'IncidentPutOnHold', 'occurredAt', null, '2026-01-05T08:00:00.000Z'),
    ];
    expect(detailsOf(reported, onHold, ...corrections).hold).toEqual({
      reason: 'caller',
      until: null,
      comment: 'A switch',
      since: '2026-01-05T08:00:00.000Z',
    });
    expect(detailsOf(reported, onHold, resumed, ...corrections).hold).toBeNull();
    expect(detailsOf(reported, onHold, resumed, onHold, ...corrections).hold).toMatchObject({ reason: 'vendor' });
  });

  it('forget the resolution when it is reopened', () => {
    const reopened: IncidentEvent = { type: 'IncidentReopened', data: { incidentId, cause: 'rejected', reason: 'Still broken' } };
    expect(detailsOf(reported, resolved, reopened)).toMatchObject({
      status: 'acknowledged',
      open: true,
      resolution: null,
      resolvedAt: null,
      reopenings: 1,
    });
  });
});

describe('searching incidents', () => {
  it('finds words from their beginning on, each narrowing the search', () => {
    expect(detailsOf(reported).words).toEqual(['mail', 'no']);
    expect(incidentPage({ text: 'Mai NO', open: true }, 'newest', { limit: 20 }).filter).toEqual({
      $and: [
        { open: true },
        { words: { $elemMatch: { $gte: 'mai', $lt: 'mai\u{10FFFF}' } } },
        { words: { $elemMatch: { $gte: 'no', $lt: 'no\u{10FFFF}' } } },
      ],
    });
  });

  it('refuses a text without words', () => {
    expect(() => incidentPage({ text: ' ?! ' }, 'newest', { limit: 20 })).toThrow(expect.objectContaining({ code: 'SEARCH_INVALID' }));
  });
});
