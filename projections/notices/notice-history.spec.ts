import { describe, expect, it } from '@jest/globals';
import type { NoticeEvent } from '#domain/notifications';
import { recorded } from '#testing';
import { noticeHistory } from './notice-history.js';

const noticeId = '6b0d1f5a-5f6e-8c1d-9a53-1d2f6f3ab001';
const at = (time: string) => `2026-01-05T${time}:00.000Z`;
const receipt = { reference: '<6b0d@desk.example.org>', answer: '250 Ok' };

const QUEUED: NoticeEvent = {
  type: 'NoticeQueued',
  data: {
    ...{ noticeId, incidentId: 'INC0000123', eventId: 'e-1', eventType: 'IncidentAssigned', recipient: { person: 'lena' } },
    ...{ channel: 'email', kind: 'update', template: 'assigned-to-you', templateVersion: 3, language: 'en' },
    ...{
      subject: 'It is yours',
      text: 'It is yours.',
      html: '<p>It is yours.</p>',
      notBefore: at('09:00'),
      why: 'It was assigned to them',
    },
  },
};
const attempted = (attempt: number): NoticeEvent => ({
  type: 'NoticeAttempted',
  data: { noticeId, attempt, by: `process-${attempt}`, leaseUntil: at('09:30') },
});

/** Events follow each other by a minute, from 9 o'clock on. */
const historyOf = (...events: NoticeEvent[]) =>
  noticeHistory(
    (async function* () {
      yield* recorded<NoticeEvent>(events, { streamName: `notice-${noticeId}`, recordedAt: at('09:00') });
    })(),
  );

describe('the history of a notice', () => {
  it('is nothing, where there is none', async () => {
    expect(await historyOf()).toBeUndefined();
  });

  it('tells every attempt with what became of it, and who had it tried again', async () => {
    const history = await historyOf(
      QUEUED,
      attempted(1),
      { type: 'NoticeFailed', data: { noticeId, attempt: 1, error: 'Nobody there', nextAttemptAt: null } },
      { type: 'NoticeAbandoned', data: { noticeId, reason: 'Trying again cannot help' } },
      { type: 'NoticeRequeued', data: { noticeId, by: 'els', reason: 'The address was wrong', nextAttemptAt: at('09:04') } },
      attempted(2),
      { type: 'NoticeSent', data: { noticeId, attempt: 2, receipt } },
    );
    expect(history).toMatchObject({
      revision: 6n,
      html: '<p>It is yours.</p>',
      notice: { status: 'sent', attempts: 2, text: 'It is yours.', lastError: 'Nobody there', abandonedBecause: null },
      requeues: [{ by: 'els', reason: 'The address was wrong', at: at('09:04') }],
    });
    const [first, second] = history?.attempts ?? [];
    const common = { leaseUntil: at('09:30') };
    expect(first).toEqual({
      ...{ ...common, attempt: 1, by: 'process-1', attemptedAt: at('09:01') },
      ...{ outcome: 'failed', endedAt: at('09:02'), error: 'Nobody there', receipt: null },
    });
    expect(second).toEqual({
      ...{ ...common, attempt: 2, by: 'process-2', attemptedAt: at('09:05') },
      ...{ outcome: 'sent', endedAt: at('09:06'), error: null, receipt },
    });
  });

  it('does not know what became of an attempt whose process said nothing, until it does', async () => {
    const history = await historyOf(QUEUED, attempted(1), attempted(2));
    expect(history?.attempts.map(({ outcome }) => outcome)).toEqual([null, null]);
    const later = await historyOf(QUEUED, attempted(1), attempted(2), { type: 'NoticeSent', data: { noticeId, attempt: 1, receipt } });
    expect(later?.attempts.map(({ outcome }) => outcome)).toEqual(['sent', null]);
  });
});
