import { describe, expect, it } from '@jest/globals';
import { fold } from '#kernel';
import { deciderSpec } from '#testing';
import { attemptNotice } from './attempt-notice.js';
import { backOffMs, LONGEST_WAIT_MS } from './back-off.js';
import { combineNotice } from './combine-notice.js';
import { NOTICE_LIMITS } from './limits.js';
import {
  digestIdOf,
  nextInstant,
  noticeDecider,
  noticeIdOf,
  NOTICE_STREAM_PREFIX,
  recipientKey,
  type Notice,
  type NoticeDataOf,
  type NoticeEvent,
} from './notice.js';
import { NOTICE_PREFERENCES_STREAM_PREFIX } from './preferences.js';
import { queueNotice } from './queue-notice.js';
import { recordFailure, recordSent } from './record-outcome.js';
import { requeueNotice } from './requeue-notice.js';
import { NOTICE_TEMPLATE_STREAM_PREFIX } from './template.js';

const at = (time: string) => `2026-01-05T${time}.000Z`;
const NOW = at('11:00:00');
const noticeId = 'n-1';

const notice: NoticeDataOf<'NoticeQueued'> = {
  ...{ noticeId, incidentId: 'INC0000123', eventId: 'e-1', eventType: 'IncidentAssigned' },
  ...{ recipient: { person: 'tom' }, channel: 'email', kind: 'update' },
  ...{ template: 'assigned-to-you', templateVersion: 1, language: 'en' },
  ...{ subject: 'INC0000123 is yours', text: 'This incident is assigned to you.' },
  ...{ notBefore: NOW, why: 'The incident was assigned to tom' },
};
const queuedWith = (more: Partial<NoticeDataOf<'NoticeQueued'>> = {}): NoticeEvent => ({
  type: 'NoticeQueued',
  data: { ...notice, ...more },
});
const queuedNotice = queuedWith();
const attempted = (attempt: number, leaseUntil: string, by = 'process-a'): NoticeEvent => ({
  type: 'NoticeAttempted',
  data: { noticeId, attempt, by, leaseUntil },
});
const receipt = { reference: '<n-1@example.org>', answer: '250 OK' };
const sent = (attempt: number): NoticeEvent => ({ type: 'NoticeSent', data: { noticeId, attempt, receipt } });
const failed = (attempt: number, nextAttemptAt: string | null): NoticeEvent => ({
  type: 'NoticeFailed',
  data: { noticeId, attempt, error: 'The mail server does not answer', nextAttemptAt },
});
const abandoned = (reason: string): NoticeEvent => ({ type: 'NoticeAbandoned', data: { noticeId, reason } });
const requeued: NoticeEvent = {
  type: 'NoticeRequeued',
  data: { noticeId, by: 'els', reason: 'The mail server is back', nextAttemptAt: NOW },
};
const combined: NoticeEvent = { type: 'NoticeCombined', data: { noticeId, digestId: 'd-1' } };

/** A notice that has failed so many times, and is due again now. */
const failedTimes = (times: number): NoticeEvent[] =>
  Array.from({ length: times }, (_, n) => [attempted(n + 1, NOW), failed(n + 1, NOW)]).flat();

describe('queueNotice', () => {
  const given = deciderSpec({ decide: queueNotice, ...noticeDecider });

  it('puts it into the outbox', () =>
    given()
      .when({ ...notice, now: NOW })
      .then(queuedNotice));
  it('makes no second one of the same fact', () =>
    given(queuedNotice)
      .when({ ...notice, now: NOW })
      .thenNothing());
  it('holds an update until its time', () =>
    given()
      .when({ ...notice, notBefore: at('18:00:00'), now: NOW })
      .then(queuedWith({ notBefore: at('18:00:00') })));
  it('never holds a page', () =>
    given()
      .when({ ...notice, kind: 'page', notBefore: at('18:00:00'), now: NOW })
      .then(queuedWith({ kind: 'page', notBefore: NOW })));
  it.each(['subject', 'text', 'html', 'why'] as const)('has bounds: %s', (field) => {
    const most = 'x'.repeat(NOTICE_LIMITS[field]);
    given()
      .when({ ...notice, [field]: most, now: NOW })
      .then(queuedWith({ [field]: most }));
    given()
      .when({ ...notice, [field]: `${most}x`, now: NOW })
      .thenRefused('NOTICE_TOO_LARGE');
  });
});

