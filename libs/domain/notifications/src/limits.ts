/** How much of anything a notice takes. Lengths are in characters (UTF-16 code units). */
export const NOTICE_LIMITS = {
  /** One line. */
  subject: 200,
  text: 50_000,
  html: 100_000,
  /** Why somebody gets it, and why one was sent again: a sentence. */
  why: 500,
  /** What went wrong with an attempt. */
  error: 500,
  /** What a channel answered. */
  receipt: 300,
  /** Attempts before it is given up, over about a day: see `backOffMs`. */
  attempts: 12,
  /** Updates that one digest takes in. */
  combined: 100,
} as const;

/**
 * How long an attempt has the notice for itself, in milliseconds. Far longer than any channel takes, and than clocks of two processes differ:
 * whoever takes the notice after that can take it that nobody is sending it.
 */
export const LEASE_MS = 120_000;
