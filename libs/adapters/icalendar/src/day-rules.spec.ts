import { describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { dayNumber, isoDate, type DayNumber } from '#domain/local-time';
import { dayRuleOf, recurringDays, type JCalRule } from './day-rules.js';

const day = (text: string) => dayNumber(text) as DayNumber;
const ruleOf = (text: string) => {
  const [, , , rule] = ICAL.parse.property(`RRULE:${text}`) as unknown as [string, object, string, JCalRule];
  return dayRuleOf('RRULE', rule, (until) => day(String(until).slice(0, 10)));
};
const everyDay = () => undefined;

/** The days of a rule, in short: `1997-09-02 09-04`, the year where it is another one. */
const daysOf = (rule: string, start: string, last: string, from = start, effort: () => void = everyDay): string => {
  const days = [...recurringDays(ruleOf(rule), day(start), day(from), day(last), effort)].map(isoDate);
  return days.map((text, n) => (text.slice(0, 4) === days[n - 1]?.slice(0, 4) ? text.slice(5) : text)).join(' ');
};

describe('the examples of RFC 5545, section 3.8.5.3', () => {
  it.each([
    ['FREQ=DAILY;INTERVAL=10;COUNT=5', '1997-09-02', '1997-09-02 09-12 09-22 10-02 10-12'],
    ['FREQ=DAILY;UNTIL=19970905', '1997-09-02', '1997-09-02 09-03 09-04 09-05'],
    ['FREQ=WEEKLY;COUNT=3', '1997-09-02', '1997-09-02 09-09 09-16'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH', '1997-09-02', '1997-09-02 09-04 09-16 09-18 09-30 10-02 10-14 10-16'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08-05', '1997-08-05 08-10 08-19 08-24'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08-05', '1997-08-05 08-17 08-19 08-31'],
    ['FREQ=MONTHLY;COUNT=6;BYDAY=1FR', '1997-09-05', '1997-09-05 10-03 11-07 12-05 1998-01-02 02-06'],
    [
      'FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU',
      '1997-09-07',
      '1997-09-07 09-28 11-02 11-30 1998-01-04 01-25 03-01 03-29 05-03 05-31',
    ],
    ['FREQ=MONTHLY;COUNT=6;BYDAY=-2MO', '1997-09-22', '1997-09-22 10-20 11-17 12-22 1998-01-19 02-16'],
    ['FREQ=MONTHLY;COUNT=6;BYMONTHDAY=-3', '1997-09-28', '1997-09-28 10-29 11-28 12-29 1998-01-29 02-26'],
    ['FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1', '1997-09-30', '1997-09-30 10-01 10-31 11-01 11-30 12-01 12-31 1998-01-01 01-31 02-01'],
    ['FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '2007-01-15', '2007-01-15 01-30 02-15 03-15 03-30'],
    ['FREQ=YEARLY;COUNT=4;BYMONTH=6,7', '1997-06-10', '1997-06-10 07-10 1998-06-10 07-10'],
    [
      'FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200',
      '1997-01-01',
      '1997-01-01 04-10 07-19 2000-01-01 04-09 07-18 2003-01-01 04-10 07-19 2006-01-01',
    ],
    ['FREQ=YEARLY;COUNT=3;BYDAY=20MO', '1997-05-19', '1997-05-19 1998-05-18 1999-05-17'],
    ['FREQ=YEARLY;COUNT=7;BYMONTH=3;BYDAY=TH', '1997-03-13', '1997-03-13 03-20 03-27 1998-03-05 03-12 03-19 03-26'],
    ['FREQ=MONTHLY;COUNT=6;BYDAY=FR;BYMONTHDAY=13', '1997-09-02', '1997-09-02 1998-02-13 03-13 11-13 1999-08-13 2000-10-13'],
    ['FREQ=MONTHLY;COUNT=4;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13', '1997-09-13', '1997-09-13 10-11 11-08 12-13'],
    ['FREQ=YEARLY;INTERVAL=4;COUNT=3;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8', '1996-11-05', '1996-11-05 2000-11-07 2004-11-02'],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', '1997-09-04 10-07 11-06'],
    ['FREQ=MONTHLY;COUNT=5;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', '1997-09-29', '1997-09-29 10-30 11-27 12-30 1998-01-29'],
  ])('%s from %s on', (rule, start, expected) => expect(daysOf(rule, start, '2010-01-01')).toBe(expected));

  it('every day of January, for three years', () => {
    for (const rule of ['FREQ=YEARLY;UNTIL=20000131;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA', 'FREQ=DAILY;UNTIL=20000131;BYMONTH=1']) {
      expect(daysOf(rule, '1998-01-01', '2010-01-01').split(' ')).toHaveLength(93);
    }
  });
});

describe('a rule', () => {
  it.each([
    ['FREQ=YEARLY', '2024-02-29', '2024-02-29 2028-02-29 2032-02-29'],
    ['FREQ=MONTHLY', '2031-01-31', '2031-01-31 03-31 05-31 07-31 08-31 10-31 12-31 2032-01-31 03-31 05-31 07-31 08-31 10-31'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2024-02-29', '2024-02-29'],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', '2024-02-29', '2024-02-29'],
    ['FREQ=YEARLY;BYYEARDAY=366', '2024-12-31', '2024-12-31 2028-12-31'],
    ['FREQ=YEARLY;BYDAY=-1MO;COUNT=2', '2024-12-30', '2024-12-30 2025-12-29'],
    ['FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3', '2024-11-28', '2024-11-28 2025-11-27 2026-11-26'],
    ['FREQ=YEARLY;COUNT=0', '2024-12-30', '2024-12-30'],
    ['FREQ=YEARLY;', '2030-12-30', '2030-12-30 2031-12-30'],
  ])('%s from %s on never gives a day that the calendar does not have', (rule, start, expected) =>
    expect(daysOf(rule, start, '2032-12-01')).toBe(expected),
  );

  it('without COUNT is worked out from where it matters', () => {
    let looked = 0;
    const effort = () => void looked++;
    expect(daysOf('FREQ=YEARLY', '1601-05-01', '2026-12-31', '2025-01-01', effort)).toMatch(
      / 05-01 2025-05-01 2026-05-01$|2025-05-01 2026-05-01$/,
    );
    expect(looked).toBeLessThan(5 * (31 + 11));
    for (const [frequency, days] of Object.entries({ YEARLY: 3, MONTHLY: 31, WEEKLY: 131, DAILY: 911 })) {
      const rule = `FREQ=${frequency}`;
      const all = [...recurringDays(ruleOf(rule), day('2011-12-04'), day('2011-12-04'), day('2026-06-03'), everyDay)];
      const since = [...recurringDays(ruleOf(rule), day('2011-12-04'), day('2023-12-05'), day('2026-06-03'), everyDay)];
      const [matter, expected] = [since, all].map((each) => each.filter((one) => one >= day('2023-12-05')));
      expect(matter).toEqual(expected);
      expect(matter?.length).toBeGreaterThan(days - 32);
    }
  });

  it('with COUNT is counted from its beginning on', () => {
    expect(daysOf('FREQ=YEARLY;COUNT=3', '2010-01-01', '2030-12-31', '2025-01-01')).toBe('2010-01-01 2011-01-01 2012-01-01');
  });

  it.each(['FREQ=HOURLY', 'FREQ=DAILY;BYHOUR=9', 'FREQ=YEARLY;BYWEEKNO=20', 'FREQ=YEARLY;RSCALE=CHINESE', 'FREQ=WEEKLY;BYDAY=1MO'])(
    '%s is not read rather than read wrongly',
    (rule) => expect(() => ruleOf(rule)).toThrow('RRULE has'),
  );
});
