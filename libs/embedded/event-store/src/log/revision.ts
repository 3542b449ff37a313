/**
 * The event number that ends a stream for good, and the `$tb` that hides all of one. On the wire both are 2^63 - 1, which a JavaScript
 * number cannot hold; in here they are the largest number of 48 bits, which no stream ever grows to.
 */
export const TOMBSTONE = 2 ** 48 - 1;

/** `TOMBSTONE` as it stands in JSON and in messages. */
export const LONG_MAX = 9_223_372_036_854_775_807n;

/** A revision that a client named, which may be any number of 64 bits, within what streams have. */
export const clampRevision = (revision: number): number => Math.min(revision, TOMBSTONE);

/** A revision as clients read it. */
export const revisionText = (revision: number): string => (revision === TOMBSTONE ? LONG_MAX : revision).toString();
