import { DeliveryFailed, SEND_LIMIT_MS, type Channel, type OutgoingNotice, type Receipt } from './channel.js';
import { quoted } from './quoting.js';
import { retryAfterMs } from './retry-after.js';
import { isTlsFailure } from './tls-failures.js';
import type { WebhookEndpoint } from './webhook-endpoint.js';
import { webhookSignatures } from './webhook-signature.js';

export type WebhookSettings = Readonly<{
  /** The endpoint of an id; `undefined` where none is set up under it. */
  endpointOf: (id: string) => WebhookEndpoint | undefined;
  /** Milliseconds since 1970. */
  now?: () => number;
  timeLimitMs?: number;
}>;

/** The body of a webhook: Standard Webhooks' type, timestamp and data. Every notice has the same shape, whatever it is about. */
const bodyOf = ({ noticeId, incidentId, eventId, eventType, occurredAt, kind, subject, text }: OutgoingNotice): string =>
  JSON.stringify({ type: `notice.${kind}`, timestamp: occurredAt, data: { noticeId, incidentId, eventId, eventType, subject, text } });

/** What a status means: 2xx is success, 410 that nothing more is wanted; whatever else can change. Redirects are not followed. */
const outcomeOf = (response: Response, origin: string, noticeId: string, nowMs: number): Receipt => {
  const { status, headers } = response;
  if (response.ok) return { reference: noticeId, answer: String(status) };
  const answered = `The webhook at ${origin} answered ${status}`;
  if (status === 410) throw new DeliveryFailed('gone', `${answered}: it wants no more notices`, false);
  if (status === 429 || status === 503) throw new DeliveryFailed('busy', answered, true, retryAfterMs(headers.get('retry-after'), nowMs));
  throw new DeliveryFailed('refused', status >= 300 && status < 400 ? `${answered}: redirects are not followed` : answered, true);
};

/** What a failed call means. The error of `fetch` says why only in its cause, of which the code tells enough and repeats nothing. */
const callFailure = (error: unknown, origin: string): DeliveryFailed => {
  const { name, cause } = error as { name?: string; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return new DeliveryFailed('timed-out', `The webhook at ${origin} took too long`, true);
  const code = typeof cause?.code === 'string' ? ` (${quoted(cause.code)})` : '';
  if (isTlsFailure(cause?.code))
    return new DeliveryFailed('insecure', `The webhook at ${origin} offers no connection that is safe${code}`, true);
  return new DeliveryFailed('unreachable', `The webhook at ${origin} cannot be reached${code}`, true);
};

/**
 * Sends notices as webhooks: a POST of JSON, signed, whose id is the notice's whenever it is sent. Only the status of the answer counts; its
 * body is not read, however long it is.
 */
export const webhookChannel = ({ endpointOf, now = Date.now, timeLimitMs = SEND_LIMIT_MS }: WebhookSettings): Channel => ({
  send: async (notice) => {
    const endpoint = endpointOf(notice.to);
    if (!endpoint) throw new DeliveryFailed('endpoint-unknown', `No webhook is set up as ${quoted(notice.to)}`, false);
    const { url, origin, keys } = endpoint;
    const body = bodyOf(notice);
    const timestamp = Math.floor(now() / 1_000);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': notice.noticeId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': webhookSignatures(keys, notice.noticeId, timestamp, body),
    };
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeLimitMs),
    }).catch((error: unknown) => {
      throw callFailure(error, origin);
    });
    await response.body?.cancel().catch(() => undefined);
    return outcomeOf(response, origin, notice.noticeId, now());
  },
});
