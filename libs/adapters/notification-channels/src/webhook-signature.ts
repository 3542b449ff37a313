import { createHmac } from 'node:crypto';

/**
 * The signatures of a webhook, as Standard Webhooks has them (https://www.standardwebhooks.com): for each key, `v1,` and the HMAC-SHA256 of
 * `id.timestamp.body` in base64. The id holds no full stop; the timestamp is in whole seconds since 1970.
 */
export const webhookSignatures = (keys: readonly Uint8Array[], id: string, timestamp: number, body: string): string =>
  keys.map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`).join(' ');
