import { type Actor, type EventLog, type Recorded } from '#kernel';
import {
  combineNotice,
  composeNotice,
  digestIdOf,
  digestOf,
  NOTICE_LIMITS,
  noticeDecider,
  noticeStream,
  queueNotice,
  recipientKey,
  templateInForce,
  wasHeld,
  type Notice,
  type NoticeDataOf,
  type NoticeEvent,
  type TemplateLanguage,
} from '#domain/notifications';
import { heldFor, notices } from '#projections';
import type { ViewReaders } from '#adapters/read-models';
import { NOTICE_TEMPLATES, PEOPLE, type SiteDefinitions } from '#domain/definitions';
import type { Rung } from '../due-loop.js';
import type { Time } from '../time.js';
import { noticeCommand } from './notice-command.js';

const DIGESTS: Actor = { kind: 'automation', id: 'digests', name: 'Automation' };

export type DigestsParts = Readonly<{
  log: EventLog;
  readers: ViewReaders;
  site: SiteDefinitions;
  time: Time;
  templates: TemplateLanguage;
}>;

type Queued = Recorded<Extract<NoticeEvent, { type: 'NoticeQueued' }>>;

/** What a digest has taken in: nothing, where there is none. */
type Combined = Readonly<{ taken: readonly string[]; rung: Rung }>;

/** Puts updates that were held for somebody together, so that a night's news is one message in the morning. */
export class Digests {
  /** Those under way, by id: whoever asks for a notice that may be in one waits for it. */
  readonly #combining = new Map<string, Promise<Combined>>();

  constructor(private readonly parts: DigestsParts) {}

  /**
   * Takes a held notice, and all others that were held for the same recipient until the same instant, into one digest. `undefined` where there
   * is nothing to put it together with, or it was attempted by itself already: then it is sent by itself.
   */
  async combine(noticeId: string): Promise<Rung | undefined> {
    const { queued: first, notice } = await this.#read(noticeId);
    if (!first || !wasHeld(first.data, first.occurredAt) || notice.status === 'unqueued' || notice.attempts > 0) return undefined;
    const { recipient, channel, notBefore: heldUntil } = first.data;
    const digestId = digestIdOf({ recipient, channel, heldUntil });
    let combining = this.#combining.get(digestId);
    if (!combining) {
      combining = this.#combineInto(digestId, first).finally(() => this.#combining.delete(digestId));
      this.#combining.set(digestId, combining);
    }
    const { taken, rung } = await combining;
    return taken.includes(noticeId) ? rung : undefined;
  }

  async #combineInto(digestId: string, first: Queued): Promise<Combined> {
    // one that was begun is finished: whatever is in it does not come by itself, too
    const begun = (await this.#read(digestId)).queued;
    const digest = begun ?? (await this.#queue(digestId, await this.#heldWith(first)));
    const taken = digest?.data.combines ?? [];

    let rung = { position: -1n, changed: false };
    for (const noticeId of taken) {
      const { position, changed } = await noticeCommand(this.parts.log, DIGESTS, noticeId, (notice) =>
        combineNotice({ noticeId, digestId }, notice),
      );
      rung = { position: position > rung.position ? position : rung.position, changed: rung.changed || changed };
    }
    return { taken, rung };
  }

  async #heldWith({ data: { recipient, channel, notBefore: heldUntil } }: Queued): Promise<Queued[]> {
    const spec = heldFor(recipientKey(recipient), channel, heldUntil, NOTICE_LIMITS.combined);
    const { value } = await this.parts.readers
      .of(notices as never)
      .read((view) => view.list<{ noticeId: string }>(spec), { settle: false });
    const held = await Promise.all(value.map(async ({ noticeId }) => (await this.#read(noticeId)).queued));
    return held.filter((one) => one !== undefined);
  }

  /** Queues a digest of these; `undefined` where they are too few. Where another process was quicker, its digest is the one. */
  async #queue(digestId: string, held: readonly Queued[]): Promise<Queued | undefined> {
    const { log, site, templates } = this.parts;
    const now = this.#now();
    const digest = digestOf(held.map(({ data }) => data));
    const template = templateInForce('digest', site.one(NOTICE_TEMPLATES, 'digest'), now);
    const [first] = held;
    if (!digest || !template || !first) return undefined;

    const { recipient, channel } = first.data;
    const person = 'person' in recipient ? site.inForce(PEOPLE, recipient.person, now)?.definition : undefined;
    const reader = { language: person?.language ?? first.data.language, timeZone: person?.timeZone ?? 'UTC' };
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
    return (await this.#read(digestId)).queued;
  }

  /** What was queued under an id, and what the rules remember of it. */
  async #read(noticeId: string): Promise<Readonly<{ queued?: Queued; notice: Notice }>> {
    let queued: Queued | undefined;
    let notice = noticeDecider.initialState;
    for await (const event of this.parts.log.readStream<NoticeEvent>(noticeStream(noticeId))) {
      if (event.type === 'NoticeQueued') queued = event;
      notice = noticeDecider.evolve(notice, event);
    }
    return { ...(queued && { queued }), notice };
  }

  #now(): string {
    return new Date(this.parts.time.nowMs()).toISOString();
  }
}
