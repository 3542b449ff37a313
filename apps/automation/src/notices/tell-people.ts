import { derivedId, handleCommand, inputHash, type Actor, type EventLog, type Version } from '#kernel';
import { isMailAddress } from '#adapters/notification-channels';
import {
  composeNotice,
  DEFAULT_NOTICE_PREFERENCES,
  NOTICE_LIMITS,
  noticeDecider,
  noticeIdOf,
  noticeStream,
  OCCASIONS,
  queueNotice,
  scheduleOf,
  templateInForce,
  type FactsOf,
  type NoticeChannel,
  type NoticeTemplate,
  type Occasion,
  type Recipient,
  type TemplateLanguage,
} from '#domain/notifications';
import { NOTICE_PREFERENCES, NOTICE_TEMPLATES, PEOPLE, type SiteDefinitions } from '#domain/definitions';
import type { FollowUp } from '../reactions/follow-up.js';
import type { Moment } from '../reactions/moments.js';
import type { Time } from '../time.js';
import { TOLD_OF, tellingOf, type Addressee, type Telling, type TellingParts } from './telling.js';

const TELLER: Actor = { kind: 'automation', id: 'notices', name: 'Automation' };

/** Nobody is told of what happened longer ago than this, in milliseconds: a site that turns automation on is not told its whole history. */
const NEWS_MS = 24 * 3_600_000;

/** How long a reporter's links work where the incident does not close by itself, in milliseconds. */
export const CONFIRMATION_MS = 14 * 24 * 3_600_000;

export type TellPeopleParts = Readonly<{
  log: EventLog;
  site: SiteDefinitions;
  time: Time;
  templates: TemplateLanguage;
  /** Which ways out there are: what nobody has set up goes to the console. */
  channels: ReadonlySet<NoticeChannel>;
  /** Webhooks that are told of occasions, by the id they are set up under. */
  subscriptions: ReadonlyMap<string, ReadonlySet<Occasion>>;
}> &
  Pick<TellingParts, 'incidentLink'> &
  Readonly<{ canConfirm: boolean }>;

/** One way to one recipient, and how they read. */
type Way = Readonly<{ recipient: Recipient; channel: NoticeChannel; language: string; timeZone: string; notBefore: string; why: string }>;

/** Somebody whom the site knows no more of than a mail address, or nothing at all, reads in the template's own language, in UTC. */
const STRANGER = { language: '', timeZone: 'UTC' } as const;

/** Puts what people are to be told of an event in the outbox. Followed up twice, it is there once. */
export class TellPeople implements FollowUp {
  readonly types = TOLD_OF;

  constructor(private readonly parts: TellPeopleParts) {}

  async follow(moment: Moment): Promise<void> {
    const { site, time, incidentLink, canConfirm } = this.parts;
    const { event } = moment;
    const nowMs = time.nowMs();
    const isNews = event.metadata.actor.kind !== 'import' && nowMs - Date.parse(event.recordedAt) <= NEWS_MS;
    if (!isNews) return;
    const now = new Date(nowMs).toISOString();
    const parts = { site, now, confirmationMs: canConfirm ? CONFIRMATION_MS : null, ...(incidentLink && { incidentLink }) };
    for (const telling of tellingOf(moment, parts)) await this.#tell(telling, moment, now);
  }

  async #tell(telling: Telling, { event }: Moment, now: string): Promise<void> {
    const { occasion } = telling;
    const template = templateInForce(occasion, this.parts.site.one(NOTICE_TEMPLATES, occasion), now);
    if (!template) return;
    const seen = new Set<string>();
    const people = telling.to.filter(({ person }) => person !== event.metadata.actor.id && !seen.has(person) && seen.add(person));
    const ways = [...people.flatMap((addressee) => this.#waysTo(addressee, occasion, now)), ...this.#subscribersOf(occasion, now)];
    for (const way of ways) await this.#queue(telling, way, template, event, now);
  }

  /** By which ways somebody is reached: as they want to be, as far as the site has set that up. */
  #waysTo({ person: id, why }: Addressee, occasion: Occasion, now: string): Way[] {
    const { site } = this.parts;
    const person = site.inForce(PEOPLE, id, now)?.definition;
    if (!person) {
      const recipient: Recipient = { address: id };
      return isMailAddress(id) ? [{ recipient, channel: this.#open('email'), ...STRANGER, notBefore: now, why }] : [];
    }
    const preferences = site.inForce(NOTICE_PREFERENCES, id, now)?.definition ?? DEFAULT_NOTICE_PREFERENCES;
    const { language, timeZone } = person;
    const notBefore = scheduleOf({ ...preferences, timeZone }, OCCASIONS[occasion].kind, now);
    const channels = new Set(preferences.channels.map((channel) => this.#open(channel)));
    return [...channels].map((channel) => ({ recipient: { person: id }, channel, language, timeZone, notBefore, why }));
  }

  #subscribersOf(occasion: Occasion, now: string): Way[] {
    return [...this.parts.subscriptions].flatMap(([endpoint, occasions]) =>
      occasions.has(occasion)
        ? [
            {
              recipient: { endpoint },
              channel: 'webhook' as const,
              ...STRANGER,
              notBefore: now,
              why: `It is set up to be told on occasion ${occasion}`,
            },
          ]
        : [],
    );
  }

  #open(channel: NoticeChannel): NoticeChannel {
    return this.parts.channels.has(channel) ? channel : 'console';
  }

  async #queue(telling: Telling, way: Way, template: Version<NoticeTemplate>, event: Moment['event'], now: string): Promise<void> {
    const { log, templates } = this.parts;
    const { occasion, facts, confirmation } = telling;
    const { recipient, channel, language, timeZone, notBefore, why } = way;
    // an answer is the reporter's own: whoever reads an endpoint's messages is not asked
    const isAsked = confirmation !== undefined && !('endpoint' in recipient);
    const told = isAsked ? facts : { ...facts, confirmLink: null, rejectLink: null, linksWorkUntil: null };
    const words = composeNotice(occasion, told as FactsOf<Occasion>, template, { language, timeZone }, templates);
    const noticeId = noticeIdOf({ eventId: event.id, recipient, channel, template: occasion });
    const commandId = derivedId('queue-notice', noticeId);
    const context = {
      commandId,
      commandHash: inputHash({ command: 'QueueNotice', noticeId }),
      actor: TELLER,
      // by our clock, as notBefore is: by the log's, what comes at once could seem to have been held
      occurredAt: now,
      correlationId: event.metadata.$correlationId,
      causationId: event.id,
    };
    const about = { incidentId: event.data.incidentId, eventId: event.id, eventType: event.type };
    await handleCommand(log, noticeDecider, noticeStream(noticeId), context, (notice) =>
      queueNotice(
        {
          noticeId,
          ...about,
          recipient,
          channel,
          kind: OCCASIONS[occasion].kind,
          template: occasion,
          ...words,
          notBefore,
          why: why.slice(0, NOTICE_LIMITS.why),
          ...(isAsked && { confirmation }),
          now,
        },
        notice,
      ),
    );
  }
}
