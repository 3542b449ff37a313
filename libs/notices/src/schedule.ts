import { DAY_MS, dayOf, MINUTE_MS, minutesOf, weekdayOf, zoneOf, type Zone } from '#local-time';
import type { NoticeKind } from './notice.js';
import type { NoticePreferences, QuietHours } from './preferences.js';

/** When a quiet stretch ends that an instant lies in; `undefined` where it lies in none. All in milliseconds since 1970-01-01T00:00:00Z. */
const endOfQuiet = (zone: Zone, quietHours: readonly QuietHours[], atMs: number): number | undefined => {
  const today = dayOf(zone.wallOf(atMs));
  for (const { days, from, to } of quietHours) {
    const [begins, ends] = [minutesOf(from), minutesOf(to)] as [number, number];
    // one that holds now has begun today or yesterday
    for (const day of [today - 1, today]) {
      if (!days.includes(weekdayOf(day))) continue;
      const fromMs = zone.instantOf(day * DAY_MS + begins * MINUTE_MS);
      const toMs = zone.instantOf((ends > begins ? day : day + 1) * DAY_MS + ends * MINUTE_MS);
      if (fromMs <= atMs && atMs < toMs) return toMs;
    }
  }
  return undefined;
};

/** The first moment from an instant on that is not quiet. One stretch can follow another. */
const afterQuiet = (zone: Zone, quietHours: readonly QuietHours[], instantMs: number): number => {
  let at = instantMs;
  for (let end = endOfQuiet(zone, quietHours, at); end !== undefined; end = endOfQuiet(zone, quietHours, at)) at = end;
  return at;
};

/** The first time of a digest from an instant on; the instant itself where there are none. */
const nextDigest = (zone: Zone, digestAt: readonly string[], instantMs: number): number => {
  if (digestAt.length === 0) return instantMs;
  const today = dayOf(zone.wallOf(instantMs));
  // of tomorrow all are later, save where the clocks are set back over midnight
  const times = [today, today + 1, today + 2].flatMap((day) =>
    digestAt.map((time) => zone.instantOf(day * DAY_MS + (minutesOf(time) as number) * MINUTE_MS)),
  );
  return Math.min(...times.filter((ms) => ms >= instantMs));
};

/**
 * Before which instant (ISO 8601, UTC) a notice is not to be sent. A page: now. An update: at the next digest, where the person has such times,
 * and never within their quiet hours. A digest: only not within quiet hours. Without preferences, everything comes at once.
 */
export const scheduleOf = (
  preferences:
    | (Pick<NoticePreferences, 'quietHours' | 'digestAt'> & Readonly<{ /** IANA: whose wall clock they go by. */ timeZone: string }>)
    | undefined,
  kind: NoticeKind,
  instant: string,
): string => {
  if (!preferences || kind === 'page') return instant;
  const { timeZone, quietHours, digestAt } = preferences;
  const zone = zoneOf(timeZone);
  if (!zone) throw new RangeError(`There is no time zone ${timeZone}`);
  const at = Date.parse(instant);
  return new Date(afterQuiet(zone, quietHours, kind === 'update' ? nextDigest(zone, digestAt, at) : at)).toISOString();
};
