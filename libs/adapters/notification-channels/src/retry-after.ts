/** No more is heeded, in milliseconds: a day. */
const MOST_MS = 86_400_000;

/**
 * How long a `Retry-After` asks to wait, in milliseconds (RFC 9110, 10.2.3: seconds, or an HTTP date); `undefined` where it is absent or
 * neither.
 */
export const retryAfterMs = (header: string | null, nowMs: number): number | undefined => {
  if (header === null) return undefined;
  const ms = /^\d{1,10}$/.test(header) ? Number(header) * 1_000 : / GMT$/.test(header) ? Date.parse(header) - nowMs : NaN;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), MOST_MS);
};
