import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '#kernel';
import { HOLIDAY_FEED_LIMITS, readHolidays } from './holidays.js';

const YEAR = { feed: 'public', from: '2026-01-01', to: '2026-12-31' };

const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'];
const calendar = (...lines: string[]) => ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const holiday = (start: string, ...more: string[]) => event('UID:1', `DTSTART${start}`, 'SUMMARY:Off', ...more);

/** `2026-12-25 Christmas`, of each. */
const read = (ics: string, request = YEAR) => readHolidays(ics, request).map(({ date, name }) => `${date} ${name}`);
const dates = (...lines: string[]) => readHolidays(calendar(...lines), YEAR).map(({ date }) => date.slice(5));

describe('a feed', () => {
  it('gives its days off, in order and by its name', () => {
    const ics = calendar(
      ...event('UID:2', 'DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261227', 'SUMMARY:Christmas\\, both', ' \t days'),
      ...event('UID:1', 'DTSTART;VALUE=DATE:20260101', 'SUMMARY:New Year'),
    );
    expect(readHolidays(ics, YEAR)).toEqual([
      { date: '2026-01-01', name: 'New Year', feed: 'public' },
      { date: '2026-12-25', name: 'Christmas, both days', feed: 'public' },
      { date: '2026-12-26', name: 'Christmas, both days', feed: 'public' },
    ]);
  });

  it('is read up to both ends of what is asked for, and no further', () => {
    const ics = calendar(
      ...holiday(';VALUE=DATE:20251230', 'DTEND;VALUE=DATE:20260103'),
      ...holiday(';VALUE=DATE:20261231', 'DURATION:P1W'),
    );
    expect(read(ics)).toEqual(['2026-01-01 Off', '2026-01-02 Off', '2026-12-31 Off']);
    expect(read(ics, { ...YEAR, to: '2026-01-01' })).toEqual(['2026-01-01 Off']);
  });

  it('says a day once, with all its names', () => {
    const other = event('UID:2', 'DTSTART;VALUE=DATE:20260106', 'SUMMARY:Epiphany');
    const ics = calendar(...holiday(';VALUE=DATE:20260106'), ...other, ...other);
    expect(read(ics)).toEqual(['2026-01-06 Off / Epiphany']);
  });

  it('may hold several calendars, other things, line ends of any kind, and a byte order mark', () => {
    const [one, other] = ['20260501', '20261003'].map((date) =>
      calendar('BEGIN:VTODO', 'SUMMARY:Tidy up', 'END:VTODO', ...holiday(`:${date}`)),
    );
    expect(read(`\uFEFF${one}${other}`.replaceAll('\r\n', '\n'))).toEqual(['2026-05-01 Off', '2026-10-03 Off']);
    expect(read(calendar())).toEqual([]);
  });

  it('names what has no name after itself, and cuts what is too long', () => {
    const [nameless, long] = [event('UID:1', 'DTSTART:20260101'), event('UID:2', 'DTSTART:20260102', `SUMMARY:${'x'.repeat(500)}`)];
    const [first, second] = readHolidays(calendar(...nameless, ...long), YEAR);
    expect(first?.name).toBe('public');
    expect(second?.name).toHaveLength(HOLIDAY_FEED_LIMITS.nameLength);
  });

  it('says no more names of a day than there is room for', () => {
    const named = ['x', 'y', 'z'].flatMap((letter) => event(`UID:${letter}`, 'DTSTART:20260101', `SUMMARY:${letter.repeat(90)}`));
    const [day] = readHolidays(calendar(...named), YEAR);
    expect(day?.name).toMatch(/^x{90} \/ y{90} \/ z{13}…$/);
  });

  it('has one day where its end is none', () => {
    expect(dates(...holiday(';VALUE=DATE:20260501', 'DTEND;VALUE=DATE:20260501'))).toEqual(['05-01']);
  });
});

