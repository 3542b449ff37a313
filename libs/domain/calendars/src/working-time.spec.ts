import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '#domain/local-time';
import { parseBusinessCalendar, type BusinessCalendar } from './business-calendar.js';
import { WorkingTime, type Measure } from './working-time.js';

const NINE_TO_FIVE = [{ from: '09:00', to: '17:00' }];
const SPLIT = [
  { from: '08:00', to: '12:00' },
  { from: '13:00', to: '16:30' },
];
const officeHours = (more: Partial<BusinessCalendar> = {}): BusinessCalendar =>
  parseBusinessCalendar({
    name: 'Office hours',
    timeZone: 'Europe/Berlin',
    week: {
      monday: NINE_TO_FIVE,
      tuesday: NINE_TO_FIVE,
      wednesday: NINE_TO_FIVE,
      thursday: NINE_TO_FIVE,
      friday: [{ from: '09:00', to: '13:00' }],
    },
    ...more,
  });

const version = (version: number, effectiveFrom: string, definition: BusinessCalendar) => ({ version, effectiveFrom, definition });
const timeOf = (...versions: ReturnType<typeof version>[]) => new WorkingTime({ versions });
const office = timeOf(version(1, '2026-01-01T00:00:00Z', officeHours()));

const ms = (text: string) => Date.parse(text);
const after = (time: WorkingTime, measure: Measure, from: string, amount: number) => {
  const at = time.after(measure, ms(from), amount);
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe('business time', () => {
  it('counts within working hours only', () => {
    // Tuesday 16:00 to Wednesday 10:00, by Berlin's clock in winter
    expect(office.between('business', ms('2026-01-13T15:00Z'), ms('2026-01-14T09:00Z'))).toBe(2 * HOUR_MS);
    expect(office.between('business', ms('2026-01-17T00:00Z'), ms('2026-01-19T08:00Z'))).toBe(0);
    expect(after(office, 'business', '2026-01-13T15:00Z', 2 * HOUR_MS)).toBe('2026-01-14T09:00:00.000Z');
    expect(after(office, 'business', '2026-01-16T11:30Z', HOUR_MS)).toBe('2026-01-19T08:30:00.000Z');
  });

  it('ends with the working day, not with the first moment of the next one', () => {
    expect(after(office, 'business', '2026-01-13T08:00Z', 8 * HOUR_MS)).toBe('2026-01-13T16:00:00.000Z');
  });

  it('is used up at once where it is used up already', () => {
    expect(after(office, 'business', '2026-01-17T08:00Z', 0)).toBe('2026-01-17T08:00:00.000Z');
  });

  it('knows holidays, exceptions, and which goes first', () => {
    const time = timeOf(
      version(
        1,
        '2026-01-01T00:00:00Z',
        officeHours({
          holidays: [
            { date: '2026-01-14', name: 'Founders’ day' },
            { date: '2026-01-15', name: 'Second day' },
          ],
          exceptions: [{ date: '2026-01-15', hours: [{ from: '10:00', to: '11:00' }], reason: 'Inventory' }],
        }),
      ),
    );
    expect(time.between('business', ms('2026-01-14T00:00Z'), ms('2026-01-16T00:00Z'))).toBe(HOUR_MS);
    const why = [...time.stretches(ms('2026-01-14T08:00Z'), ms('2026-01-15T10:30Z'))].map((stretch) => stretch.why);
    expect(why).toEqual([
      'holiday: Founders’ day',
      'outside working hours (2026-01-15: Inventory)',
      'working hours (2026-01-15: Inventory)',
      'outside working hours (2026-01-15: Inventory)',
    ]);
  });

  it('follows the wall clock over its changes', () => {
    const night = { from: '00:00', to: '06:00' };
    const time = timeOf(version(1, '2026-01-01T00:00:00Z', officeHours({ week: { ...officeHours().week, sunday: [night] } })));
    // set forward on 29 March, back on 25 October
    expect(time.between('business', ms('2026-03-28T23:00Z'), ms('2026-03-29T22:00Z'))).toBe(5 * HOUR_MS);
    expect(time.between('business', ms('2026-10-24T22:00Z'), ms('2026-10-25T23:00Z'))).toBe(7 * HOUR_MS);
    expect(after(office, 'business', '2026-03-27T08:00Z', 5 * HOUR_MS)).toBe('2026-03-30T08:00:00.000Z');
  });

  it('holds from the instant of each version on, and the first one before that too', () => {
    const time = timeOf(
      version(1, '2026-01-10T00:00:00Z', officeHours()),
      version(2, '2026-01-13T11:00:00Z', officeHours({ holidays: [{ date: '2026-01-13', name: 'Too late for the morning' }] })),
    );
    expect(time.between('business', ms('2026-01-13T00:00Z'), ms('2026-01-14T00:00Z'))).toBe(3 * HOUR_MS);
    expect(time.between('business', ms('2026-01-06T00:00Z'), ms('2026-01-07T00:00Z'))).toBe(8 * HOUR_MS);
    expect([...time.stretches(ms('2026-01-13T10:00Z'), ms('2026-01-13T12:00Z'))].map((stretch) => stretch.version)).toEqual([1, 2]);
  });

  it('says so when it never comes', () => {
    const time = timeOf(
      version(1, '2026-01-01T00:00:00Z', officeHours()),
      version(2, '2026-02-01T00:00:00Z', {
        ...officeHours(),
        week: Object.fromEntries(Object.keys(officeHours().week).map((day) => [day, []])) as never,
      }),
    );
    expect(after(time, 'business', '2026-02-02T00:00Z', MINUTE_MS)).toBeUndefined();
  });
});

describe('business days', () => {
  it('are working days: one is not 24 business hours, and a weekend is none', () => {
    expect(after(office, 'business-days', '2026-01-13T10:00Z', 1)).toBe('2026-01-14T10:00:00.000Z');
    expect(after(office, 'business', '2026-01-13T10:00Z', 24 * HOUR_MS)).toBe('2026-01-16T10:00:00.000Z');
    expect(after(office, 'business-days', '2026-01-17T12:00Z', 1)).toBe('2026-01-19T16:00:00.000Z');
  });

  it('counts a short day as a whole one', () => {
    // Thursday noon: half of it is left, and half of a Friday that has four hours
    expect(after(office, 'business-days', '2026-01-15T12:00Z', 1)).toBe('2026-01-16T10:00:00.000Z');
    expect(office.between('business-days', ms('2026-01-16T08:00Z'), ms('2026-01-16T12:00Z'))).toBeCloseTo(1, 9);
  });
});

/** Minute by minute, with nothing but Intl: what the calculation above has to agree with. */
const slowly = (versions: readonly ReturnType<typeof version>[], measure: Measure, fromMs: number, toMs: number): number => {
  const formats = new Map<string, Intl.DateTimeFormat>();
  const wallClock = (at: number, timeZone: string) => {
    let format = formats.get(timeZone);
    if (!format) {
      const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', weekday: 'long' } as const;
      formats.set(timeZone, (format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts })));
    }
    const { year, month, day, hour, minute, weekday } = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, value]),
    );
    return { date: `${year}-${month}-${day}`, minutes: Number(hour) * 60 + Number(minute), weekday: String(weekday).toLowerCase() };
  };
  const hoursAt = (at: number) => {
    const { definition } = versions.findLast(
      ({ effectiveFrom }, n) => n === 0 || Date.parse(effectiveFrom) <= at,
    ) as (typeof versions)[number];
    const { date, minutes, weekday } = wallClock(at, definition.timeZone);
    const exception = definition.exceptions.find((each) => each.date === date);
    const isHoliday = definition.holidays.some((each) => each.date === date);
    const hours = exception ? exception.hours : isHoliday ? [] : definition.week[weekday as keyof BusinessCalendar['week']];
    return { definition, date, minutes, hours };
  };
  const isIn = (hours: BusinessCalendar['week']['monday'], minutes: number) =>
    hours.some(({ from, to }) => {
      const [a, b] = [from, to].map((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) as [number, number];
      return minutes >= a && minutes < b;
    });
  const lengths = new Map<string, number>();
  const minutesInDay = (at: number): number => {
    const { definition, date } = hoursAt(at);
    const key = `${definition.name} ${date}`;
    const known = lengths.get(key);
    if (known !== undefined) return known;
    let count = 0;
    for (let near = at - 26 * HOUR_MS; near < at + 26 * HOUR_MS; near += MINUTE_MS) {
      const clock = wallClock(near, definition.timeZone);
      if (clock.date !== date) continue;
      const exception = definition.exceptions.find((each) => each.date === date);
      const hours = exception ? exception.hours : definition.week[clock.weekday as keyof BusinessCalendar['week']];
      if (isIn(hours, clock.minutes)) count++;
    }
    lengths.set(key, count);
    return count;
  };
  let sum = 0;
  for (let at = fromMs; at < toMs; at += MINUTE_MS) {
    const { hours, minutes } = hoursAt(at);
    if (isIn(hours, minutes)) sum += measure === 'business' ? MINUTE_MS : 1 / minutesInDay(at);
  }
  return sum;
};

