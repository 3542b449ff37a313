import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '#local-time';
import { nextDigestAt, quietUntil } from './notice-times.js';
import { person } from './people.fixture.js';

const quiet = (from: string, to: string, timeZone = 'Europe/Berlin') =>
  person({ timeZone, notices: { channels: ['email'], quietHours: { from, to } } });

describe('quiet hours', () => {
  it.each([
    ['2026-01-13T20:59:59Z', undefined],
    ['2026-01-13T21:00:00Z', '2026-01-14T06:00:00.000Z'],
    ['2026-01-14T00:00:00Z', '2026-01-14T06:00:00.000Z'],
    ['2026-01-14T05:59:59Z', '2026-01-14T06:00:00.000Z'],
    ['2026-01-14T06:00:00Z', undefined],
  ])('over midnight: at %s until %s', (instant, until) => expect(quietUntil(quiet('22:00', '07:00'), instant)).toBe(until));

  it('within a day, and up to midnight', () => {
    expect(quietUntil(quiet('12:00', '13:00'), '2026-01-13T11:30:00Z')).toBe('2026-01-13T12:00:00.000Z');
    expect(quietUntil(quiet('12:00', '13:00'), '2026-01-13T12:00:00Z')).toBeUndefined();
    expect(quietUntil(quiet('20:00', '00:00'), '2026-01-13T22:59:00Z')).toBe('2026-01-13T23:00:00.000Z');
    expect(quietUntil(quiet('20:00', '00:00'), '2026-01-13T23:00:00Z')).toBeUndefined();
  });
  it('are none where nobody said so', () => expect(quietUntil(person(), '2026-01-14T00:00:00Z')).toBeUndefined());
  it('end by the wall clock in the nights in which it is set', () => {
    expect(quietUntil(quiet('22:00', '07:00'), '2026-03-28T22:00:00Z')).toBe('2026-03-29T05:00:00.000Z');
    expect(quietUntil(quiet('22:00', '07:00', 'America/New_York'), '2026-11-01T03:00:00Z')).toBe('2026-11-01T12:00:00.000Z');
    expect(quietUntil(quiet('02:00', '02:45'), '2026-03-29T01:00:00Z')).toBeUndefined();
  });

  it('agree with a wall clock, minute by minute', () => {
    const timeZone = 'America/New_York';
    const clock = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' });
    const sleeper = quiet('22:30', '06:15', timeZone);
    for (let ms = Date.parse('2026-10-31T12:00:00Z'); ms < Date.parse('2026-11-02T12:00:00Z'); ms += 5 * MINUTE_MS) {
      const time = clock.format(ms);
      const until = quietUntil(sleeper, new Date(ms).toISOString());
      expect([time, until !== undefined]).toEqual([time, time >= '22:30' || time < '06:15']);
      if (until) expect(clock.format(Date.parse(until))).toBe('06:15');
    }
  });
});

describe('the daily digest', () => {
  const reader = (dailyDigestAt: string) => person({ notices: { channels: ['email'], dailyDigestAt } });
  it.each([
    ['08:00', '2026-01-13T06:59:59Z', '2026-01-13T07:00:00.000Z'],
    ['08:00', '2026-01-13T07:00:00Z', '2026-01-14T07:00:00.000Z'],
    ['00:00', '2026-01-13T22:30:00Z', '2026-01-13T23:00:00.000Z'],
    ['02:30', '2026-03-28T12:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['02:30', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00.000Z'],
  ])('at %s is, from %s on, next due %s', (time, instant, next) => expect(nextDigestAt(reader(time), instant)).toBe(next));
  it('comes once for each day of the year', () => {
    let [at, count] = ['2026-01-01T00:00:00Z', 0];
    while (at < '2027-01-01') {
      const next = nextDigestAt(reader('02:30'), at) as string;
      expect(Date.parse(next) - Date.parse(at)).toBeLessThanOrEqual(25 * HOUR_MS);
      [at, count] = [next, count + 1];
    }
    expect(count).toBe(366);
  });
  it('is none where nobody wants one', () => expect(nextDigestAt(person(), '2026-01-14T00:00:00Z')).toBeUndefined());
});
