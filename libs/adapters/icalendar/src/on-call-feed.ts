import { derivedId } from '#kernel';
import { contentLine, textValue, utcValue } from './content-line.js';

/** A shift as a calendar shows it. Instants are milliseconds since 1970-01-01T00:00:00Z; `toMs` is exclusive. */
export type FeedShift = Readonly<{
  /** Id of the schedule, and of who is on call: with the beginning, they tell the same shift from another one. */
  schedule: string;
  person: string;
  fromMs: number;
  toMs: number;
  /** What the entry says: `On call: Payments`. */
  summary: string;
  description?: string;
  /** The revision of the schedule's stream: a calendar takes an entry for changed where this has grown. */
  revision: number;
}>;

export type OnCallFeed = Readonly<{
  /** What the calendar is called. */
  name: string;
  shifts: Iterable<FeedShift>;
  /** Where a person reads the same. */
  url?: string;
  /** ISO 8601, UTC. */
  now: string;
}>;

/** How often those who subscribe may ask again. */
const REFRESH = 'PT1H';

const eventOf = ({ schedule, person, fromMs, toMs, summary, description, revision }: FeedShift, stamp: string): string =>
  [
    contentLine('BEGIN', 'VEVENT'),
    contentLine('UID', derivedId('on-call-shift', schedule, person, String(fromMs))),
    contentLine('DTSTAMP', stamp),
    contentLine('SEQUENCE', String(revision)),
    contentLine('DTSTART', utcValue(fromMs)),
    contentLine('DTEND', utcValue(toMs)),
    contentLine('SUMMARY', textValue(summary)),
    description === undefined ? '' : contentLine('DESCRIPTION', textValue(description)),
    contentLine('TRANSP', 'TRANSPARENT'), // who is on call is not busy
    contentLine('END', 'VEVENT'),
  ].join('');

/**
 * Shifts as an iCalendar text (RFC 5545, with the names and the refresh interval of RFC 7986 and those that Outlook, Google and Apple
 * knew before it), to be served as `text/calendar; charset=utf-8`.
 * @throws TypeError where `url` is none
 */
export const onCallFeed = ({ name, shifts, url, now }: OnCallFeed): string => {
  const stamp = utcValue(Date.parse(now));
  return [
    contentLine('BEGIN', 'VCALENDAR'),
    contentLine('VERSION', '2.0'),
    contentLine('PRODID', '-//Faultline//On-call//EN'),
    contentLine('CALSCALE', 'GREGORIAN'),
    contentLine('METHOD', 'PUBLISH'),
    contentLine('NAME', textValue(name)),
    contentLine('X-WR-CALNAME', textValue(name)),
    contentLine('REFRESH-INTERVAL;VALUE=DURATION', REFRESH),
    contentLine('X-PUBLISHED-TTL', REFRESH),
    url === undefined ? '' : contentLine('URL', new URL(url).href),
    ...Array.from(shifts, (shift) => eventOf(shift, stamp)),
    contentLine('END', 'VCALENDAR'),
  ].join('');
};
