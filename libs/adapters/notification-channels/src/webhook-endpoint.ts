import { isLoopback } from '#kernel';

/** Where a webhook goes, and the keys that sign it. The URL may hold a secret, too: only its origin is ever shown. */
export type WebhookEndpoint = Readonly<{
  url: string;
  /** `https://host:port`. */
  origin: string;
  /** The newest first. Each signs, so that a receiver can change over from one to the next. */
  keys: readonly [Uint8Array, ...Uint8Array[]];
}>;

/** Of a secret, in bytes (Standard Webhooks); and how many secrets at a time. */
export const WEBHOOK_SECRET_LIMITS = { min: 24, max: 64, secrets: 3 } as const;

const SECRET = /^whsec_(?<base64>(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

const keyOf = (secret: string): Uint8Array => {
  const { min, max } = WEBHOOK_SECRET_LIMITS;
  const key = Buffer.from(SECRET.exec(secret)?.groups?.['base64'] ?? '', 'base64');
  if (key.byteLength < min || key.byteLength > max) {
    throw new Error(`The secret of a webhook must be whsec_ and ${min} to ${max} bytes in base64`);
  }
  return key;
};

/**
 * An endpoint as it is set up: https, or http on this machine; no user and password in the URL.
 * @throws Error for any other URL or secret; it repeats neither
 */
export const webhookEndpoint = (url: string, secret: string, ...former: readonly string[]): WebhookEndpoint => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isSafe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname));
  if (!parsed || !isSafe || parsed.username || parsed.password) {
    throw new Error('The URL of a webhook must start with https:// (http:// on this machine), without a user or a password');
  }
  if (former.length >= WEBHOOK_SECRET_LIMITS.secrets) {
    throw new Error(`A webhook has at most ${WEBHOOK_SECRET_LIMITS.secrets} secrets at a time`);
  }
  return { url: parsed.href, origin: parsed.origin, keys: [keyOf(secret), ...former.map(keyOf)] };
};
