import { type Actor, type EventLog, type Recorded } from '#kernel';
import {
  combineNotice,
  composeNotice,
  digestIdOf,
  digestOf,
  NOTICE_LIMITS,
  noticeStream,
  queueNotice,
  recipientKey,
  wasHeld,
  type NoticeDataOf,
  type NoticeEvent,
  type TemplateLanguage,
} from '#notices';
import { personAt } from '#people';
import { heldFor, notices } from '#projections';
import type { ViewReaders } from '#read-models';
import { PEOPLE, type SiteDefinitions } from '#site-definitions';
import type { Rung } from '../due-loop.js';
import type { Time } from '../time.js';
import { noticeCommand } from './notice-command.js';
import { templateOf } from './template-of.js';

const DIGESTS: Actor = { kind: 'automation', id: 'digests', name: 'Automation' };

export type DigestsParts = Readonly<{
  log: EventLog;
  readers: ViewReaders;
  site: SiteDefinitions;
  time: Time;
  templates: TemplateLanguage;
}>;

type Queued = Recorded<Extract<NoticeEvent, { type: 'NoticeQueued' }>>;

/** Puts updates that were held for somebody together, so that a night's news is one message in the morning. */
export class Digests {
  /** Those under way, by whom and until when their notices were held: whoever asks for one of them waits for it. */
  readonly #combining = new Map<string, Promise<Rung | undefined>>();

  constructor(private readonly parts: DigestsParts) {}

  /**
   * Takes a held notice, and all others that were held for the same recipient until now, into one digest. `undefined` where there is nothing
   * to put it together with: it is sent by itself.
   */
  async combine(noticeId: string): Promise<Rung | undefined> {
    const first = await this.#queued(noticeId);
    if (!first || !wasHeld(first.data, first.occurredAt)) return undefined;
    const { recipient, channel, notBefore: heldUntil } = first.data;
    const digestId = digestIdOf({ recipient, channel, heldUntil });
    let combining = this.#combining.get(digestId);
    if (!combining) {
      combining = this.#combineInto(digestId, first).finally(() => this.#combining.delete(digestId));
      this.#combining.set(digestId, combining);
    }
    return combining;
  }

  async #combineInto(digestId: string, first: Queued): Promise<Rung | undefined> {
    const held = await this.#heldWith(first);
    if (held.length < 2) return undefined;
    const digest = (await this.#queued(digestId)) ?? (await this.#queue(digestId, held));
    const { noticeId, combines = [] } = digest?.data ?? { noticeId: digestId };
    if (!combines.includes(first.data.noticeId)) return undefined;

    let last = { position: -1n, changed: false };
    for (const combined of combines) {
      const { position, changed } = await noticeCommand(this.parts.log, DIGESTS, combined, (notice) =>
        combineNotice({ noticeId: combined, digestId: noticeId }, notice),
      );
      last = { position: position > last.position ? position : last.position, changed: last.changed || changed };
    }
    return last;
  }

  async #heldWith({ data: { recipient, channel } }: Queued): Promise<Queued[]> {
    const spec = heldFor(recipientKey(recipient), channel, this.#now(), NOTICE_LIMITS.combined);
    const { value } = await this.parts.readers
      .of(notices as never)
      .read((view) => view.list<{ noticeId: string }>(spec), { settle: false });
    const held = await Promise.all(value.map(({ noticeId }) => this.#queued(noticeId)));
    return held.filter((one) => one !== undefined);
  }

  /** Queues a digest of these. Where another process was quicker, its digest is the one. */
  async #queue(digestId: string, held: readonly Queued[]): Promise<Queued | undefined> {
    const { log, site, templates } = this.parts;
    const now = this.#now();
    const digest = digestOf(held.map(({ data }) => data));
    const template = templateOf(site, 'digest', now);
    const [first] = held;
    if (!digest || !template || !first) return undefined;

    const { recipient, channel } = first.data;
    const timeline = 'person' in recipient ? site.one(PEOPLE, recipient.person) : undefined;
    const person = timeline && personAt(timeline, now);
    const reader = { language: first.data.language, timeZone: person?.timeZone ?? 'UTC' };
    const words = composeNotice('digest', digest.facts, template, reader, templates);
    const { combines, incidentId } = digest;
    const queued: NoticeDataOf<'NoticeQueued'> = {
      noticeId: digestId,
      incidentId,
      eventId: null,
      eventType: null,
      recipient,
      channel,
      kind: 'digest',
      template: 'digest',
      ...words,
      notBefore: now,
      why: 'They want updates together',
      combines,
    };
    await noticeCommand(log, DIGESTS, digestId, (notice) => queueNotice({ ...queued, now }, notice));
    return this.#queued(digestId);
  }

  async #queued(noticeId: string): Promise<Queued | undefined> {
    for await (const event of this.parts.log.readStream<NoticeEvent>(noticeStream(noticeId))) {
      return event.type === 'NoticeQueued' ? event : undefined;
    }
    return undefined;
  }

  #now(): string {
    return new Date(this.parts.time.nowMs()).toISOString();
  }
}
