import { describe, expect, it } from '@jest/globals';
import { DAY_MS } from '#domain/local-time';
import { berlin, defined, layer, line, lines, ms, nights, overridden, retired, schedule, timelineOf } from './schedules.fixture.js';
import { onCallAt, shifts } from './shifts.js';

const weekly = timelineOf(berlin(layer()));
const at = (timeline: ReturnType<typeof timelineOf>, instant: string) => onCallAt(timeline, ms(instant))?.person;

describe('a rotation', () => {
  it('hands over from one to the next, and begins anew', () => {
    expect(lines(weekly, '2026-01-06T00:00Z', '2026-01-27T00:00Z')).toEqual([
      'ada 2026-01-05T08:00Z 2026-01-12T08:00Z Weeks',
      'bob 2026-01-12T08:00Z 2026-01-19T08:00Z Weeks',
      'cem 2026-01-19T08:00Z 2026-01-26T08:00Z Weeks',
      'ada 2026-01-26T08:00Z 2026-02-02T08:00Z Weeks',
    ]);
  });

  it('hands over at its instant, to the millisecond', () => {
    expect(at(weekly, '2026-01-12T07:59:59.999Z')).toBe('ada');
    expect(at(weekly, '2026-01-12T08:00:00.000Z')).toBe('bob');
  });

  it('knows the far future as the past', () => {
    const weeks = Math.floor((ms('2046-06-01T00:00Z') - ms('2026-01-05T07:00Z')) / (7 * DAY_MS));
    expect(at(weekly, '2046-06-01T00:00Z')).toBe(['ada', 'bob', 'cem'][weeks % 3]);
    expect(at(weekly, '2025-12-31T00:00Z')).toBeUndefined();
  });

  it('begins with its first participant, on whatever day it starts, and hands over on the day that is said', () => {
    const from = (start: string, more: object = {}) =>
      lines(timelineOf(berlin(layer({ start, ...more }))), '2026-01-01T00:00Z', '2026-01-13T00:00Z');
    expect(from('2026-01-07T12:00')).toEqual([
      'ada 2026-01-07T11:00Z 2026-01-12T08:00Z Weeks',
      'bob 2026-01-12T08:00Z 2026-01-19T08:00Z Weeks',
    ]);
    expect(from('2026-01-12T08:59').map((text) => text.slice(0, 39))).toEqual([
      'ada 2026-01-12T07:59Z 2026-01-12T08:00Z',
      'bob 2026-01-12T08:00Z 2026-01-19T08:00Z',
    ]);
    const [first] = from('2026-01-05T15:00', { rotation: { unit: 'hours', count: 8 }, handOver: { time: '06:00' } });
    expect(first).toBe('ada 2026-01-05T14:00Z 2026-01-05T21:00Z Weeks');
  });

  it('has turns of its own lengths, over and over', () => {
    const custom = layer({ participants: ['ada', 'bob'], rotation: { unit: 'custom', hours: [120, 48] } });
    expect(lines(timelineOf(berlin(custom)), '2026-01-05T08:00Z', '2026-01-17T09:00Z')).toEqual([
      'ada 2026-01-05T08:00Z 2026-01-10T08:00Z Weeks',
      'bob 2026-01-10T08:00Z 2026-01-12T08:00Z Weeks',
      'ada 2026-01-12T08:00Z 2026-01-17T08:00Z Weeks',
      'bob 2026-01-17T08:00Z 2026-01-19T08:00Z Weeks',
    ]);
  });

  it('gives more turns to whom it names more often', () => {
    const timeline = timelineOf(berlin(layer({ participants: ['ada', 'ada', 'bob'] })));
    const people = [...shifts(timeline, ms('2026-01-05T08:00Z'), ms('2026-02-01T00:00Z'))].map(({ person }) => person);
    expect(people).toEqual(['ada', 'ada', 'bob', 'ada']);
  });
});

