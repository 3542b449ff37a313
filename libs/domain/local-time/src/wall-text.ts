import { DAY_MINUTES, dayOf, isoDate, weekdayOf } from './dates.js';
import { MINUTE_MS, type Zone } from './zone.js';

const pad = (number: number): string => String(number).padStart(2, '0');

/** An instant by the wall clock, to the minute: `monday 2026-01-05 09:00`. */
export const wallText = (zone: Zone, instantMs: number): string => {
  const wall = zone.wallOf(instantMs);
  const day = dayOf(wall);
  const minutes = Math.floor(wall / MINUTE_MS) - day * DAY_MINUTES;
  return `${weekdayOf(day)} ${isoDate(day)} ${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
};
