import { IllegalTransition } from '#kernel';
import { queued, type Notice, type NoticeEvent } from './notice.js';

export type RequeueNotice = Readonly<{
  noticeId: string;
  /** The id of the person who asks. */
  by: string;
  reason: string;
  now: string;
}>;

/**
 * A person has a failed notice tried again at once, with all attempts before it: one that was given up, or that waits after a failure.
 * @throws NotFound NOTICE_NOT_FOUND; IllegalTransition NOTICE_NOT_FAILED
 */
export const requeueNotice = ({ noticeId, by, reason, now }: RequeueNotice, notice: Notice): NoticeEvent[] => {
  const { status, attempts, forgiven } = queued(notice);
  const hasFailed = status === 'abandoned' || (status === 'waiting' && attempts > forgiven);
  if (!hasFailed) {
    throw new IllegalTransition('NOTICE_NOT_FAILED', `It is ${status}: only what has failed is tried again by hand`);
  }
  return [{ type: 'NoticeRequeued', data: { noticeId, by, reason, nextAttemptAt: now } }];
};
