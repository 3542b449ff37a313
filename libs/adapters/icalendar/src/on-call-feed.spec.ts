import { describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { onCallFeed, type FeedShift } from './on-call-feed.js';

const NOW = '2026-01-05T09:00:00.000Z';
const shift = (more: Partial<FeedShift> = {}): FeedShift => ({
  schedule: 'payments',
  person: 'ada',
  fromMs: Date.parse('2026-01-05T08:00:00.000Z'),
  toMs: Date.parse('2026-01-12T08:00:00.000Z'),
  summary: 'On call: Payments',
  revision: 7,
  ...more,
});
const feedOf = (...shifts: FeedShift[]) => onCallFeed({ name: 'On call: Payments', shifts, now: NOW });
const eventsOf = (text: string) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((each) => new ICAL.Event(each));
const uidsOf = (...shifts: FeedShift[]) => eventsOf(feedOf(...shifts)).map(({ uid }) => uid);

/** Physical lines as they go over the wire, without their ends. */
const linesOf = (text: string): Buffer[] => {
  const lines: Buffer[] = [];
  let bytes = Buffer.from(text);
  for (let end = bytes.indexOf('\r\n'); end >= 0; end = bytes.indexOf('\r\n')) {
    lines.push(bytes.subarray(0, end));
    bytes = bytes.subarray(end + 2);
  }
  expect(bytes).toHaveLength(0);
  return lines;
};
const unfolded = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n');

describe('an on-call feed', () => {
  it('is, to the byte', () => {
    const text = onCallFeed({ name: 'Payments', shifts: [shift({ description: 'Weeks' })], url: 'https://desk.example/on-call', now: NOW });
    expect(text.split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Faultline//On-call//EN',
      'CALSCALE:GREGORIAN',
      'METHOD:PUBLISH',
      'NAME:Payments',
      'X-WR-CALNAME:Payments',
      'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
      'X-PUBLISHED-TTL:PT1H',
      'URL:https://desk.example/on-call',
      'BEGIN:VEVENT',
      'UID:aacc28e0-dc47-8427-8641-363d1bbfdecf',
      'DTSTAMP:20260105T090000Z',
      'SEQUENCE:7',
      'DTSTART:20260105T080000Z',
      'DTEND:20260112T080000Z',
      'SUMMARY:On call: Payments',
      'DESCRIPTION:Weeks',
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('is read back as it was meant', () => {
    const summary = 'On call: Payments; "nights", C:\\desk\nand weekends';
    const [event] = eventsOf(feedOf(shift({ summary, description: 'Ünïcödé, 24 × 7' })));
    expect(event).toMatchObject({ summary, description: 'Ünïcödé, 24 × 7', sequence: 7 });
    expect(event?.startDate.toJSDate().toISOString()).toBe('2026-01-05T08:00:00.000Z');
    expect(event?.endDate.toJSDate().toISOString()).toBe('2026-01-12T08:00:00.000Z');
  });

  it('has no shifts where there are none', () => {
    expect(eventsOf(feedOf())).toEqual([]);
  });

  it('calls a shift the same whenever it is asked, also where its end has moved, and every shift by its own', () => {
    const [uid] = uidsOf(shift());
    expect(uidsOf(shift({ toMs: Date.parse('2026-01-08T08:00:00.000Z'), summary: 'Other', revision: 8 }))).toEqual([uid]);
    const others = uidsOf(shift({ person: 'bob' }), shift({ schedule: 'network' }), shift({ fromMs: 0 }));
    expect(new Set([uid, ...others]).size).toBe(4);
  });

  it('refuses an address that is none', () => {
    const feed = (url: string) => onCallFeed({ name: 'Payments', shifts: [], url, now: NOW });
    expect(() => feed('on-call')).toThrow('Invalid URL');
    expect(unfolded(feed('https://desk.example/\r\nX-EVIL:1'))).toContain('URL:https://desk.example/X-EVIL:1');
  });
});

describe('on the wire', () => {
  it('a text is escaped, and ends no line', () => {
    const lines = unfolded(feedOf(shift({ summary: 'a\\b;c,d:"e"\r\nDTSTART:1\rf\ng\u0000\u0007\u007f\th' })));
    expect(lines).toContain('SUMMARY:a\\\\b\\;c\\,d:"e"\\nDTSTART:1\\nf\\ng\th');
    expect(lines.filter((line) => line.startsWith('DTSTART'))).toHaveLength(1);
  });

  it.each(['x', 'ü', '€', '👩‍🚒', 'aü€👩'])('no line is longer than 75 octets, and none ends within a character: %s', (character) => {
    for (let length = 60; length < 80; length++) {
      const summary = 'y'.repeat(length) + character.repeat(100);
      const text = feedOf(shift({ summary }));
      expect(unfolded(text)).toContain(`SUMMARY:${summary}`);
      const lines = linesOf(text);
      for (const line of lines) {
        expect(line.length).toBeLessThanOrEqual(75);
        new TextDecoder('utf-8', { fatal: true }).decode(line);
        expect(line.includes('\n') || line.includes('\r')).toBe(false);
      }
      // as long as can be: the next character had no place there
      const folds = lines.slice(
        lines.findIndex((line) => line.includes('SUMMARY')),
        lines.findIndex((line) => line.includes('TRANSP')) - 1,
      );
      for (const fold of folds) expect(fold.length).toBeGreaterThan(75 - 4);
    }
  });
});
