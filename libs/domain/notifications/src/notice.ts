import { derivedId, eventCatalogue, NotFound, type Decider, type Event } from '#kernel';

/** A notice's stream: `notice-6f1c…`. */
export const NOTICE_STREAM_PREFIX = 'notice-';
export const noticeStream = (noticeId: string): string => `${NOTICE_STREAM_PREFIX}${noticeId}`;

/** By which way it leaves. */
export const NOTICE_CHANNELS = ['email', 'webhook', 'console'] as const;
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];

/** A page wants somebody now, and is never held. An update can wait for the morning. A digest is several updates in one. */
export const NOTICE_KINDS = ['page', 'update', 'digest'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/**
 * Who gets it: somebody known by id, a mail address, or a webhook by the name it is set up under. The URL and the secrets of a webhook stay
 * outside the log.
 */
export type Recipient = Readonly<{ person: string }> | Readonly<{ address: string }> | Readonly<{ endpoint: string }>;

/** What the channel answered: how it calls what it took (a Message-ID), and its own words. */
export type NoticeReceipt = Readonly<{ reference: string; answer: string }>;

/** Everything that can happen to a notice. Times are ISO 8601, UTC; attempts count from 1 and never start anew. */
export type NoticeEvent =
  | Event<
      'NoticeQueued',
      {
        noticeId: string;
        /** `null`: a digest that speaks of several. */
        incidentId: string | null;
        /** The event it is about, and its type. `null`: a digest. */
        eventId: string | null;
        eventType: string | null;
        recipient: Recipient;
        channel: NoticeChannel;
        kind: NoticeKind;
        /** The id and the version of the template that worded it. */
        template: string;
        templateVersion: number;
        language: string;
        subject: string;
        text: string;
        html?: string;
        /** Not to be sent before. */
        notBefore: string;
        /** Why this recipient gets it: a sentence. */
        why: string;
        /** It asks the reporter about this resolution: what its one-time links are made of when it is sent. The log holds no link that works. */
        confirmation?: Readonly<{ resolutionRevision: number; expiresAt: string }>;
        /** A digest: the notices that it takes in. */
        combines?: readonly string[];
      }
    >
  /** A lease: written before sending, so that of two processes one sends. Without an outcome until then, it may be taken again. */
  | Event<'NoticeAttempted', { noticeId: string; attempt: number; by: string; leaseUntil: string }>
  | Event<'NoticeSent', { noticeId: string; attempt: number; receipt: NoticeReceipt }>
  /** `nextAttemptAt` is `null` where no further attempt can help, or none is left. */
  | Event<'NoticeFailed', { noticeId: string; attempt: number; error: string; nextAttemptAt: string | null }>
  | Event<'NoticeAbandoned', { noticeId: string; reason: string }>
  /** A person asked for it to be tried again. */
  | Event<'NoticeRequeued', { noticeId: string; by: string; reason: string; nextAttemptAt: string }>
  /** Its words went into a digest; it is not sent by itself. */
  | Event<'NoticeCombined', { noticeId: string; digestId: string }>;

export type NoticeEventType = NoticeEvent['type'];
export type NoticeDataOf<Type extends NoticeEventType> = Extract<NoticeEvent, { type: Type }>['data'];

/** The stored names of a notice's events; a changed shape adds an upcaster here and a golden fixture in golden/. */
export const noticeCatalogue = eventCatalogue<NoticeEvent>({
  NoticeQueued: { storedName: 'NoticeQueued' },
  NoticeAttempted: { storedName: 'NoticeAttempted' },
  NoticeSent: { storedName: 'NoticeSent' },
  NoticeFailed: { storedName: 'NoticeFailed' },
  NoticeAbandoned: { storedName: 'NoticeAbandoned' },
  NoticeRequeued: { storedName: 'NoticeRequeued' },
  NoticeCombined: { storedName: 'NoticeCombined' },
});

export const NOTICE_STATUSES = ['waiting', 'attempted', 'sent', 'abandoned', 'combined'] as const;
export type NoticeStatus = (typeof NOTICE_STATUSES)[number];

/** What the rules remember of a notice. */
export type QueuedNotice = Readonly<{
  status: NoticeStatus;
  combinable: boolean;
  /** Made so far. */
  attempts: number;
  /** Of those, the ones before a person asked for it again: they no longer count. */
  forgiven: number;
  /** When it wants attention: to be sent, or its lease to be taken over. `null`: never by itself. */
  dueAt: string | null;
}>;

export type Notice = Readonly<{ status: 'unqueued' }> | QueuedNotice;

/** Whether a digest may take it in. One that asks for an answer stays by itself: its links work for one resolution. */
export const isCombinable = ({ kind, confirmation }: Pick<NoticeDataOf<'NoticeQueued'>, 'kind' | 'confirmation'>): boolean =>
  kind === 'update' && confirmation === undefined;

/** Whether a notice was held when it was queued, at that instant (ISO 8601, UTC), and may come with others: a digest takes it in. */
export const wasHeld = (queued: Pick<NoticeDataOf<'NoticeQueued'>, 'kind' | 'confirmation' | 'notBefore'>, queuedAt: string): boolean =>
  isCombinable(queued) && queued.notBefore > queuedAt;

/** What each event changes for the rules. Total; an event before any queueing changes nothing. */
const evolve = (notice: Notice, { type, data }: NoticeEvent): Notice => {
  if (type === 'NoticeQueued') {
    return { status: 'waiting', combinable: isCombinable(data), attempts: 0, forgiven: 0, dueAt: data.notBefore };
  }
  if (notice.status === 'unqueued') return notice;
  switch (type) {
    case 'NoticeAttempted':
      return { ...notice, status: 'attempted', attempts: data.attempt, dueAt: data.leaseUntil };
    case 'NoticeSent':
      return { ...notice, status: 'sent', dueAt: null };
    case 'NoticeFailed':
      return { ...notice, status: 'waiting', dueAt: data.nextAttemptAt };
    case 'NoticeAbandoned':
      return { ...notice, status: 'abandoned', dueAt: null };
    case 'NoticeRequeued':
      return { ...notice, status: 'waiting', forgiven: notice.attempts, dueAt: data.nextAttemptAt };
    case 'NoticeCombined':
      return { ...notice, status: 'combined', dueAt: null };
    default:
      return type satisfies never;
  }
};

export const noticeDecider: Decider<Notice, NoticeEvent> = { initialState: { status: 'unqueued' }, evolve };

/** When a notice wants attention next: ISO 8601, UTC; `null` where it never does by itself. */
export const nextInstant = (notice: Notice): string | null => (notice.status === 'unqueued' ? null : notice.dueAt);

/** @throws NotFound NOTICE_NOT_FOUND */
export const queued = (notice: Notice): QueuedNotice => {
  if (notice.status === 'unqueued') throw new NotFound('NOTICE_NOT_FOUND', 'There is no such notice');
  return notice;
};

/** A recipient as one text: `person:lena.peeters`. */
export const recipientKey = (recipient: Recipient): string => {
  const [[kind, id]] = Object.entries(recipient) as [[string, string]];
  return `${kind}:${id}`;
};

/** The id of a notice: the same fact, to the same recipient, by the same channel and template, is the same notice. */
export const noticeIdOf = (about: Readonly<{ eventId: string; recipient: Recipient; channel: NoticeChannel; template: string }>): string =>
  derivedId('notice', about.eventId, recipientKey(about.recipient), about.channel, about.template);

/** The id of a digest: one for each recipient, channel, and instant until which updates were held. */
export const digestIdOf = (held: Readonly<{ recipient: Recipient; channel: NoticeChannel; heldUntil: string }>): string =>
  derivedId('digest', recipientKey(held.recipient), held.channel, held.heldUntil);
