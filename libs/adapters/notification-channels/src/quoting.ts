/** Longest text of others that we repeat, in characters. */
const MOST_QUOTED = 200;

/** A text on one line: control characters, which could end a header or drive a terminal, become spaces. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();

/** What another side said, as it can be repeated: on one line, cut, and without our secrets, should it have sent them back. */
export const quoted = (text: string, secrets: readonly string[] = []): string =>
  oneLine(secrets.reduce((told, secret) => told.replaceAll(secret, '***'), text)).slice(0, MOST_QUOTED);
