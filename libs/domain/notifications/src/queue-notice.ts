import { refuseFaulty } from '#kernel';
import { NOTICE_LIMITS } from './limits.js';
import type { Notice, NoticeDataOf, NoticeEvent } from './notice.js';

export type QueueNotice = Readonly<NoticeDataOf<'NoticeQueued'> & { now: string }>;

const BOUNDED = ['subject', 'text', 'html', 'why'] as const;

/**
 * A message for somebody goes to the outbox. A second time it is there already: that is nothing new. A page waits for nothing, whatever
 * `notBefore` says.
 * @throws InvalidInput NOTICE_TOO_LARGE
 */
export const queueNotice = ({ now, ...data }: QueueNotice, notice: Notice): NoticeEvent[] => {
  if (notice.status !== 'unqueued') return [];
  const tooLong = BOUNDED.filter((field) => (data[field]?.length ?? 0) > NOTICE_LIMITS[field]);
  refuseFaulty(
    'NOTICE_TOO_LARGE',
    'This is too large for a notice',
    tooLong.map((field) => ({ field, message: `has at most ${NOTICE_LIMITS[field]} characters` })),
  );
  return [{ type: 'NoticeQueued', data: { ...data, notBefore: data.kind === 'page' ? now : data.notBefore } }];
};
