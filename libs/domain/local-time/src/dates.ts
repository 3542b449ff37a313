import { passing } from '#kernel';
import { DAY_MS, type WallMs } from './zone.js';

/** A day of the calendar, as ISO 8601 writes it: `2026-02-28`. */
export type IsoDate = string;
/** Days since 1970-01-01. */
export type DayNumber = number;

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const DAY_MINUTES = 1_440;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** The day a wall clock shows. */
export const dayOf = (wall: WallMs): DayNumber => Math.floor(wall / DAY_MS);

export const isoDate = (day: DayNumber): IsoDate => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** 1970-01-01 was a Thursday. */
export const weekdayOf = (day: DayNumber): Weekday => WEEKDAYS[(((day + 3) % 7) + 7) % 7] as Weekday;

/** The day of an ISO date; `undefined` where the text is none, or the calendar has no such day. */
export const dayNumber = (date: unknown): DayNumber | undefined => {
  if (typeof date !== 'string' || !DATE.test(date)) return undefined;
  const ms = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(ms) || isoDate(ms / DAY_MS) !== date ? undefined : ms / DAY_MS;
};

/** A time of the day as minutes since midnight: `08:30` is 510, `24:00` is 1440; `undefined` where the text is none. */
export const minutesOf = (time: unknown): number | undefined => {
  if (time === '24:00') return DAY_MINUTES;
  const [, hours, minutes] = (typeof time === 'string' && TIME.exec(time)) || [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
};

/** A day, read from outside. */
export const calendarDay = passing((value) => dayNumber(value) !== undefined, 'a day of the calendar, as 2026-12-25');

/** A time of the day, read from outside. The end of the day is none: it is the beginning of the next one. */
export const timeOfDay = passing((value) => minutesOf(value) !== undefined && value !== '24:00', 'a time of the day, as 09:00');

/** A time of the day at which something ends, read from outside. */
export const endTimeOfDay = passing((value) => minutesOf(value) !== undefined, 'a time of the day, as 17:00, or its end, 24:00');
