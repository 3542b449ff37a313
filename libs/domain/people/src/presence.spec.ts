import { describe, expect, it } from '@jest/globals';
import { MINUTE_MS } from '#domain/local-time';
import { absent, defined, JAN, OFFICE_HOURS, person, timeline } from './people.fixture.js';
import type { PersonEvent } from './person-timeline.js';
import type { Person } from './person.js';
import { personAt, presenceAt } from './presence.js';

const office = defined('ada', person({ workingHours: OFFICE_HOURS }));
const whyAt = (instant: string, ...events: PersonEvent[]) => {
  const presence = presenceAt(timeline(...events), instant);
  return presence.present ? 'present' : presence.why;
};

describe('presence', () => {
  it('is within working hours, by the own clock', () => {
    expect(whyAt('2026-01-13T08:00:00Z', office)).toBe('present');
    expect(whyAt('2026-01-13T15:59:59.999Z', office)).toBe('present');
    expect(whyAt('2026-01-13T07:59:00Z', office)).toBe('outside working hours until 2026-01-13T08:00Z');
    expect(whyAt('2026-01-16T16:00:00Z', office)).toBe('outside working hours until 2026-01-19T08:00Z');
  });
  it('is always where there are none', () => expect(whyAt('2026-01-11T03:00:00Z', defined('ada'))).toBe('present'));
  it('is by the hours in force then', () => {
    const evenings = person({ workingHours: { tuesday: [{ from: '18:00', to: '22:00' }] } });
    const events = [office, defined('ada', evenings, 2, '2026-01-13T12:00:00Z')];
    expect(whyAt('2026-01-13T11:59:00Z', ...events)).toBe('present');
    expect(whyAt('2026-01-13T12:00:00Z', ...events)).toBe('outside working hours until 2026-01-13T17:00Z');
  });
  it('finds the next hours beyond a day that the clocks skip', () => {
    const nights = person({ workingHours: { sunday: [{ from: '02:00', to: '02:30' }] } });
    expect(whyAt('2026-03-22T12:00:00Z', defined('ada', nights))).toBe('outside working hours until 2026-04-05T00:00Z');
  });

  it('is not while absent, whatever the hours', () => {
    const away = absent('ada', 'a1', '2026-01-12T00:00:00Z', '2026-01-15T00:00:00Z');
    expect(whyAt('2026-01-11T23:59:59Z', defined('ada'), away)).toBe('present');
    expect(whyAt('2026-01-12T00:00:00Z', office, away)).toBe('absent (holiday) until 2026-01-15T00:00Z');
    expect(whyAt('2026-01-15T00:00:00Z', defined('ada'), away)).toBe('present');
  });
  it('is back after the last of absences that meet', () => {
    const events = [
      defined('ada'),
      absent('ada', 'a3', '2026-01-18T00:00:00Z', '2026-01-20T00:00:00Z', 'training'),
      absent('ada', 'a2', '2026-01-14T00:00:00Z', '2026-01-17T00:00:00Z', 'illness'),
      absent('ada', 'a1', '2026-01-12T00:00:00Z', '2026-01-15T00:00:00Z'),
    ];
    expect(whyAt('2026-01-13T00:00:00Z', ...events)).toBe('absent (holiday) until 2026-01-17T00:00Z');
    expect(whyAt('2026-01-16T00:00:00Z', ...events)).toBe('absent (illness) until 2026-01-17T00:00Z');
  });
  it('is again once an absence was ended, and still where it never began', () => {
    const away = absent('ada', 'a1', '2026-01-12T00:00:00Z', '2026-01-15T00:00:00Z');
    const ended = (at: string): PersonEvent => ({ type: 'AbsenceEnded', data: { id: 'ada', absenceId: 'a1', at } });
    expect(whyAt('2026-01-13T12:00:00Z', defined('ada'), away, ended('2026-01-13T12:00:00Z'))).toBe('present');
    expect(whyAt('2026-01-12T12:00:00Z', defined('ada'), away, ended('2026-01-10T00:00:00Z'))).toBe('present');
  });

  it('is of people in use', () => {
    const retired: PersonEvent = { type: 'PersonRetired', data: { id: 'ada', effectiveFrom: '2026-02-01T00:00:00Z', reason: 'Left' } };
    expect(whyAt('2025-12-31T23:00:00Z', defined('ada'))).toBe('not in use');
    expect(whyAt('2026-02-01T00:00:00Z', defined('ada'), retired)).toBe('not in use');
    expect(personAt(timeline(defined('ada'), retired), '2026-02-01T00:00:00Z')).toBeUndefined();
    expect(personAt(timeline(defined('ada'), retired), JAN)).toEqual(person());
  });
});

/** With nothing but Intl: what the calculation has to agree with. */
const isAtWork = ({ timeZone, workingHours }: Person, ms: number): boolean => {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit', weekday: 'long' });
  const { weekday, hour, minute } = Object.fromEntries(parts.formatToParts(ms).map(({ type, value }) => [type, value]));
  const time = `${hour}:${minute}`;
  const hours = workingHours?.[String(weekday).toLowerCase() as 'monday'] ?? [];
  return hours.some(({ from, to }) => time >= from && time < to);
};

it.each([
  ['Europe/Berlin', '2026-03-27T00:00:00Z'],
  ['Europe/Berlin', '2026-10-23T00:00:00Z'],
  ['America/New_York', '2026-03-06T00:00:00Z'],
  ['America/New_York', '2026-10-30T00:00:00Z'],
  ['Asia/Kathmandu', '2028-02-28T00:00:00Z'],
])('presence in %s agrees with every quarter of an hour from %s on', (timeZone, start) => {
  const split = [
    { from: '00:00', to: '04:30' },
    { from: '13:00', to: '24:00' },
  ];
  const worker = person({ timeZone, workingHours: { ...OFFICE_HOURS, saturday: split, sunday: split } });
  const state = timeline(defined('ada', worker));
  const QUARTERS = 4 * 24 * 5;
  const at = (n: number) => Date.parse(start) + n * 15 * MINUTE_MS;
  const expected = Array.from({ length: QUARTERS + 4 * 24 * 3 }, (_, n) => isAtWork(worker, at(n)));
  for (let n = 0; n < QUARTERS; n++) {
    const presence = presenceAt(state, new Date(at(n)).toISOString());
    const next = expected.indexOf(true, n);
    expect(presence.present ? n : (Date.parse(presence.until as string) - Date.parse(start)) / (15 * MINUTE_MS)).toBe(next);
  }
});
