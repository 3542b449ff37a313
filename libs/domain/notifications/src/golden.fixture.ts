import { unionOf, type Event, type NewEvent } from '#kernel';
import { noticeCatalogue, type NoticeEvent } from './notice.js';
import { noticePreferencesCatalogue, type NoticePreferencesEvent } from './preferences.js';
import { noticeTemplateCatalogue, type NoticeTemplateEvent } from './template.js';

export type AnyNoticeEvent = NoticeEvent | NoticeTemplateEvent | NoticePreferencesEvent;
type DataOf<Type extends AnyNoticeEvent['type']> = Extract<AnyNoticeEvent, { type: Type }>['data'];

/** The words of all aggregates of this library. */
export const anyNoticeCatalogue = unionOf<Event>(noticeCatalogue, noticeTemplateCatalogue, noticePreferencesCatalogue);

const noticeId = '6b0d1f5a-5f6e-8c1d-9a53-1d2f6f3ab001';
const effectiveFrom = '2026-01-05T00:00:00.000Z';

/** One of each event, with every field it can have. */
export const STORY: { readonly [Type in AnyNoticeEvent['type']]: Required<DataOf<Type>> } = {
  NoticeQueued: {
    noticeId,
    incidentId: 'INC0000123',
    eventId: '5a1d6a52-9c1b-8a4e-8f8f-2c5bb6b5d005',
    eventType: 'IncidentResolved',
    recipient: { person: 'lena' },
    channel: 'email',
    kind: 'update',
    template: 'resolved',
    templateVersion: 3,
    language: 'de',
    subject: 'Funktioniert es wieder? INC0000123 Card terminals decline every payment',
    text: 'Es funktioniert wieder:\nurn:faultline:confirm',
    html: '<p><a href="urn:faultline:confirm">Es funktioniert wieder</a></p>',
    notBefore: '2026-01-05T10:52:00.000Z',
    why: 'Reporters are asked whether it works again',
    confirmation: { resolutionRevision: 17, expiresAt: '2026-01-12T10:52:00.000Z' },
    combines: ['6b0d1f5a-5f6e-8c1d-9a53-1d2f6f3ab002', '6b0d1f5a-5f6e-8c1d-9a53-1d2f6f3ab003'],
  },
  NoticeAttempted: { noticeId, attempt: 2, by: 'automation-4711', leaseUntil: '2026-01-05T10:55:00.000Z' },
  NoticeSent: {
    noticeId,
    attempt: 2,
    receipt: { reference: `<${noticeId}@desk.example.org>`, answer: '250 2.0.0 Ok: queued as 4F1C2' },
  },
  NoticeFailed: {
    noticeId,
    attempt: 1,
    error: 'The mail server at mail.example.org:587 cannot be reached',
    nextAttemptAt: '2026-01-05T10:53:00.000Z',
  },
  NoticeAbandoned: { noticeId, reason: 'Tried 12 times, and none succeeded' },
  NoticeRequeued: { noticeId, by: 'els', reason: 'The mail server is back', nextAttemptAt: '2026-01-06T12:00:00.000Z' },
  NoticeCombined: { noticeId, digestId: '6b0d1f5a-5f6e-8c1d-9a53-1d2f6f3ab004' },
  NoticeTemplateDefined: {
    id: 'closed',
    version: 2,
    effectiveFrom,
    definition: {
      name: 'Closed',
      occasion: 'closed',
      defaultLanguage: 'en',
      texts: { en: { subject: 'Closed: {{incidentId}}', text: '{{title}}', html: '<p>{{title}}</p>' } },
    },
    reason: 'Shorter',
  },
  NoticeTemplateRetired: { id: 'closed', effectiveFrom, reason: 'Nobody read it' },
  NoticePreferencesDefined: {
    id: 'lena',
    version: 1,
    effectiveFrom,
    definition: {
      channels: ['email', 'webhook'],
      quietHours: [{ days: ['monday', 'sunday'], from: '22:00', to: '07:00' }],
      digestAt: ['09:00'],
    },
    reason: 'Asked for it',
  },
  NoticePreferencesRetired: { id: 'lena', effectiveFrom, reason: 'Left' },
};

export const storyEventToWrite = (type: AnyNoticeEvent['type']): NewEvent => ({
  id: '5a1d6a52-9c1b-8a4e-8f8f-2c5bb6b5d006',
  event: { type, data: STORY[type] },
  metadata: {
    $correlationId: 'b1f6b0a4-3d51-4a42-8a53-54c1f1d2e006',
    $causationId: '5a1d6a52-9c1b-8a4e-8f8f-2c5bb6b5d005',
    actor: { kind: 'automation', id: 'notices' },
    commandId: 'b1f6b0a4-3d51-4a42-8a53-54c1f1d2e006',
  },
});
