import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS, WEEKDAYS } from '#domain/local-time';
import { parseNoticePreferences, type NoticePreferences } from './preferences.js';

type Preferences = NoticePreferences & Readonly<{ timeZone: string }>;
import { scheduleOf } from './schedule.js';

const preferences = ({
  timeZone = 'Europe/Berlin',
  ...more
}: Readonly<{ timeZone?: string; quietHours?: unknown; digestAt?: unknown }> = {}): Preferences => ({
  ...parseNoticePreferences(more),
  timeZone,
});
const NIGHTS = [{ days: WEEKDAYS, from: '22:00', to: '07:00' }];
const WEEKEND = [...NIGHTS, { days: ['saturday', 'sunday'], from: '00:00', to: '24:00' }];

describe('an update', () => {
  const nights = preferences({ quietHours: NIGHTS });

  it.each([
    ['comes at once by day', '2026-01-14T09:00:00.000Z', '2026-01-14T09:00:00.000Z'],
    ['waits from the first quiet moment', '2026-01-14T21:00:00.000Z', '2026-01-15T06:00:00.000Z'],
    ['comes before it', '2026-01-14T20:59:59.999Z', '2026-01-14T20:59:59.999Z'],
    ['waits past midnight', '2026-01-15T02:00:00.000Z', '2026-01-15T06:00:00.000Z'],
    ['comes when it is over', '2026-01-15T06:00:00.000Z', '2026-01-15T06:00:00.000Z'],
    ['follows the wall clock into summer', '2026-03-28T23:00:00.000Z', '2026-03-29T05:00:00.000Z'],
    ['and out of it', '2026-10-24T23:00:00.000Z', '2026-10-25T06:00:00.000Z'],
  ])('%s', (_, instant, notBefore) => expect(scheduleOf(nights, 'update', instant)).toBe(notBefore));

  it('waits from one quiet stretch into the next', () => {
    expect(scheduleOf(preferences({ quietHours: WEEKEND }), 'update', '2026-01-16T21:30:00.000Z')).toBe('2026-01-19T06:00:00.000Z');
  });

  it('waits for the next digest', () => {
    const digests = preferences({ digestAt: ['16:00', '09:00'] });
    const next = ['2026-01-14T07:59:00.000Z', '2026-01-14T08:00:00.000Z', '2026-01-14T08:01:00.000Z', '2026-01-14T15:01:00.000Z'];
    expect(next.map((instant) => scheduleOf(digests, 'update', instant))).toEqual([
      '2026-01-14T08:00:00.000Z',
      '2026-01-14T08:00:00.000Z',
      '2026-01-14T15:00:00.000Z',
      '2026-01-15T08:00:00.000Z',
    ]);
  });

  it('waits for the end of the quiet hours that a digest falls into', () => {
    expect(scheduleOf(preferences({ quietHours: NIGHTS, digestAt: ['06:00'] }), 'update', '2026-01-14T12:00:00.000Z')).toBe(
      '2026-01-15T06:00:00.000Z',
    );
  });

  it('comes at once to whoever has said nothing', () => {
    expect(scheduleOf(undefined, 'update', '2026-01-15T02:00:00.000Z')).toBe('2026-01-15T02:00:00.000Z');
  });
});

it('a digest waits for the end of quiet hours, and for no other digest', () => {
  const both = preferences({ quietHours: NIGHTS, digestAt: ['12:00'] });
  expect(scheduleOf(both, 'digest', '2026-01-15T02:00:00.000Z')).toBe('2026-01-15T06:00:00.000Z');
  expect(scheduleOf(both, 'digest', '2026-01-15T09:00:00.000Z')).toBe('2026-01-15T09:00:00.000Z');
});

it('a page waits for nothing', () => {
  expect(scheduleOf(preferences({ quietHours: WEEKEND, digestAt: ['12:00'] }), 'page', '2026-01-17T02:00:00.000Z')).toBe(
    '2026-01-17T02:00:00.000Z',
  );
});

describe('whatever the preferences', () => {
  /** The first quiet-free minute, found minute by minute with nothing but Intl. */
  const slowly = ({ timeZone, quietHours }: Preferences, instantMs: number): number => {
    const parts = { weekday: 'long', hour: '2-digit', minute: '2-digit' } as const;
    const clock = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts });
    const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
    const isQuiet = (ms: number) => {
      const { weekday, hour, minute } = Object.fromEntries(clock.formatToParts(ms).map(({ type, value }) => [type, value]));
      const today = WEEKDAYS.indexOf(String(weekday).toLowerCase() as (typeof WEEKDAYS)[number]);
      const now = Number(hour) * 60 + Number(minute);
      return quietHours.some(({ days, from, to }) => {
        const [begins, ends] = [minutes(from), minutes(to)];
        const on = (day: number) => days.includes(WEEKDAYS[(day + 7) % 7] as (typeof WEEKDAYS)[number]);
        return ends > begins ? on(today) && now >= begins && now < ends : (on(today) && now >= begins) || (on(today - 1) && now < ends);
      });
    };
    let ms = instantMs;
    while (isQuiet(ms)) ms += MINUTE_MS;
    return ms;
  };

  it.each([
    ['Europe/Berlin', '2026-03-27T00:00:00.000Z'],
    ['America/New_York', '2028-02-28T00:00:00.000Z'],
    ['America/New_York', '2026-10-30T00:00:00.000Z'],
    ['Asia/Kathmandu', '2026-06-01T00:00:00.000Z'],
  ])('agrees with looking at every minute: %s from %s', (timeZone, from) => {
    const quietHours = [
      { days: ['monday', 'friday'], from: '21:45', to: '06:30' },
      { days: ['saturday'], from: '00:00', to: '24:00' },
      { days: ['sunday'], from: '00:00', to: '09:15' },
      { days: ['wednesday'], from: '12:00', to: '12:00' },
    ];
    const given = preferences({ timeZone, quietHours });
    for (let ms = Date.parse(from); ms < Date.parse(from) + 8 * DAY_MS; ms += 1.75 * HOUR_MS) {
      const instant = new Date(ms).toISOString();
      expect(scheduleOf(given, 'update', instant)).toBe(new Date(slowly(given, ms)).toISOString());
    }
  });
});
