import { setTimeout as delay } from 'node:timers/promises';

/** What time it is, and how to wait for a later one: the system's, or one that a test sets. */
export interface Time {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMs(): number;
  /** Resolves at that instant, or as soon as the signal is aborted; at once where it is past. */
  until(instantMs: number, signal: AbortSignal): Promise<void>;
}

/** Timers of Node.js hold no longer than this, in milliseconds; who waits longer looks again. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export const systemTime: Time = {
  nowMs: () => Date.now(),
  until: (instantMs, signal) =>
    delay(Math.min(Math.max(0, instantMs - Date.now()), LONGEST_WAIT_MS), undefined, { signal, ref: false }).catch(() => undefined),
};
