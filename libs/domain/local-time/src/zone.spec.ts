import { describe, expect, it } from '@jest/globals';
import { dayNumber, isoDate, minutesOf, weekdayOf } from './dates.js';
import { zoneOf, type Zone } from './zone.js';

const berlin = zoneOf('Europe/Berlin') as Zone;
const newYork = zoneOf('America/New_York') as Zone;
/** Half an hour, at two in the morning. */
const lordHowe = zoneOf('Australia/Lord_Howe') as Zone;

const wall = (text: string) => Date.parse(`${text}Z`);
const instantOf = (zone: Zone, text: string) => new Date(zone.instantOf(wall(text))).toISOString();

describe('a zone', () => {
  it('is known by its IANA name, and no other', () => {
    expect(zoneOf('Europe/Berlin')?.name).toBe('Europe/Berlin');
    expect([zoneOf('Berlin'), zoneOf(''), zoneOf('+01:00')]).toEqual([undefined, undefined, undefined]);
  });

  it('shows its own time', () => {
    expect(new Date(berlin.wallOf(Date.parse('2026-07-01T12:00:00Z'))).toISOString()).toBe('2026-07-01T14:00:00.000Z');
    expect(instantOf(newYork, '2026-01-15T09:00')).toBe('2026-01-15T14:00:00.000Z');
  });

  it('skips an hour in spring: that is the moment at which clocks are set forward', () => {
    for (const skipped of ['2026-03-29T02:00', '2026-03-29T02:30', '2026-03-29T02:59:59.999']) {
      expect(instantOf(berlin, skipped)).toBe('2026-03-29T01:00:00.000Z');
      expect(berlin.exactInstantOf(wall(skipped))).toBeUndefined();
    }
    expect(instantOf(berlin, '2026-03-29T01:59:59.999')).toBe('2026-03-29T00:59:59.999Z');
    expect(instantOf(berlin, '2026-03-29T03:00')).toBe('2026-03-29T01:00:00.000Z');
    expect(instantOf(lordHowe, '2026-10-04T02:15')).toBe('2026-10-03T15:30:00.000Z');
  });

  it('shows an hour twice in autumn: the first time is meant', () => {
    expect(instantOf(berlin, '2026-10-25T02:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(instantOf(newYork, '2026-11-01T01:30')).toBe('2026-11-01T05:30:00.000Z');
  });

  it('comes back to every instant but those of the second time', () => {
    for (let ms = Date.parse('2026-01-01T00:00:00Z'); ms < Date.parse('2027-01-01T00:00:00Z'); ms += 1_234_567) {
      const back = newYork.instantOf(newYork.wallOf(ms));
      expect([0, 3_600_000]).toContain(ms - back);
    }
  });
});

describe('days and times', () => {
  it('are those of the calendar', () => {
    expect(isoDate(dayNumber('2028-02-29') as number)).toBe('2028-02-29');
    expect([dayNumber('2026-02-29'), dayNumber('2026-13-01'), dayNumber('1/2/2026'), dayNumber(7)]).toEqual(Array(4).fill(undefined));
    expect(weekdayOf(dayNumber('1969-12-31') as number)).toBe('wednesday');
    expect(weekdayOf(dayNumber('2026-11-25') as number)).toBe('wednesday');
    expect([minutesOf('00:00'), minutesOf('08:30'), minutesOf('24:00')]).toEqual([0, 510, 1_440]);
    expect([minutesOf('8:30'), minutesOf('24:01'), minutesOf('12:60'), minutesOf(8)]).toEqual(Array(4).fill(undefined));
  });
});