describe('an event that repeats', () => {
  it('is off every time', () => {
    expect(dates(...holiday(';VALUE=DATE:20010503', 'RRULE:FREQ=YEARLY'))).toEqual(['05-03']);
    expect(dates(...holiday(';VALUE=DATE:20010528', 'RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO'))).toEqual(['05-25']);
  });

  it('reaches into what is asked for from before', () => {
    expect(dates(...holiday(';VALUE=DATE:20011230', 'DTEND;VALUE=DATE:20020103', 'RRULE:FREQ=YEARLY'))).toEqual([
      ...['01-01', '01-02'],
      ...['12-30', '12-31'],
    ]);
  });

  it('reaches into it also with the last one of its series', () => {
    expect(dates(...holiday(':20251212', 'DURATION:P15D', 'RRULE:FREQ=DAILY;INTERVAL=10;UNTIL=20251225'))).toEqual([
      ...['01-01', '01-02', '01-03', '01-04', '01-05'],
    ]);
  });

  it('has dates added and taken away', () => {
    const series = ['RRULE:FREQ=MONTHLY;COUNT=4', 'EXDATE;VALUE=DATE:20260201,20260301', 'RDATE;VALUE=DATE:20260715,20260716'];
    expect(dates(...holiday(';VALUE=DATE:20260101', ...series))).toEqual(['01-01', '04-01', '07-15', '07-16']);
  });

  it('has single ones moved or cancelled', () => {
    const moved = holiday(';VALUE=DATE:20260203', 'RECURRENCE-ID;VALUE=DATE:20260201');
    const cancelled = holiday(';VALUE=DATE:20260301', 'RECURRENCE-ID;VALUE=DATE:20260301', 'STATUS:CANCELLED');
    const others = event('UID:2', 'DTSTART;VALUE=DATE:20260301', 'SUMMARY:Other');
    expect(dates(...moved, ...holiday(';VALUE=DATE:20260101', 'RRULE:FREQ=MONTHLY;COUNT=4'), ...cancelled, ...others)).toEqual([
      ...['01-01', '02-03', '03-01', '04-01'],
    ]);
  });

  it('has single ones called something else', () => {
    const series = holiday(';VALUE=DATE:20260101', 'RRULE:FREQ=MONTHLY;COUNT=2');
    const other = event('UID:1', 'DTSTART;VALUE=DATE:20260201', 'RECURRENCE-ID;VALUE=DATE:20260201', 'SUMMARY:Other');
    expect(read(calendar(...series, ...other))).toEqual(['2026-01-01 Off', '2026-02-01 Other']);
  });

  it('that was cancelled is not off', () => {
    expect(dates(...holiday(';VALUE=DATE:20260101', 'RRULE:FREQ=MONTHLY', 'STATUS:cancelled'))).toEqual([]);
  });
});

describe('an event with times', () => {
  it.each([
    ['a whole day', [':20260501T000000', 'DTEND:20260502T000000'], ['05-01']],
    ['a whole day to its last minute', [':20260501T000000', 'DTEND:20260501T235900'], ['05-01']],
    ['a working day', [':20260501T090000', 'DTEND:20260501T170000'], []],
    ['nearly a day', [':20260501T000000', 'DTEND:20260501T230000'], []],
    ['from noon to noon', [':20260501T120000', 'DTEND:20260504T120000'], ['05-02', '05-03']],
    ['a day, by its length', [';TZID=Europe/Berlin:20260501T000000', 'DURATION:P1D'], ['05-01']],
    ['no time', [':20260501T000000'], []],
    ['a day of Berlin that ends in UTC', [';TZID=Europe/Berlin:20260501T000000', 'DTEND:20260501T220000Z'], ['05-01']],
    ['a day of a zone nobody knows', [';TZID=Desk Time:20260501T000000', 'DTEND;TZID=Desk Time:20260502T000000'], ['05-01']],
    ['a day of UTC', [':20260501T000000Z', 'DTEND:20260502T000000Z'], ['05-01']],
  ])('counts for the whole days it covers: %s', (_, [start, ...more], expected) =>
    expect(dates(...holiday(start as string, ...more))).toEqual(expected),
  );

  it('in UTC is meant on the clock of its calendar, where that names one', () => {
    const berlin = holiday(':20260430T220000Z', 'DTEND:20260501T220000Z');
    expect(dates(...berlin)).toEqual([]);
    expect(dates('X-WR-TIMEZONE:Europe/Berlin', ...berlin)).toEqual(['05-01']);
    expect(dates('X-WR-TIMEZONE:Desk Time', ...berlin)).toEqual([]);
  });

  it('repeats until an instant, on its own clock', () => {
    const series = (until: string) =>
      dates(
        ...holiday(';TZID=Europe/Berlin:20261224T000000', 'DURATION:P1D', `RRULE:FREQ=DAILY;UNTIL=${until}`, 'EXDATE:20261224T230000Z'),
      );
    expect(series('20261225T230000Z')).toEqual(['12-24', '12-26']);
    expect(series('20261225T225959Z')).toEqual(['12-24']);
    const fromNoon = (until: string) =>
      dates(...holiday(':20260501T120000', 'DURATION:P2D', `RRULE:FREQ=DAILY;INTERVAL=10;UNTIL=${until}`));
    expect(fromNoon('20260511T120000')).toEqual(['05-02', '05-12']);
    expect(fromNoon('20260511T115959')).toEqual(['05-02']);
  });
});

