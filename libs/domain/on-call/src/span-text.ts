import { wallText, zoneOf, type Zone } from '#domain/local-time';
import type { OnCallTimeline } from './timeline.js';

/**
 * A stretch of time in words, by the wall clock of the schedule as it was last defined:
 * `from monday 2026-01-05 09:00 to tuesday 2026-01-06 09:00 (Europe/Berlin)`.
 */
export const spanText = ({ versions }: OnCallTimeline, fromMs: number, toMs: number): string => {
  const zone = zoneOf(versions.at(-1)?.definition.timeZone ?? 'UTC') as Zone;
  return `from ${wallText(zone, fromMs)} to ${wallText(zone, toMs)} (${zone.name})`;
};
