import { describe, expect, it } from '@jest/globals';
import { foldBatch } from '#kernel';
import { LEASE_MS, type NoticeDataOf, type NoticeEvent } from '#domain/notifications';
import { projectionSpec, recorded } from '#testing';
import { notices, type NoticeItem } from './notices.projection.js';

const noticeId = '6b0d1f5a-5f6e-8c1d-9a53-1d2f6f3ab001';
const at = (time: string) => `2026-01-05T${time}:00.000Z`;

/** Recorded events follow each other by a minute, from 9 o'clock on. */
const queued = (more: Partial<NoticeDataOf<'NoticeQueued'>> = {}): NoticeEvent => ({
  type: 'NoticeQueued',
  data: {
    noticeId,
    incidentId: 'INC0000123',
    eventId: '5a1d6a52-9c1b-8a4e-8f8f-2c5bb6b5d005',
    eventType: 'IncidentAssigned',
    recipient: { person: 'lena' },
    channel: 'email',
    kind: 'update',
    template: 'assigned-to-you',
    templateVersion: 3,
    language: 'de',
    subject: 'INC0000123 ist Ihnen zugewiesen',
    text: 'Diese Störung ist Ihnen zugewiesen.',
    notBefore: at('09:00'),
    why: 'It was assigned to them',
    ...more,
  },
});
const attempted = (attempt: number): NoticeEvent => ({
  type: 'NoticeAttempted',
  data: { noticeId, attempt, by: 'automation-1', leaseUntil: new Date(Date.parse(at('09:00')) + LEASE_MS).toISOString() },
});
const receipt = { reference: '<6b0d@desk.example.org>', answer: '250 Ok' };
const sent: NoticeEvent = { type: 'NoticeSent', data: { noticeId, attempt: 1, receipt } };
const failed = (attempt: number, nextAttemptAt: string | null): NoticeEvent => ({
  type: 'NoticeFailed',
  data: { noticeId, attempt, error: 'The mail server cannot be reached', nextAttemptAt },
});
const abandoned: NoticeEvent = { type: 'NoticeAbandoned', data: { noticeId, reason: 'Trying again cannot help' } };
const requeued: NoticeEvent = {
  type: 'NoticeRequeued',
  data: { noticeId, by: 'els', reason: 'The address was wrong', nextAttemptAt: at('12:00') },
};
const combined: NoticeEvent = { type: 'NoticeCombined', data: { noticeId, digestId: 'd-1' } };

const events = (...all: NoticeEvent[]) => recorded<NoticeEvent>(all, { streamName: `notice-${noticeId}`, recordedAt: at('09:00') });
const itemAfter = (...all: NoticeEvent[]) => foldBatch(notices, new Map(), events(...all)).documents[0]?.document as NoticeItem;

describe('the view of notices', () => {
  it('shows a notice whole as it is queued', () => {
    projectionSpec(notices)(...events(queued())).thenDocuments({
      [noticeId]: {
        noticeId,
        incidentId: 'INC0000123',
        eventId: '5a1d6a52-9c1b-8a4e-8f8f-2c5bb6b5d005',
        eventType: 'IncidentAssigned',
        recipient: { person: 'lena' },
        recipientKey: 'person:lena',
        channel: 'email',
        kind: 'update',
        template: 'assigned-to-you',
        templateVersion: 3,
        language: 'de',
        subject: 'INC0000123 ist Ihnen zugewiesen',
        text: 'Diese Störung ist Ihnen zugewiesen.',
        why: 'It was assigned to them',
        queuedAt: at('09:00'),
        notBefore: at('09:00'),
        isHeld: false,
        sentAt: null,
        receipt: null,
        lastError: null,
        abandonedBecause: null,
        digestId: null,
        combines: [],
        status: 'waiting',
        attempts: 0,
        dueAt: at('09:00'),
        state: { status: 'waiting', combinable: true, attempts: 0, forgiven: 0, dueAt: at('09:00') },
      },
    });
  });

  it('is the same however the events are cut into batches', () => {
    projectionSpec(notices)(
      ...events(queued(), attempted(1), failed(1, at('09:05')), attempted(2), failed(2, null), abandoned, requeued, attempted(3), sent),
    );
    projectionSpec(notices)(...events(queued({ notBefore: at('18:00') }), combined));
  });

  it.each<[what: string, history: NoticeEvent[], expected: Partial<NoticeItem>]>([
    ['waits', [queued()], { status: 'waiting', attempts: 0, dueAt: at('09:00'), isHeld: false }],
    ['is held for the evening', [queued({ notBefore: at('18:00') })], { status: 'waiting', dueAt: at('18:00'), isHeld: true }],
    ['is a page, which is never held', [queued({ kind: 'page', notBefore: at('18:00') })], { isHeld: false }],
    ['is under way', [queued(), attempted(1)], { status: 'attempted', attempts: 1, dueAt: at('09:02') }],
    ['has been sent', [queued(), attempted(1), sent], { status: 'sent', sentAt: at('09:02'), receipt, dueAt: null, lastError: null }],
    [
      'has failed, and is tried again',
      [queued(), attempted(1), failed(1, at('09:05'))],
      { status: 'waiting', attempts: 1, dueAt: at('09:05'), lastError: 'The mail server cannot be reached' },
    ],
    [
      'was given up, and says why it failed',
      [queued(), attempted(1), failed(1, null), abandoned],
      { status: 'abandoned', dueAt: null, lastError: 'The mail server cannot be reached', abandonedBecause: 'Trying again cannot help' },
    ],
    [
      'was given up because its last attempt came to no end',
      [queued(), attempted(1), abandoned],
      { status: 'abandoned', lastError: null, abandonedBecause: 'Trying again cannot help' },
    ],
    [
      'was given up, and then came through all the same',
      [queued(), attempted(1), abandoned, sent],
      { status: 'sent', sentAt: at('09:03'), receipt, abandonedBecause: null },
    ],
    [
      'is tried again because somebody asked for it',
      [queued(), attempted(1), failed(1, null), abandoned, requeued],
      { status: 'waiting', attempts: 1, dueAt: at('12:00'), lastError: 'The mail server cannot be reached', abandonedBecause: null },
    ],
    [
      'went into a digest',
      [queued({ notBefore: at('18:00') }), combined],
      { status: 'combined', digestId: 'd-1', dueAt: null, sentAt: null },
    ],
    ['is a digest', [queued({ kind: 'digest', combines: ['n-1', 'n-2'] })], { kind: 'digest', combines: ['n-1', 'n-2'], isHeld: false }],
  ])('of a notice that %s', (_, history, expected) => {
    expect(itemAfter(...history)).toMatchObject(expected);
  });

  it('names every kind of recipient', () => {
    const keyOf = (recipient: NoticeDataOf<'NoticeQueued'>['recipient']) => itemAfter(queued({ recipient })).recipientKey;
    expect([keyOf({ person: 'lena' }), keyOf({ address: 'a@example.org' }), keyOf({ endpoint: 'chat' })]).toEqual([
      'person:lena',
      'address:a@example.org',
      'endpoint:chat',
    ]);
  });

  it('passes over what happened to a notice that was never queued', () => {
    projectionSpec(notices)(...events(attempted(1), sent)).thenDocuments({});
  });
});
