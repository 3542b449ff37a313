import {
  NOTICE_CHANNELS,
  NOTICE_KINDS,
  NOTICE_LIMITS,
  NOTICE_STATUSES,
  OCCASION_NAMES,
  type NoticeReceipt,
  type Recipient,
} from '#domain/notifications';
import type { ListedNotice, NoticeAttempt, NoticeHistory, NoticeItem, NoticeRequeue } from '#projections';
import { UUID } from '../feed/event.schema.js';
import { commandFields, type CommandAnswer } from '../http/command-answer.js';
import { pageOf } from '../schemas/page.js';
import {
  anyOf,
  anything,
  instant,
  list,
  name,
  named,
  nullable,
  object,
  oneOf,
  position,
  tableOf,
  text,
  whole,
  type FieldsOf,
  type Schema,
} from '../schemas/schema.js';
import type { Preview } from './preview-template.js';

const noticeId = text('Its id: the same fact to the same recipient by the same way is the same notice.', UUID);
const subject = text('One line.', { maxLength: NOTICE_LIMITS.subject });
const words = text('The message.', { maxLength: NOTICE_LIMITS.text });
const html = nullable(text('The same as HTML. Null: there is none.', { maxLength: NOTICE_LIMITS.html }));
const occasion = oneOf(OCCASION_NAMES, 'On which occasion.');
const language = text('BCP 47.', { example: 'en' });

const RECIPIENT = named<Recipient>(
  'Recipient',
  anyOf<Recipient>(
    [
      object<{ person: string }>({ person: name('The id of a person.', 'els-jacobs') }),
      object<{ address: string }>({ address: name('A mail address.', 'zoe@example.org') }),
      object<{ endpoint: string }>({ endpoint: name('A webhook, by the id it is set up under.', 'chat') }),
    ],
    'Who gets it.',
  ),
);

const RECEIPT = named<NoticeReceipt>(
  'NoticeReceipt',
  object<NoticeReceipt>(
    { reference: text('How the receiver calls what it took: the Message-ID of a mail.'), answer: text('What it answered.') },
    'What was answered by whoever took it.',
  ),
);

const listed: FieldsOf<ListedNotice> = {
  noticeId,
  incidentId: nullable(name('Null: a digest that speaks of several.', 'INC0000001')),
  eventId: nullable(text('The event it is about. Null: a digest.', UUID)),
  eventType: nullable(name('What that event is called.', 'IncidentAssigned')),
  recipient: RECIPIENT,
  channel: oneOf(NOTICE_CHANNELS, 'By which way it leaves.'),
  kind: oneOf(NOTICE_KINDS, 'A page is never held; an update can wait; a digest is several updates in one.'),
  template: occasion as Schema<string>,
  templateVersion: whole('The version of the template that worded it; 0: the one that comes with the program.'),
  language,
  subject,
  why: text('Why this recipient gets it.', { maxLength: NOTICE_LIMITS.why }),
  queuedAt: instant(),
  notBefore: instant('Held until then: by quiet hours, or for a digest.'),
  status: oneOf(NOTICE_STATUSES, '`attempted`: a process is at it. `abandoned`: given up. `combined`: a digest has taken it in.'),
  attempts: whole('How many were made.'),
  dueAt: nullable(instant('When it is sent, sent again, or taken over from a process that has said nothing. Null: never by itself.')),
  sentAt: nullable(instant()),
  lastError: nullable(text('What went wrong with the last attempt that failed.', { maxLength: NOTICE_LIMITS.error })),
  digestId: nullable(text('The digest that has taken it in.', UUID)),
};

/** A page of notices, without their texts. */
export const NOTICE_PAGE = pageOf<ListedNotice>(
  'NoticePage',
  named('ListedNotice', object<ListedNotice>(listed, 'A message to somebody, and what became of it.')),
);

const ATTEMPT = named<NoticeAttempt>(
  'NoticeAttempt',
  object<NoticeAttempt>(
    {
      attempt: whole('From 1 on; counted on where it was requeued.', { minimum: 1 }),
      by: text('The process that had it.'),
      attemptedAt: instant(),
      leaseUntil: instant('Until when nobody else took it.'),
      outcome: nullable(oneOf(['sent', 'failed'], 'Null: it is under way, or its process ended before it could say.')),
      endedAt: nullable(instant()),
      error: nullable(text('What went wrong.', { maxLength: NOTICE_LIMITS.error })),
      receipt: nullable(RECEIPT),
    },
    'An attempt to send it, and what became of that.',
  ),
);

const REQUEUE = named<NoticeRequeue>(
  'NoticeRequeue',
  object<NoticeRequeue>({ by: name(), reason: text(), at: instant() }, 'Somebody had it tried again.'),
);

/** A notice as it is shown: without what only rules and queries read. */
type ShownNotice = Omit<NoticeItem, 'state' | 'recipientKey' | 'attempts' | 'isHeld'> &
  Pick<NoticeHistory, 'html' | 'attempts' | 'requeues'> &
  Readonly<{ revision: number; position: string }>;

/** One notice, with its text and its attempts. */
export const NOTICE = named<ShownNotice>(
  'Notice',
  object<ShownNotice>(
    {
      ...listed,
      text: words,
      html,
      attempts: list(ATTEMPT, 'Oldest first.'),
      requeues: list(REQUEUE, 'Oldest first.'),
      receipt: nullable(RECEIPT),
      abandonedBecause: nullable(text('Why it was given up, while it is.')),
      combines: list(text(undefined, UUID), 'A digest: the notices that it has taken in.'),
      revision: whole('The place of its last event in its history, from 0; the ETag.'),
      position: position('The place of that event in the log.'),
    },
    'A message to somebody, with its words and every attempt to send it. Where a reporter’s links belong, a word stands for them: they are made when it is sent, and kept nowhere.',
  ),
);

/** What a command did to which notice. */
type NoticeCommandAnswer = CommandAnswer & Readonly<{ noticeId: string }>;

export const NOTICE_COMMAND = named<NoticeCommandAnswer>(
  'NoticeCommandAnswer',
  object<NoticeCommandAnswer>({ noticeId, ...commandFields }, 'What a command did.'),
);

/** What a template makes of facts. */
export const PREVIEW = named<Preview>(
  'TemplatePreview',
  object<Preview>(
    {
      occasion,
      templateVersion: nullable(whole('Of the template in force; 0: the one that comes with the program. Null: of the draft.')),
      language: text('In which it is written: the template’s default one, where it has not the one asked for.', { example: 'en' }),
      subject,
      text: words,
      html,
      facts: tableOf(anything('Text, an instant, milliseconds, or null.') as Schema<string | number | null>, 'What it was made of.'),
    },
    'A message as somebody would get it.',
  ),
);
