import type { EventMetadata } from '#kernel';
import type { OnCallEvent } from './timeline.js';

const id = 'payments';

/** One of each event, with every field it can have: the life of the payment team's rota. */
export const STORY: readonly OnCallEvent[] = [
  {
    type: 'OnCallScheduleDefined',
    data: {
      id,
      version: 1,
      effectiveFrom: '2026-01-05T08:00:00.000Z',
      definition: {
        name: 'Payments, first line',
        timeZone: 'Europe/Brussels',
        layers: [
          {
            name: 'Weeks',
            participants: ['tom.maes', 'els.jacobs'],
            rotation: { unit: 'weeks', count: 1 },
            handOver: { time: '09:00', weekday: 'monday' },
            start: '2026-01-05T09:00',
          },
          {
            name: 'Nights',
            participants: ['an.claes', 'bart.wouters'],
            rotation: { unit: 'custom', hours: [120, 48] },
            handOver: { time: '12:00' },
            start: '2026-01-05T12:00',
            onlyDuring: [{ weekdays: ['monday', 'tuesday'], from: '17:00', to: '09:00' }],
          },
        ],
      },
      reason: 'The terminals are ours from January on',
    },
  },
  {
    type: 'OverrideAdded',
    data: {
      id,
      overrideId: '0b5c0e3e-6f0a-4c5e-9d57-0d3ad1d3a001',
      person: 'lena.peeters',
      from: '2026-01-13T08:00:00.000Z',
      to: '2026-01-13T16:00:00.000Z',
      reason: 'Dentist',
      addedBy: 'els.jacobs',
    },
  },
  {
    type: 'OverrideRemoved',
    data: {
      id,
      overrideId: '0b5c0e3e-6f0a-4c5e-9d57-0d3ad1d3a001',
      effectiveFrom: '2026-01-13T10:00:00.000Z',
      reason: 'Back early',
    },
  },
  {
    type: 'ShiftsSwapped',
    data: {
      id,
      swapId: '0b5c0e3e-6f0a-4c5e-9d57-0d3ad1d3a002',
      first: { person: 'tom.maes', from: '2026-01-19T08:00:00.000Z', to: '2026-01-26T08:00:00.000Z' },
      second: { person: 'els.jacobs', from: '2026-01-26T08:00:00.000Z', to: '2026-02-02T08:00:00.000Z' },
      reason: 'Skiing',
    },
  },
  { type: 'OnCallScheduleRetired', data: { id, effectiveFrom: '2026-12-31T23:00:00.000Z', reason: 'The terminals are sold' } },
];

export const METADATA: Omit<EventMetadata, 'schemaVersion'> = {
  $correlationId: 'b1f6b0a4-3d51-4a42-8a53-54c1f1d2e006',
  $causationId: 'b1f6b0a4-3d51-4a42-8a53-54c1f1d2e006',
  actor: { kind: 'person', id: 'els.jacobs', name: 'Els Jacobs', roles: ['agent'] },
  commandId: 'b1f6b0a4-3d51-4a42-8a53-54c1f1d2e006',
  commandHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
};
