import type { FieldFault } from '#kernel';
import { DAY_MS, dayNumber, MINUTE_MS, minutesOf, WEEKDAYS, zoneOf, type WallMs, type Weekday } from '#local-time';
import { faultsOfText, isRecord, refuseFaults, type Unknown } from './faults.js';

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

/** Hours that begin on each of these weekdays. They end at `to` of the same day, or of the next one where `to` is not after `from`. */
export type WeeklyHours = Readonly<{ weekdays: readonly Weekday[]; from: string; to: string }>;

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

/** How many of a unit a turn may have: about a year. */
const MOST_OF_UNIT = { hours: ON_CALL_LIMITS.turnHours, days: 366, weeks: 52 } as const;

const DATE_LENGTH = '2026-01-05'.length;

/** A time of the day, in minutes; its end is none, for it is the beginning of the next day. */
const timeOfDay = (time: unknown): number | undefined => (time === '24:00' ? undefined : minutesOf(time));

/** What a local date and time reads as on the wall clock; `undefined` where the text is none. */
export const wallOfLocal = (text: unknown): WallMs | undefined => {
  if (typeof text !== 'string' || text[DATE_LENGTH] !== 'T') return undefined;
  const [day, minutes] = [dayNumber(text.slice(0, DATE_LENGTH)), timeOfDay(text.slice(DATE_LENGTH + 1))];
  return day === undefined || minutes === undefined ? undefined : day * DAY_MS + minutes * MINUTE_MS;
};

const isCount = (value: unknown, most: number): boolean => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;

const isWeekday = (value: unknown): boolean => WEEKDAYS.includes(value as Weekday);

const faultsOfList = (field: string, value: unknown, least: number, most: number, faultsOf: (item: unknown, at: string) => FieldFault[]) =>
  Array.isArray(value) && value.length >= least && value.length <= most
    ? value.flatMap((item: unknown, n) => faultsOf(item, `${field}[${n}]`))
    : [{ field, message: `is a list of ${least} to ${most}` }];

const faultsOfStrangers = (given: Unknown, within: string, known: readonly string[]): FieldFault[] =>
  Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => ({ field: `${within}${name}`, message: `is not known here: there is ${known.join(', ')}` }));

const faultsOfRotation = (field: string, rotation: unknown): FieldFault[] => {
  const given = isRecord(rotation) ? rotation : {};
  const { unit, count, hours } = given;
  if (unit === 'custom') {
    const { turns, turnHours } = ON_CALL_LIMITS;
    const message = `is a whole number from 1 to ${turnHours}`;
    return [
      ...faultsOfStrangers(given, `${field}.`, ['unit', 'hours']),
      ...faultsOfList(`${field}.hours`, hours, 1, turns, (length, at) => (isCount(length, turnHours) ? [] : [{ field: at, message }])),
    ];
  }
  const most = Object.entries(MOST_OF_UNIT).find(([name]) => name === unit)?.[1];
  if (most === undefined) return [{ field: `${field}.unit`, message: `is one of ${[...ROTATION_UNITS, 'custom'].join(', ')}` }];
  return [
    ...faultsOfStrangers(given, `${field}.`, ['unit', 'count']),
    ...(isCount(count, most) ? [] : [{ field: `${field}.count`, message: `is a whole number from 1 to ${most}` }]),
  ];
};

const faultsOfWeekday = (field: string, weekday: unknown, unit: unknown): FieldFault[] => {
  if (unit === 'hours' || unit === 'days') {
    return weekday === undefined ? [] : [{ field, message: `is left out where turns are counted in ${unit}` }];
  }
  const isRight = weekday === undefined ? unit !== 'weeks' : isWeekday(weekday);
  return isRight ? [] : [{ field, message: `is one of ${WEEKDAYS.join(', ')}` }];
};

