import { versionAt } from '#kernel';
import { dayOf, hoursOn, knownZone, weekdayOf, type WeekHours, type Zone } from '#domain/local-time';
import type { Absence, PersonTimeline } from './person-timeline.js';
import type { Person } from './person.js';

/** Whether somebody is there, and why not. `until` is when that ends, ISO 8601, UTC; `null` where it is not known to. */
export type Presence =
  | Readonly<{ present: true }>
  | Readonly<{
      present: false;
      cause: 'not-in-use' | 'absent' | 'outside-working-hours';
      until: string | null;
      /** For people who may know why somebody is away: `absent (holiday) until 2026-08-03T06:00Z`. */
      why: string;
    }>;

/** What holds of a person at an instant; `undefined` where they are not in use then. */
export const personAt = (timeline: PersonTimeline, instant: string): Person | undefined => versionAt(timeline, instant)?.definition;

/** How a sentence goes on that says until when, to the minute: ` until 2026-08-03T06:00Z`. */
export const untilText = (until: string | null): string => (until === null ? '' : ` until ${until.slice(0, 16)}Z`);

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** The absence somebody is in, and when they are back: one that goes over into the next does not bring them back. */
const absenceAt = (absences: readonly Absence[], ms: number): Readonly<{ reason: string; untilMs: number }> | undefined => {
  const ahead = absences
    .map(({ from, to, reason }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to), reason }))
    .filter(({ toMs }) => toMs > ms)
    .sort((a, b) => a.fromMs - b.fromMs);
  const current = ahead.find(({ fromMs }) => fromMs <= ms);
  if (!current) return undefined;
  const untilMs = ahead.reduce((until, { fromMs, toMs }) => (fromMs <= until ? Math.max(until, toMs) : until), ms);
  return { reason: current.reason, untilMs };
};

/** Two weeks: the clocks may skip the only hours of one, and not those of the next. */
const DAYS_AHEAD = 14;

/** The hours in which somebody works at this instant, or works next. */
const workingHoursFrom = (week: WeekHours, zone: Zone, ms: number): Readonly<{ fromMs: number }> | undefined => {
  const today = dayOf(zone.wallOf(ms));
  for (let day = today - 1; day <= today + DAYS_AHEAD; day++) {
    const hours = hoursOn(zone, day, week[weekdayOf(day)]).find(({ toMs }) => toMs > ms);
    if (hours) return hours;
  }
  return undefined;
};

/**
 * Whether somebody is there at an instant: in use, not absent, and within the working hours that they have then.
 * @throws RangeError for a time zone that this program does not know
 */
export const presenceAt = (timeline: PersonTimeline, instant: string): Presence => {
  const ms = Date.parse(instant);
  const person = personAt(timeline, instant);
  if (!person) return { present: false, cause: 'not-in-use', until: null, why: 'not in use' };

  const absence = absenceAt(timeline.absences, ms);
  if (absence) {
    const until = isoOf(absence.untilMs);
    return { present: false, cause: 'absent', until, why: `absent (${absence.reason})${untilText(until)}` };
  }
  if (!person.workingHours) return { present: true };

  const hours = workingHoursFrom(person.workingHours, knownZone(person.timeZone), ms);
  if (hours && hours.fromMs <= ms) return { present: true };
  const until = hours ? isoOf(hours.fromMs) : null;
  return { present: false, cause: 'outside-working-hours', until, why: `outside working hours${untilText(until)}` };
};
