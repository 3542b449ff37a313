import { pageSpec, type FindSpec, type PageRequest } from '#kernel';
import type { NoticeChannel, NoticeStatus, Occasion } from '#domain/notifications';
import type { NoticeItem } from './notices.projection.js';

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

/** The updates held for a recipient on a channel until an instant: what one digest can take in, oldest first. */
export const heldFor = (recipientKey: string, channel: NoticeChannel, heldUntil: string, limit: number): FindSpec => ({
  collection: 'notices',
  filter: { recipientKey, channel, status: 'waiting', isHeld: true, attempts: 0, notBefore: heldUntil },
  sort: { queuedAt: 1, _id: 1 },
  limit,
  fields: { noticeId: 1 },
});

export type NoticeFilter = Readonly<{
  status?: NoticeStatus;
  incidentId?: string;
  /** As `person:lena`, `address:a@example.org`, `endpoint:chat`. */
  recipient?: string;
  channel?: NoticeChannel;
  occasion?: Occasion;
}>;

/** The newest first. */
export const NOTICES_SORT = { queuedAt: -1, _id: 1 } as const;

/** What a list shows of each: its texts are read one by one. */
const LISTED = {
  noticeId: 1,
  incidentId: 1,
  eventId: 1,
  eventType: 1,
  recipient: 1,
  channel: 1,
  kind: 1,
  template: 1,
  templateVersion: 1,
  language: 1,
  subject: 1,
  why: 1,
  queuedAt: 1,
  notBefore: 1,
  status: 1,
  attempts: 1,
  dueAt: 1,
  sentAt: 1,
  lastError: 1,
  digestId: 1,
} as const satisfies Partial<Record<keyof NoticeItem, 1>>;

/** A notice in a list. */
export type ListedNotice = Pick<NoticeItem, keyof typeof LISTED>;

/** One page of notices. */
export const noticesPage = ({ recipient, occasion, ...filter }: NoticeFilter, page: PageRequest): FindSpec =>
  pageSpec(
    {
      collection: 'notices',
      filter: {
        ...filter,
        ...(recipient !== undefined && { recipientKey: recipient }),
        // a template goes by its occasion
        ...(occasion !== undefined && { template: occasion }),
      },
      sort: NOTICES_SORT,
      fields: LISTED,
    },
    page,
  );
