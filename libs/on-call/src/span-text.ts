import { DAY_MS, dayOf, isoDate, MINUTE_MS, weekdayOf, zoneOf, type Zone } from '#local-time';
import type { OnCallTimeline } from './timeline.js';

const pad = (number: number): string => String(number).padStart(2, '0');

/**
 * A stretch of time in words, by the wall clock of the schedule as it was last defined:
 * `from monday 2026-01-05 09:00 to tuesday 2026-01-06 09:00 (Europe/Berlin)`.
 */
export const spanText = ({ versions }: OnCallTimeline, fromMs: number, toMs: number): string => {
  const zone = zoneOf(versions.at(-1)?.definition.timeZone ?? 'UTC') as Zone;
  const text = (instantMs: number): string => {
    const wall = zone.wallOf(instantMs);
    const minutes = Math.floor((wall - dayOf(wall) * DAY_MS) / MINUTE_MS);
    return `${weekdayOf(dayOf(wall))} ${isoDate(dayOf(wall))} ${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  };
  return `from ${text(fromMs)} to ${text(toMs)} (${zone.name})`;
};