describe('whatever the calendar', () => {
  const everyDay = {
    monday: SPLIT,
    tuesday: SPLIT,
    wednesday: SPLIT,
    thursday: SPLIT,
    friday: NINE_TO_FIVE,
    saturday: [{ from: '00:00', to: '24:00' }],
  };
  const berlin = officeHours({ name: 'Berlin', holidays: [{ date: '2028-02-29', name: 'Leap day off' }] });
  const newYork = officeHours({
    name: 'New York',
    timeZone: 'America/New_York',
    week: { ...berlin.week, ...everyDay, sunday: [{ from: '00:30', to: '05:00' }] },
    exceptions: [{ date: '2028-03-14', hours: [{ from: '10:00', to: '10:15' }], reason: 'Pi' }],
  });
  const versions = [version(1, '2028-01-01T00:00:00Z', berlin), version(2, '2028-03-08T10:00:00Z', newYork)];
  const time = new WorkingTime({ versions });

  it.each([
    ['over the leap day and the change of versions', '2028-02-25T10:07Z', '2028-03-16T03:11Z'],
    ['over New York’s spring', '2028-03-10T00:00Z', '2028-03-15T00:00Z'],
    ['over New York’s autumn', '2028-11-03T11:59Z', '2028-11-07T00:01Z'],
  ])('agrees with counting every minute: %s', (_, from, to) => {
    for (const measure of ['business', 'business-days'] as const) {
      const [fast, slow] = [time.between(measure, ms(from), ms(to)), slowly(versions, measure, ms(from), ms(to))];
      expect(Math.abs(fast - slow)).toBeLessThan(1e-6);
    }
  });

  it('is back where it began: after an amount, that amount lies between', () => {
    for (const measure of ['elapsed', 'business', 'business-days'] as const) {
      for (let n = 1; n < 60; n++) {
        const from = ms('2028-02-20T00:00Z') + n * 7_777_777;
        const amount = measure === 'business-days' ? n / 4 : n * 2_345_678;
        const at = time.after(measure, from, amount) as number;
        expect(time.between(measure, from, at)).toBeCloseTo(amount, measure === 'business-days' ? 6 : 0);
      }
    }
  });
});
