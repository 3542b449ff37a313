import { projection, type Recorded, type RecordedOf } from '#kernel';
import {
  NOTICE_STREAM_PREFIX,
  noticeDecider,
  recipientKey,
  wasHeld,
  type Notice,
  type NoticeChannel,
  type NoticeEvent,
  type NoticeKind,
  type NoticeReceipt,
  type NoticeStatus,
  type QueuedNotice,
  type Recipient,
} from '#domain/notifications';

/** A message to somebody, and what became of it. Times are ISO 8601, UTC; `null` is none, or not yet. */
export type NoticeItem = Readonly<{
  noticeId: string;
  incidentId: string | null;
  eventId: string | null;
  eventType: string | null;
  recipient: Recipient;
  recipientKey: string;
  channel: NoticeChannel;
  kind: NoticeKind;
  template: string;
  templateVersion: number;
  language: string;
  subject: string;
  text: string;
  /** Why this recipient gets it. */
  why: string;
  queuedAt: string;
  notBefore: string;
  status: NoticeStatus;
  attempts: number;
  /** When it wants attention: to be sent, or its lease to be taken over. */
  dueAt: string | null;
  /** It was held, and a digest may take it in. */
  isHeld: boolean;
  sentAt: string | null;
  receipt: NoticeReceipt | null;
  /** What went wrong with its last attempt that failed. */
  lastError: string | null;
  /** Why it was given up, while it is. */
  abandonedBecause: string | null;
  digestId: string | null;
  combines: readonly string[];
  /** What the rules remember of it. */
  state: QueuedNotice;
}>;

type Change = Partial<NoticeItem>;

const queued = ({
  data,
  occurredAt,
}: RecordedOf<NoticeEvent, 'NoticeQueued'>): Omit<NoticeItem, 'state' | 'status' | 'attempts' | 'dueAt'> => {
  const { noticeId, incidentId, eventId, eventType, recipient, channel, kind, notBefore, subject, text, why, combines = [] } = data;
  const { template, templateVersion, language } = data;
  return {
    noticeId,
    incidentId,
    eventId,
    eventType,
    recipient,
    recipientKey: recipientKey(recipient),
    channel,
    kind,
    template,
    templateVersion,
    language,
    subject,
    text,
    why,
    queuedAt: occurredAt,
    notBefore,
    isHeld: wasHeld(data, occurredAt),
    sentAt: null,
    receipt: null,
    lastError: null,
    abandonedBecause: null,
    digestId: null,
    combines,
  };
};

const changed = (event: Recorded<NoticeEvent>): Change => {
  switch (event.type) {
    case 'NoticeSent':
      // what was given up may have been taken all the same: its attempt ends later than its lease
      return { sentAt: event.occurredAt, receipt: event.data.receipt, abandonedBecause: null };
    case 'NoticeFailed':
      return { lastError: event.data.error };
    case 'NoticeAbandoned':
      return { abandonedBecause: event.data.reason };
    case 'NoticeRequeued':
      return { abandonedBecause: null };
    case 'NoticeCombined':
      return { digestId: event.data.digestId };
    case 'NoticeQueued':
    case 'NoticeAttempted':
      return {};
    default:
      return event satisfies never;
  }
};

const step = (item: NoticeItem | undefined, event: Recorded<NoticeEvent>): NoticeItem | undefined => {
  const before: Notice = item?.state ?? noticeDecider.initialState;
  const state = noticeDecider.evolve(before, event);
  if (state.status === 'unqueued') return item;
  const known = item ?? (event.type === 'NoticeQueued' ? queued(event) : undefined);
  const { status, attempts, dueAt } = state;
  return known && { ...known, ...changed(event), status, attempts, dueAt, state };
};

/** The outbox, and what has left it: every message to a person, with who gets it, why, and what became of it. */
export const notices = projection<NoticeEvent, NoticeItem>({
  name: 'notices',
  version: 2,
  streamPrefixes: [NOTICE_STREAM_PREFIX],
  key: ({ data }) => data.noticeId,
  on: {
    NoticeQueued: step,
    NoticeAttempted: step,
    NoticeSent: step,
    NoticeFailed: step,
    NoticeAbandoned: step,
    NoticeRequeued: step,
    NoticeCombined: step,
  },
  documents: 'notices',
  collections: {
    notices: [
      { fields: { dueAt: 1, _id: 1 }, where: { dueAt: { $gt: '' } } },
      { fields: { queuedAt: -1, _id: 1 } },
      { fields: { status: 1, queuedAt: -1, _id: 1 } },
      { fields: { incidentId: 1, queuedAt: -1, _id: 1 } },
      { fields: { recipientKey: 1, queuedAt: -1, _id: 1 } },
      { fields: { channel: 1, queuedAt: -1, _id: 1 } },
      { fields: { template: 1, queuedAt: -1, _id: 1 } },
      { fields: { recipientKey: 1, channel: 1, queuedAt: 1, _id: 1 }, where: { status: 'waiting' } },
    ],
  },
});