describe('when the clocks are set', () => {
  it('a hand-over on Monday 09:00 stays at 09:00', () => {
    expect(lines(weekly, '2026-03-24T00:00Z', '2026-03-31T00:00Z')).toEqual([
      'cem 2026-03-23T08:00Z 2026-03-30T07:00Z Weeks',
      'ada 2026-03-30T07:00Z 2026-04-06T07:00Z Weeks',
    ]);
    const newYork = timelineOf(defined(1, '2026-01-01T00:00:00.000Z', schedule('America/New_York', layer())));
    expect(lines(newYork, '2026-11-01T12:00Z', '2026-11-03T00:00Z')).toEqual([
      'ada 2026-10-26T13:00Z 2026-11-02T14:00Z Weeks',
      'bob 2026-11-02T14:00Z 2026-11-09T14:00Z Weeks',
    ]);
  });

  const hourly = timelineOf(
    berlin(layer({ rotation: { unit: 'hours', count: 1 }, handOver: { time: '00:00' }, start: '2026-01-05T00:00' })),
  );

  it('a turn in the hour that is skipped does not take place', () => {
    expect(lines(hourly, '2026-03-29T00:00Z', '2026-03-29T01:30Z').map((text) => text.slice(0, 39))).toEqual([
      'bob 2026-03-29T00:00Z 2026-03-29T01:00Z',
      'ada 2026-03-29T01:00Z 2026-03-29T02:00Z',
    ]);
  });

  it('a turn in the hour that is shown twice takes two', () => {
    expect(lines(hourly, '2026-10-24T23:30Z', '2026-10-25T02:30Z').map((text) => text.slice(3, 39))).toEqual([
      ' 2026-10-24T23:00Z 2026-10-25T00:00Z',
      ' 2026-10-25T00:00Z 2026-10-25T02:00Z',
      ' 2026-10-25T02:00Z 2026-10-25T03:00Z',
    ]);
  });

  it('a hand-over within that hour takes place once', () => {
    const half = timelineOf(
      berlin(layer({ rotation: { unit: 'hours', count: 1 }, handOver: { time: '00:30' }, start: '2026-10-24T00:30' })),
    );
    expect(lines(half, '2026-10-25T00:00Z', '2026-10-25T02:00Z').map((text) => text.slice(3, 39))).toEqual([
      ' 2026-10-24T23:30Z 2026-10-25T00:30Z',
      ' 2026-10-25T00:30Z 2026-10-25T02:30Z',
    ]);
  });

  it('a layer that starts in the skipped hour begins with its first participant', () => {
    const skipped = layer({ rotation: { unit: 'hours', count: 1 }, handOver: { time: '00:00' }, start: '2026-03-29T02:15' });
    expect(lines(timelineOf(berlin(skipped)), '2026-03-29T00:00Z', '2026-03-29T01:10Z')).toEqual([
      'ada 2026-03-29T01:00Z 2026-03-29T02:00Z Weeks',
    ]);
  });
});

describe('layers', () => {
  it('cover those below them, in the hours that are theirs', () => {
    expect(lines(timelineOf(berlin(layer(), nights)), '2026-01-08T08:30Z', '2026-01-12T20:00Z')).toEqual([
      'ada 2026-01-08T08:00Z 2026-01-08T16:00Z Weeks',
      'eve 2026-01-08T16:00Z 2026-01-09T08:00Z Nights',
      'ada 2026-01-09T08:00Z 2026-01-12T08:00Z Weeks',
      'bob 2026-01-12T08:00Z 2026-01-12T16:00Z Weeks',
      'eve 2026-01-12T16:00Z 2026-01-13T08:00Z Nights',
    ]);
  });

  it('leave to nobody what none of them has', () => {
    const weekends = layer({ onlyDuring: [{ weekdays: ['saturday', 'sunday'], from: '00:00', to: '24:00' }] });
    expect(lines(timelineOf(berlin(weekends)), '2026-01-07T00:00Z', '2026-01-19T00:00Z')).toEqual([
      'ada 2026-01-09T23:00Z 2026-01-11T23:00Z Weeks',
      'bob 2026-01-16T23:00Z 2026-01-18T23:00Z Weeks',
    ]);
  });

  it('have a whole day where it ends at the time at which it begins', () => {
    const saturdays = layer({ onlyDuring: [{ weekdays: ['saturday'], from: '09:00', to: '09:00' }] });
    expect(lines(timelineOf(berlin(saturdays)), '2026-01-07T00:00Z', '2026-01-12T00:00Z')).toEqual([
      'ada 2026-01-10T08:00Z 2026-01-11T08:00Z Weeks',
    ]);
  });

  it('of one person hand over all the same', () => {
    expect(lines(timelineOf(berlin(layer({ participants: ['ada'] }))), '2026-01-12T07:00Z', '2026-01-12T09:00Z')).toHaveLength(2);
  });
});