describe('attemptNotice', () => {
  const given = deciderSpec({ decide: attemptNotice, ...noticeDecider });
  const attempt = { noticeId, by: 'process-a', now: NOW };

  it('takes what is due, for two minutes', () =>
    given(queuedNotice)
      .when(attempt)
      .then(attempted(1, at('11:02:00'))));
  it('refuses what is not there', () => given().when(attempt).thenRefused('NOTICE_NOT_FOUND'));
  it('leaves what is held', () =>
    given(queuedWith({ notBefore: at('11:00:01') }))
      .when(attempt)
      .thenNothing());
  it('leaves what somebody else has', () =>
    given(queuedNotice, attempted(1, at('11:00:01'), 'process-b'))
      .when(attempt)
      .thenNothing());
  it('takes over what was never finished', () =>
    given(queuedNotice, attempted(1, NOW, 'process-b'))
      .when(attempt)
      .then(attempted(2, at('11:02:00'))));
  it('waits after a failure', () =>
    given(queuedNotice, attempted(1, NOW), failed(1, at('11:00:01')))
      .when(attempt)
      .thenNothing());
  it('tries again after that', () =>
    given(queuedNotice, attempted(1, NOW), failed(1, NOW))
      .when(attempt)
      .then(attempted(2, at('11:02:00'))));
  it.each<[string, NoticeEvent]>([
    ['sent', sent(1)],
    ['given up', abandoned('Trying again cannot help')],
    ['in a digest', combined],
  ])('leaves what is %s', (_, last) => given(queuedNotice, attempted(1, NOW), last).when(attempt).thenNothing());
  it('gives up what was never finished a twelfth time', () =>
    given(queuedNotice, ...failedTimes(11), attempted(12, NOW))
      .when(attempt)
      .then(abandoned('Attempt 12 was the last one, and never came to an end')));
  it('has twelve more attempts where a person asked for it', () =>
    given(queuedNotice, ...failedTimes(12), abandoned('x'), requeued)
      .when(attempt)
      .then(attempted(13, at('11:02:00'))));
});

describe('recordSent', () => {
  const given = deciderSpec({ decide: recordSent, ...noticeDecider });

  it('ends it', () => given(queuedNotice, attempted(1, NOW)).when({ noticeId, attempt: 1, receipt }).then(sent(1)));
  it('is recorded once', () => given(queuedNotice, attempted(1, NOW), sent(1)).when({ noticeId, attempt: 1, receipt }).thenNothing());
  it('counts from whoever was slow', () =>
    given(queuedNotice, attempted(1, NOW), attempted(2, NOW, 'process-b'))
      .when({ noticeId, attempt: 1, receipt })
      .then(sent(1)));
  it('counts even after it was given up', () =>
    given(queuedNotice, ...failedTimes(11), attempted(12, NOW), abandoned('x'))
      .when({ noticeId, attempt: 12, receipt })
      .then(sent(12)));
  it('needs an attempt', () => given(queuedNotice).when({ noticeId, attempt: 1, receipt }).thenRefused('NOTICE_NOT_ATTEMPTED'));
  it('keeps a long answer in bounds', () =>
    given(queuedNotice, attempted(1, NOW))
      .when({ noticeId, attempt: 1, receipt: { reference: 'r', answer: 'x'.repeat(1_000) } })
      .then({ type: 'NoticeSent', data: { noticeId, attempt: 1, receipt: { reference: 'r', answer: 'x'.repeat(300) } } }));
});

