import { queued, type Notice, type NoticeEvent } from './notice.js';

export type CombineNotice = Readonly<{ noticeId: string; digestId: string }>;

/**
 * A digest has taken its words in: it is not sent by itself. Nothing where it is being sent, or was, for then it is too late.
 * @throws NotFound NOTICE_NOT_FOUND
 */
export const combineNotice = ({ noticeId, digestId }: CombineNotice, notice: Notice): NoticeEvent[] => {
  const { status, attempts, combinable } = queued(notice);
  const isUntouched = status === 'waiting' && attempts === 0;
  return isUntouched && combinable ? [{ type: 'NoticeCombined', data: { noticeId, digestId } }] : [];
};