describe('versions', () => {
  const backwards = schedule('Europe/Berlin', layer({ participants: ['cem', 'bob', 'ada'] }));

  it('hold from their instant on, in the middle of a shift', () => {
    const timeline = timelineOf(berlin(layer()), defined(2, '2026-01-07T10:30:00.000Z', backwards));
    const found = [...shifts(timeline, ms('2026-01-05T08:00Z'), ms('2026-01-12T09:00Z'))];
    expect(found.map(line)).toEqual([
      'ada 2026-01-05T08:00Z 2026-01-07T10:30Z Weeks',
      'cem 2026-01-07T10:30Z 2026-01-12T08:00Z Weeks',
      'bob 2026-01-12T08:00Z 2026-01-19T08:00Z Weeks',
    ]);
    expect(found.map(({ version }) => version)).toEqual([1, 2, 2]);
    expect(at(timeline, '2026-01-07T10:29:59.999Z')).toBe('ada');
  });

  it('said twice for the same instant: the last one holds', () => {
    const timeline = timelineOf(
      berlin(layer()),
      defined(2, '2026-01-07T10:30:00.000Z', backwards),
      defined(3, '2026-01-07T10:30:00.000Z', schedule('Europe/Berlin', nights)),
    );
    expect(lines(timeline, '2026-01-07T11:00Z', '2026-01-07T17:00Z')).toEqual(['dan 2026-01-07T16:00Z 2026-01-08T08:00Z Nights']);
  });

  it('are out of use from a retirement until it is defined again', () => {
    const gone = [berlin(layer()), retired('2026-01-06T12:00:00.000Z')];
    const back = defined(2, '2026-01-09T12:00:00.000Z', schedule('Europe/Berlin', layer()));
    const override = overridden('o1', 'flo', '2026-01-06T08:00:00.000Z', '2026-01-09T14:00:00.000Z');
    expect(lines(timelineOf(...gone, back, override), '2026-01-05T00:00Z', '2026-01-10T00:00Z')).toEqual([
      'ada 2026-01-05T08:00Z 2026-01-06T08:00Z Weeks',
      'flo 2026-01-06T08:00Z 2026-01-06T12:00Z o1',
      'flo 2026-01-09T12:00Z 2026-01-09T14:00Z o1',
      'ada 2026-01-09T14:00Z 2026-01-12T08:00Z Weeks',
    ]);
    expect(at(timelineOf(...gone), '2030-01-01T00:00Z')).toBeUndefined();
  });
});

describe('shifts', () => {
  it('are whole, wherever they are looked at from', () => {
    const timeline = timelineOf(berlin(layer(), nights), overridden('o1', 'flo', '2026-01-07T10:00:00.000Z', '2026-01-07T20:00:00.000Z'));
    const all = lines(timeline, '2026-01-05T08:00Z', '2026-01-20T08:00Z');
    for (let from = ms('2026-01-05T08:00Z'); from < ms('2026-01-12T08:00Z'); from += 1_700_000) {
      const shift = onCallAt(timeline, from);
      expect(shift && all).toContain(shift && line(shift));
    }
  });

  it('are none in no time', () => {
    expect(lines(weekly, '2026-01-06T00:00Z', '2026-01-06T00:00Z')).toEqual([]);
    expect(lines(timelineOf(), '2026-01-06T00:00Z', '2026-02-06T00:00Z')).toEqual([]);
  });
});
