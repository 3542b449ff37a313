import { DAY_MS, dayNumber, zoneOf, type WallMs } from '#domain/local-time';
import { faulty, shown } from './fault.js';
import type { Property } from './jcal.js';

/** A date, or a date and time, as the wall clock of a zone shows it; without a zone it is of whatever clock is looked at. */
export type Reading = Readonly<{ wall: WallMs; isDate: boolean; zone: string | undefined }>;

/** `T::` is a date without a time in a place of times: many leave VALUE=DATE out. */
const TEXT = /^([1-9]\d{3}-\d{2}-\d{2})(?:T::|T([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(Z?))?$/;

/**
 * A value of type DATE or DATE-TIME, as jCal writes it.
 * @throws InvalidInput ICALENDAR_INVALID
 */
export const readingOf = ({ field, parameters }: Omit<Property, 'values'>, value: unknown): Reading => {
  const [, date, hours, minutes, seconds, utc] = (typeof value === 'string' && TEXT.exec(value)) || [];
  const day = dayNumber(date);
  if (day === undefined) throw faulty(field, `is no day of the calendar, or a day and time: ${shown(String(value))}`);
  if (hours === undefined) return { wall: day * DAY_MS, isDate: true, zone: undefined };
  const zone = parameters['tzid'];
  return {
    wall: day * DAY_MS + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000,
    isDate: false,
    zone: utc === 'Z' ? 'UTC' : typeof zone === 'string' ? zone : undefined,
  };
};

/** Every value of a property. */
export const readingsOf = (property: Property): readonly Reading[] => property.values.map((value) => readingOf(property, value));

/** What the clocks of a zone show at a reading of another one. Where either is no IANA zone, nobody can tell, and the reading stands. */
export const wallIn = (zone: string | undefined, reading: Reading): WallMs => {
  if (zone === undefined || reading.zone === undefined || zone === reading.zone) return reading.wall;
  const [here, there] = [zoneOf(zone), zoneOf(reading.zone)];
  return here && there ? here.wallOf(there.instantOf(reading.wall)) : reading.wall;
};
