import type { Actor, CommandResult, EventLog } from '#kernel';
import { DeliveryFailed, type Channel, type OutgoingNotice, type Receipt } from '#adapters/notification-channels';
import {
  attemptNotice,
  noticeStream,
  recordFailure,
  recordSent,
  withLinks,
  type Notice,
  type NoticeChannel,
  type NoticeDataOf,
  type NoticeEvent,
} from '#domain/notifications';
import { PEOPLE, type SiteDefinitions } from '#domain/definitions';
import type { Rung } from '../due-loop.js';
import type { Time } from '../time.js';
import type { Digests } from './digests.js';
import { noticeCommand } from './notice-command.js';

const OUTBOX: Actor = { kind: 'automation', id: 'outbox', name: 'Automation' };

/** Makes the links by which a reporter answers about a resolution. */
export type ConfirmationLinks = (
  about: Readonly<{ incidentId: string; resolutionRevision: number; expiresAt: string }>,
) => Readonly<{ confirm: string; reject: string }>;

export type OutboxParts = Readonly<{
  log: EventLog;
  site: SiteDefinitions;
  time: Time;
  channels: ReadonlyMap<NoticeChannel, Channel>;
  digests: Digests;
  /** Absent: notices ask for no answer. */
  confirmationLinks?: ConfirmationLinks;
  /** Names this process among all, and among its own earlier lives. */
  process: string;
}>;

export type OutboxObserver = Readonly<{
  sent?: (channel: NoticeChannel) => void;
  notSent?: (channel: NoticeChannel, noticeId: string, failure: Pick<DeliveryFailed, 'message' | 'canRetry'>) => void;
}>;

type Queued = NoticeDataOf<'NoticeQueued'>;

/** What was queued, and when. */
type Found = Readonly<{ queued: Queued; occurredAt: string }>;

/**
 * Sends what is in the outbox: each notice is taken in the log before it is sent, so that of several processes one sends it, and what became
 * of it is written down. A process that is killed in between leaves its lease to run out; the notice is sent again then, under the same id.
 */
export class Outbox {
  constructor(
    private readonly parts: OutboxParts,
    private readonly observer: OutboxObserver,
  ) {}

  /** Sends a notice, where it is due and nobody else is at it; or has it taken into a digest. */
  async send(noticeId: string): Promise<Rung> {
    const combined = await this.parts.digests.combine(noticeId);
    if (combined) return combined;

    let decided: readonly NoticeEvent[] = [];
    const taken = await this.#command(noticeId, (notice) => {
      decided = attemptNotice({ noticeId, by: this.parts.process, now: this.#now() }, notice);
      return decided;
    });
    const [attempt] = decided;
    if (!taken.changed || attempt?.type !== 'NoticeAttempted') return taken;
    return this.#sendAttempt(noticeId, attempt.data.attempt);
  }

  async #sendAttempt(noticeId: string, attempt: number): Promise<CommandResult> {
    const found = await this.#find(noticeId);
    const { channel } = found.queued;
    let receipt: Receipt;
    try {
      receipt = await this.#through(channel).send(this.#outgoing(found));
    } catch (error) {
      if (!(error instanceof DeliveryFailed)) throw error;
      const { message, canRetry, retryAfterMs } = error;
      this.observer.notSent?.(channel, noticeId, { message, canRetry });
      return this.#command(noticeId, (notice) =>
        recordFailure(
          {
            noticeId,
            attempt,
            error: message,
            canRetry,
            ...(retryAfterMs !== undefined && { retryAfterMs }),
            jitter: Math.random(),
            now: this.#now(),
          },
          notice,
        ),
      );
    }
    this.observer.sent?.(channel);
    return this.#command(noticeId, (notice) => recordSent({ noticeId, attempt, receipt }, notice));
  }

  #through(channel: NoticeChannel): Channel {
    const found = this.parts.channels.get(channel);
    if (!found) throw new DeliveryFailed('endpoint-unknown', `This site has no channel ${channel}`, false);
    return found;
  }

  /** @throws DeliveryFailed where the recipient cannot be reached by that channel */
  #outgoing({ queued, occurredAt }: Found): OutgoingNotice {
    const { noticeId, incidentId, eventId, eventType, kind, subject, text, html, confirmation } = queued;
    const { confirmationLinks } = this.parts;
    const words = { subject, text, ...(html !== undefined && { html }) };
    const isAsked = confirmation && incidentId !== null && confirmationLinks;
    const filled = isAsked ? withLinks(words, confirmationLinks({ incidentId, ...confirmation })) : words;
    return { noticeId, incidentId, eventId, eventType, occurredAt, kind, to: this.#addressOf(queued), ...filled };
  }

  /** The address that a recipient has there now: somebody may have got another one since the notice was queued. */
  #addressOf({ recipient, channel }: Pick<Queued, 'recipient' | 'channel'>): string {
    if ('address' in recipient) return recipient.address;
    if ('endpoint' in recipient) return recipient.endpoint;
    if (channel !== 'email') return recipient.person;
    const person = this.parts.site.inForce(PEOPLE, recipient.person, this.#now())?.definition;
    if (!person) throw new DeliveryFailed('address-invalid', `${recipient.person} is not in use any more`, false);
    return person.email;
  }

  async #find(noticeId: string): Promise<Found> {
    for await (const event of this.parts.log.readStream<NoticeEvent>(noticeStream(noticeId))) {
      if (event.type === 'NoticeQueued') return { queued: event.data, occurredAt: event.occurredAt };
    }
    throw new Error(`The notice ${noticeId} was attempted and never queued`);
  }

  #command(noticeId: string, decide: (notice: Notice) => readonly NoticeEvent[]): Promise<CommandResult> {
    return noticeCommand(this.parts.log, OUTBOX, noticeId, decide);
  }

  #now(): string {
    return new Date(this.parts.time.nowMs()).toISOString();
  }
}
