import { IANAZone } from 'luxon';
import { passing } from '#kernel';

/**
 * A wall clock's reading: milliseconds since 1970-01-01T00:00 on that clock, as if it had never been set forward or back. Readings are
 * added and divided like any number: a day is 86,400,000 of them.
 */
export type WallMs = number;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The clocks of one time zone. Instants are milliseconds since 1970-01-01T00:00:00Z. */
export interface Zone {
  /** Its IANA name. */
  readonly name: string;
  /** What its clocks show at an instant. */
  wallOf(instantMs: number): WallMs;
  /**
   * When its clocks show this. Of a reading that they show twice, the first time; a reading that they skip is the moment at which they are set
   * forward.
   */
  instantOf(wall: WallMs): number;
  /** The same; `undefined` for a reading that they skip. */
  exactInstantOf(wall: WallMs): number | undefined;
}

/** The one moment between two at which the clocks are set. To the millisecond. */
const settingBetween = (offset: (instantMs: number) => number, beforeMs: number, afterMs: number): number => {
  const before = offset(beforeMs);
  let [low, high] = [beforeMs, afterMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  return high;
};

const UTC: Zone = { name: 'UTC', wallOf: (ms) => ms, instantOf: (ms) => ms, exactInstantOf: (ms) => ms };

const ianaZone = (name: string): Zone => {
  const zone = IANAZone.create(name);
  const offset = (instantMs: number) => zone.offset(instantMs) * MINUTE_MS;

  const exactInstantOf = (wall: WallMs): number | undefined => {
    // offsets are below a day, and clocks are not set twice within two: one of these is in force
    const [earlier, later] = [wall - offset(wall - DAY_MS), wall - offset(wall + DAY_MS)];
    const moments = [earlier, later].filter((ms) => ms + offset(ms) === wall);
    return moments.length > 0 ? Math.min(...moments) : undefined;
  };

  return {
    name,
    wallOf: (instantMs) => instantMs + offset(instantMs),
    exactInstantOf,
    instantOf: (wall) => exactInstantOf(wall) ?? settingBetween(offset, wall - offset(wall + DAY_MS), wall - offset(wall - DAY_MS)),
  };
};

const known = new Map<string, Zone>([
  ['UTC', UTC],
  ['Etc/UTC', UTC],
]);

/** The zone of an IANA name, such as `Europe/Berlin`; `undefined` where there is none. */
export const zoneOf = (name: string): Zone | undefined => {
  let zone = known.get(name);
  if (!zone && IANAZone.isValidZone(name)) known.set(name, (zone = ianaZone(name)));
  return zone;
};

/**
 * The zone of an IANA name that should be there: whatever was read has been held to `timeZone`.
 * @throws RangeError for one that this program does not know
 */
export const knownZone = (name: string): Zone => {
  const zone = zoneOf(name);
  if (!zone) throw new RangeError(`There is no time zone ${name}`);
  return zone;
};

/** The name of a zone, read from outside. */
export const timeZone = passing(
  (value) => typeof value === 'string' && zoneOf(value) !== undefined,
  'an IANA time zone, such as Europe/Berlin',
);