describe('recordFailure', () => {
  const given = deciderSpec({ decide: recordFailure, ...noticeDecider });
  const failure = { noticeId, attempt: 1, error: 'The mail server does not answer', canRetry: true, jitter: 0, now: NOW };

  it('has it tried again later', () =>
    given(queuedNotice, attempted(1, NOW))
      .when(failure)
      .then(failed(1, at('11:01:00'))));
  it('doubles the wait', () =>
    given(queuedNotice, ...failedTimes(3), attempted(4, NOW))
      .when({ ...failure, attempt: 4 })
      .then(failed(4, at('11:08:00'))));
  it('waits as long as the receiver asks', () =>
    given(queuedNotice, attempted(1, NOW))
      .when({ ...failure, retryAfterMs: 600_000 })
      .then(failed(1, at('11:10:00'))));
  it('waits no shorter than it would, and no longer than 8 hours', () => {
    const after = given(queuedNotice, attempted(1, NOW));
    after.when({ ...failure, retryAfterMs: 1_000 }).then(failed(1, at('11:01:00')));
    after.when({ ...failure, retryAfterMs: 86_400_000 }).then(failed(1, at('19:00:00')));
  });
  it('gives up where trying again cannot help', () =>
    given(queuedNotice, attempted(1, NOW))
      .when({ ...failure, canRetry: false })
      .then(failed(1, null), abandoned('Trying again cannot help')));
  it('gives up after the twelfth', () =>
    given(queuedNotice, ...failedTimes(11), attempted(12, NOW))
      .when({ ...failure, attempt: 12 })
      .then(failed(12, null), abandoned('Tried 12 times, and none succeeded')));
  it('starts its waits anew where a person asked for it', () =>
    given(queuedNotice, ...failedTimes(12), abandoned('x'), requeued, attempted(13, NOW))
      .when({ ...failure, attempt: 13 })
      .then(failed(13, at('11:01:00'))));
  it('decides nothing once somebody else has it', () =>
    given(queuedNotice, attempted(1, NOW), attempted(2, NOW, 'process-b'))
      .when(failure)
      .thenNothing());
  it('decides nothing once it is sent', () => given(queuedNotice, attempted(1, NOW), sent(1)).when(failure).thenNothing());
  it('is recorded once', () => given(queuedNotice, attempted(1, NOW), failed(1, NOW)).when(failure).thenNothing());
  it('needs an attempt', () => given(queuedNotice).when(failure).thenRefused('NOTICE_NOT_ATTEMPTED'));
});

describe('requeueNotice', () => {
  const given = deciderSpec({ decide: requeueNotice, ...noticeDecider });
  const requeue = { noticeId, by: 'els', reason: 'The mail server is back', now: NOW };

  it('replays what was given up', () =>
    given(queuedNotice, ...failedTimes(12), abandoned('x'))
      .when(requeue)
      .then(requeued));
  it('does not wait for the next attempt', () =>
    given(queuedNotice, attempted(1, NOW), failed(1, at('18:00:00')))
      .when(requeue)
      .then(requeued));
  it.each<[string, NoticeEvent[]]>([
    ['has not failed', []],
    ['is being sent', [attempted(1, NOW)]],
    ['is sent', [attempted(1, NOW), sent(1)]],
    ['is in a digest', [combined]],
    ['is to be tried again already', [attempted(1, NOW), failed(1, at('18:00:00')), requeued]],
  ])('refuses what %s', (_, since) =>
    given(queuedNotice, ...since)
      .when(requeue)
      .thenRefused('NOTICE_NOT_FAILED'),
  );
  it('refuses what is not there', () => given().when(requeue).thenRefused('NOTICE_NOT_FOUND'));
});

describe('combineNotice', () => {
  const given = deciderSpec({ decide: combineNotice, ...noticeDecider });
  const combine = { noticeId, digestId: 'd-1' };

  it('lets a digest take it in', () => given(queuedNotice).when(combine).then(combined));
  it('is recorded once', () => given(queuedNotice, combined).when(combine).thenNothing());
  it('comes too late once it is being sent', () => given(queuedNotice, attempted(1, NOW)).when(combine).thenNothing());
  it('comes too late once it has been tried', () => given(queuedNotice, attempted(1, NOW), failed(1, NOW)).when(combine).thenNothing());
  it('leaves pages alone', () =>
    given(queuedWith({ kind: 'page' }))
      .when(combine)
      .thenNothing());
  it('leaves alone what asks for an answer', () =>
    given(queuedWith({ confirmation: { resolutionRevision: 17, expiresAt: NOW } }))
      .when(combine)
      .thenNothing());
});

describe('the wait before the next attempt', () => {
  it('doubles from a minute to eight hours', () => {
    const minutes = Array.from({ length: 12 }, (_, n) => backOffMs(n + 1, 0) / 60_000);
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 480, 480, 480]);
    expect(backOffMs(1_000_000, 0)).toBe(LONGEST_WAIT_MS);
  });

  it('is up to a quarter shorter', () => {
    expect([0, 0.5, 1].map((jitter) => backOffMs(1, jitter))).toEqual([60_000, 52_500, 45_000]);
  });

  it('spreads twelve attempts over about a day', () => {
    const hours = (jitter: number) =>
      Array.from({ length: 11 }, (_, n) => backOffMs(n + 1, jitter)).reduce((sum, ms) => sum + ms) / 3_600_000;
    expect([hours(1), hours(0)].map(Math.round)).toEqual([18, 25]);
  });
});

