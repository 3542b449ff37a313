import {
  andThen,
  integerFrom,
  listOf,
  oneOf,
  optional,
  partsOf,
  passing,
  readerOf,
  setOf,
  textOf,
  variantOf,
  type FieldFault,
} from '#kernel';
import {
  DAY_MS,
  dayNumber,
  endTimeOfDay,
  MINUTE_MS,
  minutesOf,
  timeOfDay,
  timeZone,
  WEEKDAYS,
  type WallMs,
  type Weekday,
  type WeeklyHours,
} from '#domain/local-time';

/**
 * Who is on call when. One person is, at any instant: the one of the highest layer that has somebody. Who needs a primary and a secondary
 * on call has two schedules.
 */
export type OnCallSchedule = Readonly<{
  name: string;
  /** IANA: whose wall clock every time below is of. */
  timeZone: string;
  /** From the lowest to the highest: a layer covers those before it, wherever it has somebody on call. */
  layers: readonly Layer[];
}>;

/** People who take turns. */
export type Layer = Readonly<{
  name: string;
  /** Ids of people, in the order of their turns. Who takes more turns than others is named more than once. */
  participants: readonly string[];
  rotation: Rotation;
  handOver: HandOver;
  /** Local date and time, `2026-01-05T09:00`: from here on the layer holds, and its first participant is first. */
  start: string;
  /** The layer has somebody on call in these hours only; without any said, always. */
  onlyDuring?: readonly WeeklyHours[];
}>;

/**
 * How long a turn is, by the wall clock: a week from Monday 09:00 ends on Monday 09:00, whatever the clocks were set to meanwhile. A
 * custom rotation has turns of these lengths one after another, over and over: 120 and 48 hours are working days and weekends.
 */
export type Rotation =
  Readonly<{ unit: (typeof ROTATION_UNITS)[number]; count: number }> | Readonly<{ unit: 'custom'; hours: readonly number[] }>;

export const ROTATION_UNITS = ['hours', 'days', 'weeks'] as const;

/**
 * When turns begin: turns are counted from the last such moment that is not after the layer's start. A weekday belongs to weeks, and to
 * custom rotations that keep to the week.
 */
export type HandOver = Readonly<{ time: string; weekday?: Weekday }>;

/** Most of anything in one schedule, the longest texts, and the longest stretch that is overridden or swapped at once. */
export const ON_CALL_LIMITS = {
  layers: 10,
  participants: 100,
  turns: 100,
  turnHours: 8_784,
  weeklyHours: 21,
  nameLength: 200,
  reasonLength: 2_000,
  intervalDays: 366,
} as const;

const DATE_LENGTH = '2026-01-05'.length;

/** What a local date and time reads as on the wall clock; `undefined` where the text is none. */
export const wallOfLocal = (text: unknown): WallMs | undefined => {
  if (typeof text !== 'string' || text[DATE_LENGTH] !== 'T') return undefined;
  const [date, time] = [text.slice(0, DATE_LENGTH), text.slice(DATE_LENGTH + 1)];
  const [day, minutes] = [dayNumber(date), minutesOf(time)];
  return day === undefined || minutes === undefined || time === '24:00' ? undefined : day * DAY_MS + minutes * MINUTE_MS;
};

/** What something is called, and the id of a person. */
export const nameText = textOf(ON_CALL_LIMITS.nameLength);
/** Why something was arranged. */
export const reasonText = textOf(ON_CALL_LIMITS.reasonLength);

/** A turn lasts about a year at the most. */
const rotation = variantOf('unit', {
  hours: { count: integerFrom(1, ON_CALL_LIMITS.turnHours) },
  days: { count: integerFrom(1, 366) },
  weeks: { count: integerFrom(1, 52) },
  custom: { hours: listOf(integerFrom(1, ON_CALL_LIMITS.turnHours), { min: 1, max: ON_CALL_LIMITS.turns }) },
});

const weeklyHours = partsOf<WeeklyHours>({
  weekdays: listOf(oneOf(WEEKDAYS), { min: 1, max: WEEKDAYS.length }),
  from: timeOfDay,
  to: endTimeOfDay,
});

/** Turns of weeks begin on a weekday; those that are counted in hours or days begin on all of them. */
const faultsOfWeekday = ({ rotation: { unit }, handOver: { weekday } }: Layer, layer: string): FieldFault[] => {
  const field = `${layer}.handOver.weekday`;
  if (unit === 'weeks' && weekday === undefined) return [{ field, message: `is one of ${WEEKDAYS.join(', ')}` }];
  if ((unit === 'hours' || unit === 'days') && weekday !== undefined)
    return [{ field, message: `is left out where turns are counted in ${unit}` }];
  return [];
};

const layer = andThen(
  partsOf<Layer>({
    name: nameText,
    participants: listOf(nameText, { min: 1, max: ON_CALL_LIMITS.participants }),
    rotation,
    handOver: partsOf<HandOver>({ time: timeOfDay, weekday: optional(oneOf(WEEKDAYS)) }),
    start: passing((value) => wallOfLocal(value) !== undefined, 'a local date and time, as 2026-01-05T09:00'),
    onlyDuring: optional(listOf(weeklyHours, { min: 1, max: ON_CALL_LIMITS.weeklyHours })),
  }),
  faultsOfWeekday,
);

/**
 * A schedule from a request or a file.
 * @throws InvalidInput ON_CALL_SCHEDULE_INVALID, with every fault (the reader does)
 */
export const parseOnCallSchedule = readerOf<OnCallSchedule>({
  code: 'ON_CALL_SCHEDULE_INVALID',
  noun: 'on-call schedule',
  fields: {
    name: nameText,
    timeZone,
    // a shift names the layer it is of
    layers: setOf(layer, { min: 1, max: ON_CALL_LIMITS.layers, by: 'name' }),
  },
});
