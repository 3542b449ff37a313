import { pageSpec, type FindSpec, type PageRequest } from '#kernel';
import type { NoticeChannel, NoticeStatus } from '#notices';

const FIELDS = { dueAt: 1, position: 1 } as const;

/** Notices whose instant has come, the earliest first. Costs those that are due, and nothing for the others. */
export const dueNotices = (now: string, limit: number): FindSpec => ({
  collection: 'notices',
  filter: { dueAt: { $gt: '', $lte: now } },
  sort: { dueAt: 1, _id: 1 },
  limit,
  fields: FIELDS,
});

/** The notice that wants attention next. */
export const nextNotice = (): FindSpec => ({
  collection: 'notices',
  filter: { dueAt: { $gt: '' } },
  sort: { dueAt: 1, _id: 1 },
  limit: 1,
  fields: FIELDS,
});

/** The updates held for a recipient on a channel whose time has come: what a digest can take in, oldest first. */
export const heldFor = (recipientKey: string, channel: NoticeChannel, now: string, limit: number): FindSpec => ({
  collection: 'notices',
  filter: { recipientKey, channel, status: 'waiting', isHeld: true, attempts: 0, notBefore: { $lte: now } },
  sort: { queuedAt: 1, _id: 1 },
  limit,
  fields: { noticeId: 1, notBefore: 1 },
});

export type NoticeFilter = Readonly<{
  status?: NoticeStatus;
  incidentId?: string;
  /** As `person:lena`, `address:a@example.org`, `endpoint:chat`. */
  recipient?: string;
  channel?: NoticeChannel;
}>;

/** The newest first. */
export const NOTICES_SORT = { queuedAt: -1, _id: 1 } as const;

/** One page of notices. Their texts are read one by one. */
export const noticesPage = ({ recipient, ...filter }: NoticeFilter, page: PageRequest): FindSpec =>
  pageSpec(
    {
      collection: 'notices',
      filter: { ...filter, ...(recipient !== undefined && { recipientKey: recipient }) },
      sort: NOTICES_SORT,
    },
    page,
  );
