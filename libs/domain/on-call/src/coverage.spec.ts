import { describe, expect, it } from '@jest/globals';
import { doubleBookings, type Absence } from './double-bookings.js';
import { gaps } from './gaps.js';
import { berlin, defined, layer, ms, nights, overridden, retired, schedule, timelineOf } from './schedules.fixture.js';

const [FROM, TO] = [ms('2026-01-05T08:00Z'), ms('2026-01-19T08:00Z')];
const weekdays = layer({
  onlyDuring: [{ weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '00:00', to: '24:00' }],
});

describe('gaps', () => {
  const whys = (...events: Parameters<typeof timelineOf>) => gaps(timelineOf(...events), FROM, TO).map(({ why }) => why);

  it('are none where somebody always is on call', () => expect(whys(berlin(layer()))).toEqual([]));

  it('are what no layer and no override has', () => {
    const saturday = overridden('o1', 'flo', '2026-01-10T11:00:00.000Z', '2026-01-10T23:00:00.000Z');
    expect(whys(berlin(weekdays), saturday)).toEqual([
      'Nobody is on call from saturday 2026-01-10 00:00 to saturday 2026-01-10 12:00 (Europe/Berlin)',
      'Nobody is on call from sunday 2026-01-11 00:00 to monday 2026-01-12 00:00 (Europe/Berlin)',
      'Nobody is on call from saturday 2026-01-17 00:00 to monday 2026-01-19 00:00 (Europe/Berlin)',
    ]);
  });

  it('are one over a change of versions, and end with what was asked', () => {
    const again = defined(2, '2026-01-10T12:00:00.000Z', schedule('Europe/Berlin', weekdays));
    const found = gaps(timelineOf(berlin(weekdays), again), FROM, ms('2026-01-11T00:00Z'));
    expect(found).toMatchObject([{ fromMs: ms('2026-01-09T23:00Z'), toMs: ms('2026-01-11T00:00Z') }]);
  });

  it('are there before a layer starts, and none while the schedule is out of use', () => {
    const late = layer({ start: '2026-01-07T09:00' });
    expect(whys(berlin(late), retired('2026-01-08T00:00:00.000Z'))).toEqual([
      'Nobody is on call from monday 2026-01-05 09:00 to wednesday 2026-01-07 09:00 (Europe/Berlin)',
    ]);
  });
});

describe('double bookings', () => {
  const payments = { id: 'payments', timeline: timelineOf(berlin(layer(), nights)) };
  const network = {
    id: 'network',
    timeline: timelineOf(
      defined(
        1,
        '2026-01-01T00:00:00.000Z',
        schedule(
          'America/New_York',
          layer({ participants: ['cem', 'eve'], handOver: { time: '03:00', weekday: 'monday' }, start: '2026-01-05T03:00' }),
        ),
      ),
    ),
  };

  it('are none within one schedule, whatever its layers say', () => {
    const same = timelineOf(berlin(layer({ participants: ['dan'] }), nights));
    expect(doubleBookings([{ id: 'payments', timeline: same }], [], FROM, TO)).toEqual([]);
  });

  it('are a person on call in two schedules at a time', () => {
    const found = doubleBookings([payments, network], [], FROM, ms('2026-01-16T00:00Z'));
    expect(found.map(({ why }) => why)).toEqual([
      'eve is on call in network and payments from monday 2026-01-12 11:00 to tuesday 2026-01-13 03:00 (America/New_York)',
      'eve is on call in network and payments from wednesday 2026-01-14 11:00 to thursday 2026-01-15 03:00 (America/New_York)',
    ]);
    expect(found[0]).toMatchObject({
      kind: 'two-schedules',
      person: 'eve',
      schedules: ['network', 'payments'],
      fromMs: ms('2026-01-12T16:00Z'),
      toMs: ms('2026-01-13T08:00Z'),
    });
  });

  it('are one over hand-overs that hand nothing over', () => {
    const alone = (id: string) => ({ id, timeline: timelineOf(berlin(layer({ participants: ['ada'] }))) });
    expect(doubleBookings([alone('a'), alone('b')], [], FROM, TO)).toMatchObject([{ fromMs: FROM, toMs: TO }]);
    expect(doubleBookings([alone('a'), alone('b'), alone('c')], [], FROM, TO).map(({ schedules }) => schedules.join())).toEqual([
      'a,b',
      'a,c',
      'b,c',
    ]);
  });

  it('are none where one duty begins as the other one ends', () => {
    const first = timelineOf(berlin(layer()), retired('2026-01-08T00:00:00.000Z'));
    const second = timelineOf(defined(1, '2026-01-08T00:00:00.000Z', schedule('Europe/Berlin', layer())));
    const schedules = [first, second].map((timeline, n) => ({ id: `s${n}`, timeline }));
    expect(doubleBookings(schedules, [], FROM, ms('2026-01-12T00:00Z'))).toEqual([]);
  });

  it('are a person on call who is away, as far as they are', () => {
    const holiday: Absence = { person: 'ada', fromMs: ms('2026-01-11T00:00Z'), toMs: ms('2026-01-14T00:00Z'), reason: 'Holiday' };
    expect(doubleBookings([payments], [{ ...holiday, person: 'zoe' }, holiday], FROM, TO)).toEqual([
      {
        kind: 'absent',
        person: 'ada',
        schedules: ['payments'],
        fromMs: ms('2026-01-11T00:00Z'),
        toMs: ms('2026-01-12T08:00Z'),
        why: 'ada is on call in payments and absent (Holiday) from sunday 2026-01-11 01:00 to monday 2026-01-12 09:00 (Europe/Berlin)',
      },
    ]);
  });
});