const faultsOfHandOver = (field: string, handOver: unknown, rotation: unknown): FieldFault[] => {
  const given = isRecord(handOver) ? handOver : {};
  return [
    ...faultsOfStrangers(given, `${field}.`, ['time', 'weekday']),
    ...(timeOfDay(given['time']) === undefined ? [{ field: `${field}.time`, message: 'is a time of the day, as 09:00' }] : []),
    ...faultsOfWeekday(`${field}.weekday`, given['weekday'], isRecord(rotation) ? rotation['unit'] : undefined),
  ];
};

const faultsOfWeeklyHours = (hours: unknown, field: string): FieldFault[] => {
  const given = isRecord(hours) ? hours : {};
  const { weekdays, from, to } = given;
  return [
    ...faultsOfStrangers(given, `${field}.`, ['weekdays', 'from', 'to']),
    ...faultsOfList(`${field}.weekdays`, weekdays, 1, WEEKDAYS.length, (day, at) =>
      isWeekday(day) ? [] : [{ field: at, message: `is one of ${WEEKDAYS.join(', ')}` }],
    ),
    ...(timeOfDay(from) === undefined ? [{ field: `${field}.from`, message: 'is a time of the day, as 17:00' }] : []),
    ...(minutesOf(to) === undefined ? [{ field: `${field}.to`, message: 'is a time of the day, as 09:00, or its end, 24:00' }] : []),
  ];
};

const LAYER_FIELDS = ['name', 'participants', 'rotation', 'handOver', 'start', 'onlyDuring'];

const faultsOfLayer = (layer: unknown, field: string): FieldFault[] => {
  const given = isRecord(layer) ? layer : {};
  const { name, participants, rotation, handOver, start, onlyDuring } = given;
  const { nameLength, participants: most, weeklyHours } = ON_CALL_LIMITS;
  return [
    ...faultsOfStrangers(given, `${field}.`, LAYER_FIELDS),
    ...faultsOfText(`${field}.name`, name, nameLength),
    ...faultsOfList(`${field}.participants`, participants, 1, most, (person, at) => faultsOfText(at, person, nameLength)),
    ...faultsOfRotation(`${field}.rotation`, rotation),
    ...faultsOfHandOver(`${field}.handOver`, handOver, rotation),
    ...(wallOfLocal(start) === undefined ? [{ field: `${field}.start`, message: 'is a local date and time, as 2026-01-05T09:00' }] : []),
    ...(onlyDuring === undefined ? [] : faultsOfList(`${field}.onlyDuring`, onlyDuring, 1, weeklyHours, faultsOfWeeklyHours)),
  ];
};

/** A shift names the layer it is of. */
const faultsOfRepeatedNames = (layers: unknown): FieldFault[] => {
  const names = Array.isArray(layers) ? layers.map((layer: unknown) => (isRecord(layer) ? layer['name'] : undefined)) : [];
  return names.flatMap((name, n) =>
    name !== undefined && names.indexOf(name) < n ? [{ field: `layers[${n}].name`, message: `repeats ${String(name)}` }] : [],
  );
};

/**
 * A schedule from a request or a file.
 * @throws InvalidInput ON_CALL_SCHEDULE_INVALID, with every fault
 */
export const parseOnCallSchedule = (input: unknown): OnCallSchedule => {
  const given = isRecord(input) ? input : {};
  const { name, timeZone, layers } = given;
  refuseFaults('ON_CALL_SCHEDULE_INVALID', 'on-call schedule', [
    ...faultsOfStrangers(given, '', ['name', 'timeZone', 'layers']),
    ...faultsOfText('name', name, ON_CALL_LIMITS.nameLength),
    ...(typeof timeZone === 'string' && zoneOf(timeZone) ? [] : [{ field: 'timeZone', message: 'is an IANA time zone, as Europe/Berlin' }]),
    ...faultsOfList('layers', layers, 1, ON_CALL_LIMITS.layers, faultsOfLayer),
    ...faultsOfRepeatedNames(layers),
  ]);
  return structuredClone({ name, timeZone, layers }) as OnCallSchedule;
};
