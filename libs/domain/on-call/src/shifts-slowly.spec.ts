import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, MINUTE_MS } from '#domain/local-time';
import type { Layer, OnCallSchedule } from './on-call-schedule.js';
import { defined, layer, ms, overridden, schedule, timelineOf } from './schedules.fixture.js';
import { shifts } from './shifts.js';
import type { OnCallEvent } from './timeline.js';

/** A quarter of an hour after another, with nothing but Intl and a hand that counts: what the calculation has to agree with. */
const STEP_MS = 15 * MINUTE_MS;
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const formats = new Map<string, Intl.DateTimeFormat>();
/** What the wall clock shows, as the milliseconds of a UTC clock that shows the same. */
const wallClock = (instantMs: number, timeZone: string): number => {
  let format = formats.get(timeZone);
  if (!format) {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', hourCycle: 'h23' } as const;
    formats.set(timeZone, (format = new Intl.DateTimeFormat('en-US', { timeZone, ...parts })));
  }
  const shown = Object.fromEntries(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(shown['year'] as number, (shown['month'] as number) - 1, shown['day'], shown['hour'], shown['minute']);
};
const weekdayOn = (wall: number): string => DAYS[new Date(wall).getUTCDay()] as string;
const timeOn = (wall: number): string => new Date(wall).toISOString().slice(11, 16);

/** Somebody who sits before the clock from before the layer's start on, and calls the next one whenever it shows their time. */
const watchman = ({ participants, rotation, handOver, start, onlyDuring = [] }: Layer, timeZone: string) => {
  const lengths = rotation.unit === 'custom' ? rotation.hours : [rotation.count * { hours: 1, days: 24, weeks: 168 }[rotation.unit]];
  const startWall = ms(`${start}Z`);
  let begin = startWall;
  while (timeOn(begin) !== handOver.time || (handOver.weekday !== undefined && weekdayOn(begin) !== handOver.weekday)) begin -= MINUTE_MS;
  let length = 0;
  const nextHandOver = () => (begin += (lengths[length++ % lengths.length] as number) * HOUR_MS);
  let next = nextHandOver();
  while (next <= startWall) next = nextHandOver();

  let turn: number | undefined;
  const isOpen = (wall: number): boolean =>
    onlyDuring.length === 0 ||
    onlyDuring.some(({ weekdays, from, to }) => {
      const [time, today, yesterday] = [timeOn(wall), weekdayOn(wall), weekdayOn(wall - 24 * HOUR_MS)];
      const isOn = (day: string) => (weekdays as readonly string[]).includes(day);
      return from < to ? isOn(today) && from <= time && time < to : (isOn(today) && from <= time) || (isOn(yesterday) && time < to);
    });
  /** Asked at every step, in order. */
  return (instantMs: number): string | undefined => {
    const wall = wallClock(instantMs, timeZone);
    if (turn === undefined && wall >= startWall) turn = 0;
    for (; wall >= next; next = nextHandOver()) if (turn !== undefined) turn++;
    return turn !== undefined && isOpen(wall) ? participants[turn % participants.length] : undefined;
  };
};

/** Who is on call at every step since `from`, with the exceptions made one after the other. */
const slowly = (events: readonly OnCallEvent[], fromMs: number, toMs: number): string[] => {
  const versions = events.flatMap((event) => (event.type === 'OnCallScheduleDefined' ? [event.data] : []));
  const layersOf = ({ layers, timeZone }: OnCallSchedule) => layers.map((each) => watchman(each, timeZone));
  const watched = versions.map(({ definition }) => layersOf(definition));
  const isIn = ({ from, to }: { from: string; to: string }, at: number) => ms(from) <= at && at < ms(to);
  const found: string[] = [];
  for (let at = fromMs; at < toMs; at += STEP_MS) {
    const persons = watched.map((layers) => layers.map((personAt) => personAt(at)));
    const version = versions.findLastIndex(({ effectiveFrom }) => ms(effectiveFrom) <= at);
    let person = persons[version]?.findLast((each) => each !== undefined);
    for (const event of version < 0 ? [] : events) {
      if (event.type === 'OverrideAdded' && isIn(event.data, at)) person = event.data.person;
      if (event.type !== 'ShiftsSwapped') continue;
      const { first, second } = event.data;
      if (person === first.person && isIn(first, at)) person = second.person;
      else if (person === second.person && isIn(second, at)) person = first.person;
    }
    found.push(person ?? '-');
  }
  return found;
};

const quickly = (events: readonly OnCallEvent[], fromMs: number, toMs: number): string[] => {
  const found: string[] = Array<string>((toMs - fromMs) / STEP_MS).fill('-');
  for (const shift of shifts(timelineOf(...events), fromMs, toMs)) {
    for (let at = Math.max(shift.fromMs, fromMs); at < Math.min(shift.toMs, toMs); at += STEP_MS)
      found[(at - fromMs) / STEP_MS] = shift.person;
  }
  return found;
};

const layers: Layer[] = [
  layer({
    name: 'Office',
    start: '2028-01-04T10:00',
    onlyDuring: [{ weekdays: ['monday', 'wednesday', 'friday'], from: '08:00', to: '18:00' }],
  }),
  layer({
    name: 'Nights',
    participants: ['dan', 'eve', 'flo'],
    rotation: { unit: 'days', count: 2 },
    handOver: { time: '07:30' },
    start: '2028-01-10T20:15',
    onlyDuring: [{ weekdays: ['sunday', 'monday', 'tuesday', 'friday'], from: '21:45', to: '06:15' }],
  }),
  layer({
    name: 'Weekends',
    participants: ['gus', 'hal'],
    rotation: { unit: 'custom', hours: [12, 20, 16] },
    handOver: { time: '00:00', weekday: 'saturday' },
    start: '2028-01-13T00:00',
    onlyDuring: [{ weekdays: ['saturday', 'sunday'], from: '00:00', to: '24:00' }],
  }),
];
const hourly = layer({
  participants: ['ada', 'bob', 'cem', 'dan', 'eve'],
  rotation: { unit: 'hours', count: 1 },
  handOver: { time: '00:30' },
  start: '2028-01-02T00:30',
});
const shiftwork = layer({ ...hourly, rotation: { unit: 'hours', count: 7 } });

const swapped = (swapId: string, first: [string, string, string], second: [string, string, string]): OnCallEvent => {
  const interval = ([person, from, to]: [string, string, string]) => ({ person, from, to });
  return { type: 'ShiftsSwapped', data: { id: 'payments', swapId, first: interval(first), second: interval(second) } };
};

const arranged = (timeZone: string): OnCallEvent[] => [
  defined(1, '2028-01-05T00:00:00.000Z', schedule(timeZone, ...layers)),
  overridden('o1', 'ivy', '2028-02-28T12:00:00.000Z', '2028-03-01T12:30:00.000Z'),
  swapped(
    's1',
    ['ivy', '2028-02-29T00:00:00.000Z', '2028-03-10T00:00:00.000Z'],
    ['eve', '2028-02-27T00:00:00.000Z', '2028-04-01T00:00:00.000Z'],
  ),
  overridden('o2', 'joy', '2028-02-29T10:00:00.000Z', '2028-02-29T10:15:00.000Z'),
  defined(
    2,
    '2028-03-21T10:45:00.000Z',
    schedule(timeZone === 'Europe/Berlin' ? 'America/New_York' : 'Europe/Berlin', ...layers.toReversed()),
  ),
  overridden('o3', 'kim', '2028-03-21T10:30:00.000Z', '2028-03-21T11:00:00.000Z'),
  // in the hours that are shown twice
  overridden('o4', 'lou', '2028-10-29T00:45:00.000Z', '2028-10-29T01:15:00.000Z'),
  overridden('o5', 'lou', '2028-11-05T05:45:00.000Z', '2028-11-05T06:15:00.000Z'),
  defined(3, '2028-10-20T01:00:00.000Z', schedule(timeZone, hourly, layers[1] as Layer)),
];

describe('whatever the schedule', () => {
  it.each([
    ['Berlin', arranged('Europe/Berlin')],
    ['New York', arranged('America/New_York')],
    ['Berlin by hours', [defined(1, '2028-01-01T00:00:00.000Z', schedule('Europe/Berlin', hourly))]],
    ['New York by hours', [defined(1, '2028-01-01T00:00:00.000Z', schedule('America/New_York', shiftwork))]],
  ])('agrees with watching the clock through the leap year 2028: %s', (_, events) => {
    const [from, to] = [ms('2028-01-01T00:00Z'), ms('2028-11-10T00:00Z')];
    const [slow, quick] = [slowly(events, from, to), quickly(events, from, to)];
    const differing = slow.flatMap((person, n) =>
      person === quick[n] ? [] : [`${new Date(from + n * STEP_MS).toISOString()} ${person} ${quick[n]}`],
    );
    expect(differing).toEqual([]);
    expect(new Set(slow).size).toBeGreaterThan(4);
  });
});
