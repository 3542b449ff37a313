import { DAY_MS, dayOf, HoursOfWeek, knownZone, MINUTE_MS, minutesOf, type Zone } from '#domain/local-time';
import type { NoticeKind } from './notice.js';
import type { NoticePreferences, QuietHours } from './preferences.js';

/** The first moment from an instant on that is not quiet. One stretch can follow another. */
const afterQuiet = (zone: Zone, quietHours: readonly QuietHours[], instantMs: number): number => {
  if (quietHours.length === 0) return instantMs;
  const quiet = new HoursOfWeek(
    quietHours.map(({ days: weekdays, from, to }) => ({ weekdays, from, to })),
    zone,
  );
  let at = instantMs;
  for (let now = quiet.at(at); now.within; now = quiet.at(at)) at = now.untilMs;
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
  const zone = knownZone(timeZone);
  const at = Date.parse(instant);
  return new Date(afterQuiet(zone, quietHours, kind === 'update' ? nextDigest(zone, digestAt, at) : at)).toISOString();
};
