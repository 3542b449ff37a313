import { describe, expect, it } from '@jest/globals';
import { faultyFields } from '#testing';
import { ON_CALL_LIMITS, parseOnCallSchedule } from './on-call-schedule.js';
import { layer, nights } from './schedules.fixture.js';

const faults = (input: unknown): string[] => faultyFields('ON_CALL_SCHEDULE_INVALID', () => parseOnCallSchedule(input));
const withLayer = (more: object) => ({ name: 'Payments', timeZone: 'UTC', layers: [{ ...layer(), ...more }] });
const hours = { unit: 'hours', count: 8 };

describe('a schedule that is none is told what is wrong with it', () => {
  it.each<[unknown, string[]]>([
    [{ name: 'Payments', timeZone: 'Europe/Berlin', layers: [layer(), nights] }, []],
    ['schedule', ['name', 'timeZone', 'layers']],
    [{ ...withLayer({}), colour: 'red' }, ['colour']],
    [{ ...withLayer({}), name: 'x'.repeat(ON_CALL_LIMITS.nameLength + 1) }, ['name']],
    [{ ...withLayer({}), timeZone: 'Berlin' }, ['timeZone']],
    [{ ...withLayer({}), layers: [] }, ['layers']],
    [{ ...withLayer({}), layers: [layer(), layer()] }, ['layers[1].name']],
    [
      { ...withLayer({}), layers: [null] },
      ['name', 'participants', 'rotation.unit', 'handOver.time', 'start'].map((field) => `layers[0].${field}`),
    ],
    [withLayer({ participants: [] }), ['layers[0].participants']],
    [withLayer({ participants: ['ada', ''] }), ['layers[0].participants[1]']],
    [withLayer({ rotation: { unit: 'months', count: 1 } }), ['layers[0].rotation.unit']],
    [withLayer({ rotation: { unit: 'toString', count: 1 } }), ['layers[0].rotation.unit']],
    [withLayer({ rotation: { unit: 'weeks', count: 0 } }), ['layers[0].rotation.count']],
    [withLayer({ rotation: { unit: 'weeks', count: 53 } }), ['layers[0].rotation.count']],
    [withLayer({ rotation: { unit: 'days', count: 367 }, handOver: { time: '09:00' } }), ['layers[0].rotation.count']],
    [withLayer({ rotation: { unit: 'hours', count: 8_785 }, handOver: { time: '09:00' } }), ['layers[0].rotation.count']],
    [withLayer({ rotation: { unit: 'weeks', count: 1, hours: [1] } }), ['layers[0].rotation.hours']],
    [withLayer({ rotation: { unit: 'custom', hours: [120, 0.5] } }), ['layers[0].rotation.hours[1]']],
    [withLayer({ rotation: { unit: 'custom', hours: [] } }), ['layers[0].rotation.hours']],
    [withLayer({ rotation: { unit: 'custom', hours: [120, 48] }, handOver: { time: '09:00' } }), []],
    [withLayer({ handOver: { time: '09:00' } }), ['layers[0].handOver.weekday']],
    [withLayer({ handOver: { time: '24:00', weekday: 'monday' } }), ['layers[0].handOver.time']],
    [withLayer({ handOver: { time: '09:00', weekday: 'moonday' } }), ['layers[0].handOver.weekday']],
    [withLayer({ rotation: hours }), ['layers[0].handOver.weekday']],
    [withLayer({ rotation: hours, handOver: { time: '06:00', zone: 'UTC' } }), ['layers[0].handOver.zone']],
    [withLayer({ start: '2026-02-30T09:00' }), ['layers[0].start']],
    [withLayer({ start: '2026-01-05T09:00Z' }), ['layers[0].start']],
    [withLayer({ start: '2026-01-05 09:00' }), ['layers[0].start']],
    [withLayer({ start: '2026-01-05' }), ['layers[0].start']],
    [withLayer({ start: '2026-01-05T24:00' }), ['layers[0].start']],
    [withLayer({ onlyDuring: [] }), ['layers[0].onlyDuring']],
    [
      withLayer({ onlyDuring: [{ weekdays: ['monday', 'x'], from: '24:00', to: '9' }] }),
      ['weekdays[1]', 'from', 'to'].map((field) => `layers[0].onlyDuring[0].${field}`),
    ],
    [
      withLayer({ onlyDuring: [{ weekdays: [], from: '00:00', to: '24:00', on: 1 }] }),
      ['layers[0].onlyDuring[0].on', 'layers[0].onlyDuring[0].weekdays'],
    ],
  ])('%j', (input, expected) => expect(faults(input)).toEqual(expected));
});
