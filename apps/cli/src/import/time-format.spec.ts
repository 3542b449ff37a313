import { describe, expect, it } from '@jest/globals';
import { timeReader } from './time-format.js';

const read = (format: string, zone: string, text: string): string | undefined => {
  const ms = timeReader(format, zone)(text);
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

describe('timeReader', () => {
  it.each([
    ['d/M/yyyy HH:mm', 'UTC', '29/2/2016 01:16', '2016-02-29T01:16:00.000Z'],
    ['MM/dd/yyyy hh:mm a', 'UTC', '12/31/2019 12:05 am', '2019-12-31T00:05:00.000Z'],
    ['MM/dd/yyyy hh:mm a', 'UTC', '12/31/2019 12:05 PM', '2019-12-31T12:05:00.000Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSZZ", 'Europe/Berlin', '2020-01-01T00:00:00.250-05:30', '2020-01-01T05:30:00.250Z'],
    ['yyyy-MM-dd HH:mm', 'Europe/Berlin', '2020-07-01 12:00', '2020-07-01T10:00:00.000Z'],
    ['iso', 'Europe/Berlin', '2020-01-01T12:00:00', '2020-01-01T11:00:00.000Z'],
    ['iso', 'Europe/Berlin', '2020-01-01 12:00:00Z', '2020-01-01T12:00:00.000Z'],
    ['iso', 'UTC', '2020-01-01', '2020-01-01T00:00:00.000Z'],
    ['epoch-seconds', 'UTC', '1456708560', '2016-02-29T01:16:00.000Z'],
    ['epoch-milliseconds', 'UTC', '1456708560123', '2016-02-29T01:16:00.123Z'],
  ])('%s in %s reads %s', (format, zone, text, instant) => {
    expect(read(format, zone, text)).toBe(instant);
  });

  it.each([
    ['d/M/yyyy HH:mm', '31/2/2016 01:00'],
    ['d/M/yyyy HH:mm', '29/2/2016 24:00'],
    ['d/M/yyyy HH:mm', '29/2/2016 1:00'],
    ['d/M/yyyy HH:mm', '29/2/2016'],
    ['MM/dd/yyyy hh:mm a', '12/31/2019 13:05 PM'],
    ['iso', '2016-02-30T00:00:00Z'],
    ['iso', 'yesterday'],
    ['epoch-seconds', '99999999999999'],
  ])('%s does not read %s', (format, text) => {
    expect(read(format, 'UTC', text)).toBeUndefined();
  });

  it('takes the first of an hour that a clock change repeats, and no hour that it skips', () => {
    expect(read('yyyy-MM-dd HH:mm', 'Europe/Berlin', '2020-10-25 02:30')).toBe('2020-10-25T00:30:00.000Z');
    expect(read('yyyy-MM-dd HH:mm', 'Europe/Berlin', '2020-03-29 02:30')).toBeUndefined();
  });

  it.each(['dd.MM.yy', 'HH:mm', 'Q yyyy-MM-dd', 'yyyy-MM'])('refuses the format %s', (format) => {
    expect(() => timeReader(format, 'UTC')).toThrow(RangeError);
  });

  it('refuses a zone that is none', () => {
    expect(() => timeReader('iso', 'Europe/Atlantis')).toThrow('There is no time zone Europe/Atlantis');
  });
});
