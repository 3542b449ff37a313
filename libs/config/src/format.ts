import { zoneOf } from '#domain/local-time';

/** What a setting takes: in words, and as a reader that gives `undefined` where the text is not that. */
export type Format<T> = Readonly<{ accepts: string; read: (text: string) => T | undefined }>;

const matching = (accepts: string, pattern: RegExp): Format<string> => ({
  accepts,
  read: (text) => (pattern.test(text) ? text : undefined),
});

/** Any text that is not empty, on one line. */
export const lineOfText = (what: string): Format<string> => matching(what, /^[^\r\n]+$/);

export const wholeNumber = (least: number, most: number): Format<number> => ({
  accepts: `a whole number from ${least} to ${most}`,
  read: (text) => {
    if (!/^\d{1,15}$/.test(text)) return undefined;
    const number = Number(text);
    return number >= least && number <= most ? number : undefined;
  },
});

export const oneOf = <const T extends string>(choices: readonly T[]): Format<T> => ({
  accepts: `one of ${choices.join(', ')}`,
  read: (text) => choices.find((choice) => choice === text),
});

/** A list with commas, each choice once, in the order of the choices. */
export const someOf = <const T extends string>(choices: readonly T[]): Format<readonly T[]> => ({
  accepts: `one or more of ${choices.join(', ')}, with commas between`,
  read: (text) => {
    const named = text.split(',').map((name) => name.trim());
    return named.every((name) => (choices as readonly string[]).includes(name))
      ? choices.filter((choice) => named.includes(choice))
      : undefined;
  },
});

/** A URI of one of these schemes that names a host. */
export const uri = (schemes: readonly string[]): Format<string> => ({
  accepts: `a URI that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  read: (text) =>
    schemes.some((scheme) => text.startsWith(`${scheme}://`) && text.length > scheme.length + 3) && !/\s/.test(text) ? text : undefined,
});

/** MongoDB's rules for the name of a database, as strict as the strictest platform has them. */
export const databaseName: Format<string> = matching('a name of 1 to 38 letters, digits, _ and -', /^[A-Za-z0-9_-]{1,38}$/);

/** ISO 4217. */
export const currencyCode: Format<string> = {
  accepts: 'a currency code of ISO 4217, as EUR',
  read: (text) => (Intl.supportedValuesOf('currency').includes(text) ? text : undefined),
};

/** An http or https URL of an origin or a path, without a user. Without the slash at its end. */
export const webUrl: Format<string> = {
  accepts: 'a URL that starts with http:// or https://, without a user',
  read: (text) => {
    if (!URL.canParse(text)) return undefined;
    const { protocol, username, password } = new URL(text);
    return ['http:', 'https:'].includes(protocol) && !username && !password ? text.replace(/\/$/, '') : undefined;
  },
};

export const timeZone: Format<string> = {
  accepts: 'an IANA time zone, as Europe/Brussels',
  read: (text) => zoneOf(text)?.name,
};

/** A secret of so many bytes and more. */
export const secretText = (leastBytes: number): Format<string> => ({
  accepts: `a secret of ${leastBytes} bytes or more`,
  read: (text) => (Buffer.byteLength(text) >= leastBytes ? text : undefined),
});

/** Whom mail is from. */
export const mailSender: Format<Readonly<{ name: string; address: string }>> = {
  accepts: 'a name and an address, as Service desk <desk@example.org>',
  read: (text) => {
    const found = /^(?<name>[^<>\r\n]{1,100}) <(?<address>[^<>\s@]+@[^<>\s@]+)>$/.exec(text)?.groups;
    return found && { name: found['name'] as string, address: found['address'] as string };
  },
};
