/** How much of anything an incident takes. The HTTP edge, imports and the documentation all read these, and so agree. */

/** A length in characters (UTF-16 code units), inclusive on both ends. */
export type Length = Readonly<{ min: number; max: number }>;

/** A title: one line. */
export const TITLE: Length = { min: 1, max: 200 };
/** What people write: descriptions, notes, reasons, findings, updates. */
export const TEXT: Length = { min: 1, max: 20_000 };
/** What something is called: people, teams, services, categories, codes, files, references. */
export const NAME: Length = { min: 1, max: 200 };

/** Items of a list: mentions, configuration items, evidence, answers to a diagnostic script. */
export const LIST_MAX_ITEMS = 50;

/** Work logged at once: a minute to a month. */
export const WORK_MINUTES = { min: 1, max: 31 * 24 * 60 } as const;
/** Downtime of a service: none to a year. */
export const DOWNTIME_MINUTES = { min: 0, max: 366 * 24 * 60 } as const;
/** Money in minor units: 10 billion in a currency of cents, and far below where a double stops counting in ones. */
export const MONEY_AMOUNT = { min: 0, max: 1_000_000_000_000 } as const;
/** ISO 4217, as letters. */
export const CURRENCY_PATTERN = /^[A-Z]{3}$/;

/** An attached file: up to 100 MiB. */
export const FILE_SIZE_BYTES = { min: 0, max: 100 * 1024 * 1024 } as const;
/** SHA-256 in lower-case hex. */
export const SHA256_PATTERN = /^[0-9a-f]{64}$/;

/** Days after which a resolution that nobody answered may be closed. */
export const CLOSE_AFTER_DAYS = { min: 0, max: 365 } as const;

/** How many levels an impact, an urgency or a priority may have. */
export const MATRIX_LEVELS = { min: 2, max: 9 } as const;

export { CLOCK_SKEW_MS } from '#kernel';
