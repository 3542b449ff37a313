import { describe, expect, it } from '@jest/globals';
import { fold } from '#kernel';
import { onCallDecider, parseOnCallSchedule } from '#domain/on-call';
import { MOST_SHIFTS, shiftsOf } from './shifts-of.js';

const hourly = parseOnCallSchedule({
  name: 'Hourly',
  timeZone: 'UTC',
  layers: [
    {
      name: 'Hours',
      participants: ['ada', 'bob'],
      rotation: { unit: 'hours', count: 1 },
      handOver: { time: '00:00' },
      start: '2026-01-01T00:00',
    },
  ],
});
const timeline = fold(onCallDecider, [
  { type: 'OnCallScheduleDefined', data: { id: 'a', version: 1, effectiveFrom: '2026-01-01T00:00:00.000Z', definition: hourly } },
]);
const FROM = Date.parse('2026-02-01T00:00:00Z');
const hours = (count: number) => ({ from: new Date(FROM).toISOString(), to: new Date(FROM + count * 3_600_000).toISOString() });
const two = ['a', 'b'].map((id) => ({ id, timeline }));

describe('the shifts of several schedules', () => {
  it('are as many as are looked at', () => expect(shiftsOf(two, hours(MOST_SHIFTS / 2))).toHaveLength(MOST_SHIFTS));

  it('are refused where one more would have to be', () =>
    expect(() => shiftsOf(two, hours(MOST_SHIFTS / 2 + 1))).toThrow(expect.objectContaining({ code: 'PERIOD_INVALID' })));
});
