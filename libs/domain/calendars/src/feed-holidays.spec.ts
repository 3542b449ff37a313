import { describe, expect, it } from '@jest/globals';
import { parseBusinessCalendar, type Holiday } from './business-calendar.js';
import { withFeedHolidays } from './feed-holidays.js';

const calendarWith = (...holidays: Holiday[]) =>
  parseBusinessCalendar({ name: 'Office', timeZone: 'Europe/Brussels', week: { monday: [{ from: '09:00', to: '17:00' }] }, holidays });
const off = (date: string, name: string, feed?: string): Holiday => ({ date, name, ...(feed !== undefined && { feed }) });
const taken = (calendar: ReturnType<typeof calendarWith>, ...holidays: Holiday[]) =>
  withFeedHolidays(calendar, { feed: 'be', from: '2026-01-01', to: '2026-12-31', holidays }).holidays;

describe('days off of a feed', () => {
  it('are added in their order', () =>
    expect(taken(calendarWith(off('2026-06-01', 'Party')), off('2026-12-25', 'Christmas'), off('2026-01-01', 'New Year'))).toEqual([
      off('2026-01-01', 'New Year', 'be'),
      off('2026-06-01', 'Party'),
      off('2026-12-25', 'Christmas', 'be'),
    ]));

  it('take the place of what the feed said before, at that time alone', () => {
    const before = calendarWith(
      off('2025-12-31', 'Eve', 'be'),
      off('2026-01-01', 'Old name', 'be'),
      off('2026-05-01', 'No more', 'be'),
      off('2026-12-31', 'No more', 'be'),
      off('2027-01-01', 'New Year', 'be'),
    );
    expect(taken(before, off('2026-01-01', 'New Year'))).toEqual([
      off('2025-12-31', 'Eve', 'be'),
      off('2026-01-01', 'New Year', 'be'),
      off('2027-01-01', 'New Year', 'be'),
    ]);
  });

  it('leave days off that are somebody else’s', () => {
    const others = [off('2026-01-01', 'By hand'), off('2026-05-01', 'May Day', 'de')];
    expect(taken(calendarWith(...others), off('2026-01-01', 'New Year'), off('2026-05-01', 'Labour Day'))).toEqual(others);
  });

  it('make a calendar, and change nothing the second time', () => {
    const once = { ...calendarWith(), holidays: taken(calendarWith(), off('2026-01-01', 'New Year')) };
    expect(parseBusinessCalendar(once)).toEqual(once);
    expect(taken(once, off('2026-01-01', 'New Year'))).toEqual(once.holidays);
  });
});
