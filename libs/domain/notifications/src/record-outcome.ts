import { IllegalTransition } from '#kernel';
import { backOffMs, LONGEST_WAIT_MS } from './back-off.js';
import { NOTICE_LIMITS } from './limits.js';
import { queued, type Notice, type NoticeEvent, type NoticeReceipt, type QueuedNotice } from './notice.js';

export type RecordSent = Readonly<{ noticeId: string; attempt: number; receipt: NoticeReceipt }>;

export type RecordFailure = Readonly<{
  noticeId: string;
  attempt: number;
  /** In words that tell no secrets: they are kept for good. */
  error: string;
  /** Whether trying again can help. */
  canRetry: boolean;
  /** How long the receiver asks to wait, in milliseconds. */
  retryAfterMs?: number;
  /** 0 to 1, at random. */
  jitter: number;
  now: string;
}>;

const attempted = (notice: Notice, attempt: number): QueuedNotice => {
  const known = queued(notice);
  if (attempt > known.attempts) {
    throw new IllegalTransition('NOTICE_NOT_ATTEMPTED', `There is no attempt ${attempt}: there were ${known.attempts}`);
  }
  return known;
};

/**
 * The channel took it. That is so even where the lease had run out and somebody else has taken the notice since, or it was given up: it is
 * recorded, once.
 * @throws NotFound NOTICE_NOT_FOUND; IllegalTransition NOTICE_NOT_ATTEMPTED
 */
export const recordSent = ({ noticeId, attempt, receipt }: RecordSent, notice: Notice): NoticeEvent[] => {
  if (attempted(notice, attempt).status === 'sent') return [];
  const [reference, answer] = [receipt.reference, receipt.answer].map((text) => text.slice(0, NOTICE_LIMITS.receipt)) as [string, string];
  return [{ type: 'NoticeSent', data: { noticeId, attempt, receipt: { reference, answer } } }];
};

/**
 * The channel did not take it: it is tried again later, or given up where that cannot help or has been done often enough. The failure of an
 * attempt that somebody else has taken over decides nothing any more.
 * @throws NotFound NOTICE_NOT_FOUND; IllegalTransition NOTICE_NOT_ATTEMPTED
 */
export const recordFailure = (
  { noticeId, attempt, error, canRetry, retryAfterMs = 0, jitter, now }: RecordFailure,
  notice: Notice,
): NoticeEvent[] => {
  const { status, attempts, forgiven } = attempted(notice, attempt);
  if (status !== 'attempted' || attempt !== attempts) return [];

  const failed = (nextAttemptAt: string | null): NoticeEvent => ({
    type: 'NoticeFailed',
    data: { noticeId, attempt, error: error.slice(0, NOTICE_LIMITS.error), nextAttemptAt },
  });
  const tries = attempts - forgiven;
  if (!canRetry || tries >= NOTICE_LIMITS.attempts) {
    const reason = canRetry ? `Tried ${tries} times, and none succeeded` : 'Trying again cannot help';
    return [failed(null), { type: 'NoticeAbandoned', data: { noticeId, reason } }];
  }
  const waitMs = Math.max(backOffMs(tries, jitter), Math.min(retryAfterMs, LONGEST_WAIT_MS));
  return [failed(new Date(Date.parse(now) + waitMs).toISOString())];
};
