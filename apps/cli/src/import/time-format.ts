import { DateTime } from 'luxon';
import { knownZone, MINUTE_MS } from '#domain/local-time';

/** Reads one way of writing a moment; `undefined` where the text is not that. Milliseconds since 1970-01-01T00:00:00Z. */
export type TimeReader = (text: string) => number | undefined;

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond' | 'meridiem' | 'offset';

/** The tokens of a format, in the notation of Unicode's date patterns as luxon has them; longer ones first. */
const TOKENS: readonly (readonly [token: string, part: Part, pattern: string])[] = [
  ['yyyy', 'year', '\\d{4}'],
  ['MM', 'month', '\\d{2}'],
  ['M', 'month', '\\d{1,2}'],
  ['dd', 'day', '\\d{2}'],
  ['d', 'day', '\\d{1,2}'],
  ['HH', 'hour', '\\d{2}'],
  ['H', 'hour', '\\d{1,2}'],
  ['hh', 'hour', '\\d{2}'],
  ['h', 'hour', '\\d{1,2}'],
  ['mm', 'minute', '\\d{2}'],
  ['m', 'minute', '\\d{1,2}'],
  ['ss', 'second', '\\d{2}'],
  ['s', 'second', '\\d{1,2}'],
  ['SSS', 'millisecond', '\\d{3}'],
  ['a', 'meridiem', '[AaPp]\\.?[Mm]\\.?'],
  ['ZZ', 'offset', 'Z|[+-]\\d{2}:?\\d{2}'],
];
export const TIME_TOKENS = TOKENS.map(([token]) => token);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** A format as a pattern, and which of its groups is which part; `undefined` where a letter is no token. Letters in quotes stand for themselves. */
const compile = (format: string): { pattern: RegExp; parts: readonly Part[] } | undefined => {
  const parts: Part[] = [];
  let source = '';
  for (let rest = format; rest !== '';) {
    const quoted = /^'([^']*)'/.exec(rest);
    const token = TOKENS.find(([name]) => rest.startsWith(name));
    if (quoted) {
      source += escaped(quoted[1] as string);
      rest = rest.slice(quoted[0].length);
    } else if (token) {
      const [name, part, pattern] = token;
      source += `(${pattern})`;
      parts.push(part);
      rest = rest.slice(name.length);
    } else {
      if (/^[A-Za-z]/.test(rest)) return undefined;
      source += escaped(rest[0] as string);
      rest = rest.slice(1);
    }
  }
  return { pattern: new RegExp(`^${source}$`), parts };
};

const offsetMs = (text: string): number => {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS : 0;
};

/** 12 am is 0 o'clock, 12 pm is 12; `undefined` for an hour that no such clock shows. */
const hourOf = (hour: number, meridiem: string | undefined): number | undefined => {
  if (meridiem === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (/^p/i.test(meridiem) ? 12 : 0);
};

const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(?<offset>Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A reader of `iso` (ISO 8601), `epoch-seconds`, `epoch-milliseconds`, or a format of tokens, as `d/M/yyyy HH:mm`. A time that names no offset
 * is one of `zone`, an IANA name. A day that no calendar has, or an hour that a clock change skips, is not a time; of an hour that one repeats, the
 * first is meant.
 * It remembers the last times it read: rows of a log share many.
 * @throws RangeError when the format has a letter that is no token, or names no year, month and day
 */
export const timeReader = (format: string, zone: string): TimeReader => {
  const home = knownZone(zone);

  const ofTokens = (): TimeReader => {
    const compiled = compile(format);
    const needed: readonly Part[] = ['year', 'month', 'day'];
    if (!compiled || !needed.every((part) => compiled.parts.includes(part))) {
      throw new RangeError(
        `"${format}" is no time format: it takes iso, epoch-seconds, epoch-milliseconds, or the tokens ${TIME_TOKENS.join(' ')}`,
      );
    }
    const { pattern, parts } = compiled;
    return (text) => {
      const groups = pattern.exec(text);
      if (!groups) return undefined;
      const read: Partial<Record<Part, string>> = {};
      parts.forEach((part, n) => (read[part] = groups[n + 1] as string));
      const number = (part: Part) => Number(read[part] ?? 0);
      const [month, day, minute, second] = [number('month'), number('day'), number('minute'), number('second')];
      const hour = hourOf(number('hour'), read.meridiem);
      if (hour === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
      const utcMs = Date.UTC(number('year'), month - 1, day, hour, minute, second, number('millisecond'));
      const date = new Date(utcMs);
      if (date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return undefined;
      return read.offset === undefined ? home.exactInstantOf(utcMs) : utcMs - offsetMs(read.offset);
    };
  };

  const ofIso: TimeReader = (text) => {
    const groups = ISO.exec(text)?.groups;
    if (!groups) return undefined;
    const read = DateTime.fromISO(text.replace(' ', 'T'), { zone: 'UTC' });
    if (!read.isValid) return undefined;
    return groups['offset'] === undefined ? home.exactInstantOf(read.toMillis()) : read.toMillis();
  };

  const ofEpoch =
    (unitMs: number): TimeReader =>
    (text) => {
      const ms = /^\d{1,14}(\.\d+)?$/.test(text) ? Math.round(Number(text) * unitMs) : NaN;
      return Number.isNaN(new Date(ms).getTime()) ? undefined : ms;
    };

  const readers: Readonly<Record<string, () => TimeReader>> = {
    iso: () => ofIso,
    'epoch-seconds': () => ofEpoch(1_000),
    'epoch-milliseconds': () => ofEpoch(1),
  };
  return remembering((readers[format] ?? ofTokens)());
};

const REMEMBERED = 1_024;

const remembering = (read: TimeReader): TimeReader => {
  const known = new Map<string, number | undefined>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED) known.clear();
    const value = read(text);
    known.set(text, value);
    return value;
  };
};
