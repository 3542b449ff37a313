import { LEASE_MS, NOTICE_LIMITS } from './limits.js';
import { queued, type Notice, type NoticeEvent } from './notice.js';

export type AttemptNotice = Readonly<{
  noticeId: string;
  /** The process that will send it: an id that no other process has, nor the same one after a restart. */
  by: string;
  now: string;
}>;

/**
 * Takes a notice to send it: whoever gets a `NoticeAttempted` has it until `leaseUntil`. Nothing where it is not due, somebody else has it, or it
 * is over. One whose last attempt never came to an end is given up here.
 * @throws NotFound NOTICE_NOT_FOUND
 */
export const attemptNotice = ({ noticeId, by, now }: AttemptNotice, notice: Notice): NoticeEvent[] => {
  const { attempts, forgiven, dueAt } = queued(notice);
  if (dueAt === null || Date.parse(now) < Date.parse(dueAt)) return [];
  if (attempts - forgiven >= NOTICE_LIMITS.attempts) {
    return [{ type: 'NoticeAbandoned', data: { noticeId, reason: `Attempt ${attempts} was the last one, and never came to an end` } }];
  }
  const leaseUntil = new Date(Date.parse(now) + LEASE_MS).toISOString();
  return [{ type: 'NoticeAttempted', data: { noticeId, attempt: attempts + 1, by, leaseUntil } }];
};
