import { fold } from '#kernel';
import { parseOnCallSchedule, type Layer, type OnCallSchedule } from './on-call-schedule.js';
import { shifts, type Shift } from './shifts.js';
import { onCallDecider, type OnCallEvent, type OnCallTimeline } from './timeline.js';

/** A week each, from Monday 09:00. */
export const layer = (more: Partial<Layer> = {}): Layer => ({
  name: 'Weeks',
  participants: ['ada', 'bob', 'cem'],
  rotation: { unit: 'weeks', count: 1 },
  handOver: { time: '09:00', weekday: 'monday' },
  start: '2026-01-05T09:00',
  ...more,
});

/** The nights of working days, a day each. */
export const nights = layer({
  name: 'Nights',
  participants: ['dan', 'eve'],
  rotation: { unit: 'days', count: 1 },
  handOver: { time: '12:00' },
  start: '2026-01-05T12:00',
  onlyDuring: [{ weekdays: ['monday', 'tuesday', 'wednesday', 'thursday'], from: '17:00', to: '09:00' }],
});

export const schedule = (timeZone: string, ...layers: Layer[]): OnCallSchedule =>
  parseOnCallSchedule({ name: 'Payments', timeZone, layers });

export const defined = (version: number, effectiveFrom: string, definition: OnCallSchedule): OnCallEvent => ({
  type: 'OnCallScheduleDefined',
  data: { id: 'payments', version, effectiveFrom, definition },
});

export const retired = (effectiveFrom: string): OnCallEvent => ({
  type: 'OnCallScheduleRetired',
  data: { id: 'payments', effectiveFrom, reason: 'The team is no more' },
});

export const overridden = (overrideId: string, person: string, from: string, to: string): OnCallEvent => ({
  type: 'OverrideAdded',
  data: { id: 'payments', overrideId, person, from, to, reason: 'Dentist' },
});

export const timelineOf = (...events: OnCallEvent[]): OnCallTimeline => fold(onCallDecider, events);

/** Berlin's schedule of these layers, in use since the new year. */
export const berlin = (...layers: Layer[]): OnCallEvent => defined(1, '2026-01-01T00:00:00.000Z', schedule('Europe/Berlin', ...layers));

export const ms = (text: string): number => Date.parse(text);

const minute = (instantMs: number): string => new Date(instantMs).toISOString().replace(':00.000Z', 'Z');

/** Shifts as lines that can be read: `ada 2026-01-05T08:00Z 2026-01-12T08:00Z Weeks`. */
export const lines = (timeline: OnCallTimeline, from: string, to: string): string[] => [...shifts(timeline, ms(from), ms(to))].map(line);

export const line = ({ person, fromMs, toMs, source }: Shift): string => {
  const why = source.kind === 'rotation' ? source.layer : source.kind === 'override' ? source.overrideId : source.swapId;
  return `${person} ${minute(fromMs)} ${minute(toMs)} ${why}`;
};
