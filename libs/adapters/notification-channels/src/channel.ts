/** A notice as a channel gets it: with its links in place, and with the address that its recipient has there. */
export type OutgoingNotice = Readonly<{
  noticeId: string;
  /** `null`: it is about several, or none. */
  incidentId: string | null;
  /** The event it is about, its type, and when that happened: ISO 8601, UTC. */
  eventId: string | null;
  eventType: string | null;
  occurredAt: string;
  /** page, update, digest. */
  kind: string;
  /** A mail address; the id of a webhook; on the console, whatever names the recipient. */
  to: string;
  subject: string;
  text: string;
  html?: string;
}>;

/** What the channel answered: how it calls what it took, and its own words, on one line. */
export type Receipt = Readonly<{ reference: string; answer: string }>;

/** A way out for notices. */
export interface Channel {
  /**
   * Hands a notice over, once, and answers when the other side has taken it. It may have been taken even where this fails: sent again, it has the
   * same id there.
   * @throws DeliveryFailed, and nothing else
   */
  send(notice: OutgoingNotice): Promise<Receipt>;
}

/**
 * Why a notice was not taken.
 * - `address-invalid`, `endpoint-unknown`: there is no such place to send it to; - `refused`: the other side does not take it, and says why;
 * - `gone`: it wants no more of them; - `credentials-refused`, `insecure`: it does not take ours, or we would have to tell them to everybody;
 * - `busy`: it asks for time; - `unreachable`, `timed-out`: it was not there, or too slow.
 */
export type DeliveryFault =
  'address-invalid' | 'endpoint-unknown' | 'refused' | 'gone' | 'credentials-refused' | 'insecure' | 'busy' | 'unreachable' | 'timed-out';

/** A notice was not taken. The message tells no secrets: it is kept in the log for good. For that reason it has no `cause`, either. */
export class DeliveryFailed extends Error {
  constructor(
    readonly fault: DeliveryFault,
    message: string,
    /** Whether trying again can help. */
    readonly canRetry: boolean,
    /** How long the other side asks to wait, in milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
    this.name = 'DeliveryFailed';
  }
}

/** How long a channel takes at most, in milliseconds; then the notice was not taken. Far shorter than the lease of an attempt. */
export const SEND_LIMIT_MS = 30_000;