describe('a notice', () => {
  const next = (...events: NoticeEvent[]) => nextInstant(fold<Notice, NoticeEvent>(noticeDecider, events));

  it('wants attention when it is to be sent, or its lease taken over', () => {
    expect(next()).toBeNull();
    expect(next(queuedWith({ notBefore: at('18:00:00') }))).toBe(at('18:00:00'));
    expect(next(queuedNotice, attempted(1, at('11:02:00')))).toBe(at('11:02:00'));
    expect(next(queuedNotice, attempted(1, NOW), failed(1, at('11:03:00')))).toBe(at('11:03:00'));
    expect(next(queuedNotice, ...failedTimes(12), abandoned('x'), requeued)).toBe(NOW);
    for (const last of [sent(1), abandoned('x'), combined]) expect(next(queuedNotice, attempted(1, NOW), last)).toBeNull();
  });

  it('is the same one for the same fact, recipient, channel and template, and another one else', () => {
    const about = { eventId: 'e-1', recipient: { person: 'tom' }, channel: 'email', template: 'closed' } as const;
    const others = [
      { ...about, eventId: 'e-2' },
      { ...about, recipient: { person: 'els' } },
      { ...about, recipient: { address: 'tom' } },
      { ...about, channel: 'console' as const },
      { ...about, template: 'reopened' },
    ];
    expect(noticeIdOf({ ...about })).toBe(noticeIdOf(about));
    expect(new Set([about, ...others].map(noticeIdOf)).size).toBe(6);
    expect(recipientKey({ endpoint: 'ops' })).toBe('endpoint:ops');
  });

  it('is one digest for each recipient, channel and hold', () => {
    const held = { recipient: { person: 'tom' }, channel: 'email', heldUntil: NOW } as const;
    expect(digestIdOf({ ...held })).toBe(digestIdOf(held));
    expect(digestIdOf({ ...held, heldUntil: at('18:00:00') })).not.toBe(digestIdOf(held));
  });

  it('has streams that nobody takes for those of a template, or of preferences', () => {
    const prefixes = [NOTICE_STREAM_PREFIX, NOTICE_TEMPLATE_STREAM_PREFIX, NOTICE_PREFERENCES_STREAM_PREFIX];
    for (const one of prefixes) expect(prefixes.filter((other) => other.startsWith(one))).toEqual([one]);
  });
});

describe('however two processes get into each other’s way', () => {
  /** The same runs on every machine. */
  const random = (seed: number) => () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;

  it('a notice is sent at least once and recorded once, and no two hold it at a time', () => {
    const next = random(11);
    for (let run = 0; run < 300; run++) {
      const events: NoticeEvent[] = [queuedNotice];
      let [now, sends] = [Date.parse(NOW), 0];
      const decided = <Command>(decide: (command: Command, notice: Notice) => NoticeEvent[], command: Command) => {
        const made = decide(command, fold<Notice, NoticeEvent>(noticeDecider, events));
        events.push(...made);
        return made[0];
      };
      /** What each process has in hand, and until when. */
      const held: { attempt: number; until: number }[] = [];
      for (let step = 0; step < 200 && nextInstant(fold<Notice, NoticeEvent>(noticeDecider, events)) !== null; step++) {
        now += Math.floor(next() * 90_000);
        const taken = decided(attemptNotice, { noticeId, by: `process-${step}`, now: new Date(now).toISOString() });
        if (taken?.type === 'NoticeAttempted') {
          expect(held.filter(({ until }) => until > now)).toEqual([]);
          held.push({ attempt: taken.data.attempt, until: Date.parse(taken.data.leaseUntil) });
        }
        const [hand] = held;
        if (!hand || next() < 0.3) continue;
        held.shift();
        const fate = next();
        if (fate < 0.4) continue; // killed, before or after it had sent
        if (fate < 0.7) {
          sends += 1;
          decided(recordSent, { noticeId, attempt: hand.attempt, receipt });
        } else {
          const failure = { error: 'x', canRetry: true, jitter: next(), now: new Date(now).toISOString() };
          decided(recordFailure, { noticeId, attempt: hand.attempt, ...failure });
        }
      }
      const recordings = events.filter(({ type }) => type === 'NoticeSent').length;
      expect(recordings).toBe(Math.min(1, sends));
    }
  });
});