describe('what cannot be read', () => {
  const fault = (ics: string, request = YEAR): string => {
    try {
      readHolidays(ics, request);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      expect(error.message.length).toBeLessThan(300);
      return `${error.code} ${error.faults.map(({ field }) => field).join()}`;
    }
    return 'none';
  };

  it.each([
    ['nothing', '', 'text'],
    ['a web page', '<!doctype html>\n<title>Sign in</title>', 'text'],
    ['a very long line', 'x'.repeat(10_000), 'text'],
    ['an address book', 'BEGIN:VCARD\r\nVERSION:4.0\r\nEND:VCARD', 'text'],
    ['half a calendar', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n', 'text'],
    ['ends without beginnings', `END:VEVENT\r\nEND:VEVENT\r\n${calendar()}`, 'text'],
    ['too much', calendar(`X-LONG:${'ü'.repeat(HOLIDAY_FEED_LIMITS.sizeBytes / 2)}`), 'text'],
    ['an event without a beginning', calendar(...event('UID:1')), 'VEVENT[0]'],
    ['a day that is none', calendar(...holiday(';VALUE=DATE:20260230')), 'VEVENT[0].DTSTART'],
    ['a year that is none', calendar(...holiday(';VALUE=DATE:00260228')), 'VEVENT[0].DTSTART'],
    ['a time that is none', calendar(...holiday(':20260228T250000')), 'VEVENT[0].DTSTART'],
    ['an end that is none', calendar(...event('UID:1', 'DTSTART:20260101'), ...holiday(':20260228', 'DTEND:soon')), 'VEVENT[1].DTEND'],
    ['a length that is none', calendar(...holiday(':20260228', 'DURATION:long')), 'VEVENT[0].DURATION'],
    ['a period as a date', calendar(...holiday(':20260228T000000', 'RDATE;VALUE=PERIOD:20260301T000000/P1D')), 'VEVENT[0].RDATE'],
    ['a rule that is none', calendar(...holiday(':20260228', 'RRULE:FREQ')), 'text'],
    ['a rule by the hour', calendar(...holiday(':20260228', 'RRULE:FREQ=HOURLY')), 'VEVENT[0].RRULE'],
    ['a rule without a frequency', calendar(...holiday(':20260228', 'RRULE:')), 'VEVENT[0].RRULE'],
    ['an end of a rule that is none', calendar(...holiday(':20260228', 'RRULE:FREQ=DAILY;UNTIL=20261301')), 'VEVENT[0].RRULE'],
    [
      'a change of all that follow',
      calendar(...holiday(':20260228', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20260228')),
      'VEVENT[0].RECURRENCE-ID',
    ],
  ])('%s is told what is wrong', (_, ics, field) => expect(fault(ics)).toBe(`ICALENDAR_INVALID ${field}`));

  it('is told in words, also where the parser has none', () => {
    expect(() => readHolidays(calendar(...holiday(':20260228', 'RRULE:FREQ=DAILY;BYDAY')), YEAR)).toThrow('one of its lines is broken');
    expect(() => readHolidays('SUMMARY', YEAR)).toThrow('invalid line');
  });

  it('is more days off than a calendar holds', () => {
    const daily = calendar(...holiday(':20200101', 'RRULE:FREQ=DAILY'));
    expect(fault(daily, { ...YEAR, from: '2020-01-01', to: '2025-06-22' })).toBe('none');
    expect(fault(daily, { ...YEAR, from: '2020-01-01', to: '2025-06-23' })).toBe('ICALENDAR_INVALID VEVENT');
    expect(fault(calendar(...holiday(':20200101', 'DTEND:99990101')), { ...YEAR, to: '9999-12-31' })).toBe('ICALENDAR_INVALID VEVENT');
  });

  it('is rules that take too long', () => {
    const never = Array.from({ length: 5_000 }, (_, n) => event(`UID:${n}`, 'DTSTART:16010101', 'RRULE:FREQ=DAILY;COUNT=9999999')).flat();
    expect(fault(calendar(...never))).toBe('ICALENDAR_INVALID VEVENT');
  });

  it('is events that all cover years', () => {
    const long = Array.from({ length: 500 }, (_, n) => event(`UID:${n}`, 'DTSTART:20210101', 'DURATION:P2000D')).flat();
    expect(fault(calendar(...long), { ...YEAR, from: '2021-01-01' })).toBe('ICALENDAR_INVALID VEVENT');
  });

  it('are years that are none', () => {
    expect(fault(calendar(), { ...YEAR, from: '2026-02-30' })).toBe('HOLIDAY_WINDOW_INVALID from');
    expect(fault(calendar(), { ...YEAR, to: 'soon' })).toBe('HOLIDAY_WINDOW_INVALID to');
    expect(fault(calendar(), { ...YEAR, from: '2026-02-02', to: '2026-02-01' })).toBe('HOLIDAY_WINDOW_INVALID to');
  });

  it('is never anything but a fault, however it is mangled', () => {
    const whole = calendar(
      ...holiday(';VALUE=DATE:20260101', 'RRULE:FREQ=MONTHLY;COUNT=4;BYDAY=1MO', 'EXDATE;VALUE=DATE:20260201', 'RDATE:20260301,20260302'),
      ...holiday(
        ';TZID=Europe/Berlin:20261224T000000',
        'DURATION:P1D',
        'RECURRENCE-ID:20261224T230000Z',
        '__proto__:x',
        'CONSTRUCTOR;A=B:y',
      ),
    );
    let seed = 7;
    const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    const seen = new Set<string>();
    for (let run = 0; run < 3_000; run++) {
      const [at, length] = [random(whole.length), random(12)];
      const inserted = [':', ';', '\r\n', '=', ',', '"', 'BEGIN:VEVENT\r\n', 'END:VEVENT\r\n', '\\', '9'][random(10)] as string;
      seen.add(fault(whole.slice(0, at) + inserted + whole.slice(at + length)).split(' ')[0] as string);
    }
    expect([...seen].sort()).toEqual(['ICALENDAR_INVALID', 'none']);
  });
});
