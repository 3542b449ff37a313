import { DAY_MS, dayOf, HOUR_MS, MINUTE_MS, minutesOf, WEEKDAYS, weekdayOf, type WallMs, type Zone } from '#domain/local-time';
import { wallOfLocal, type HandOver, type Layer, type Rotation } from './on-call-schedule.js';

/** One participant's turn. Instants are milliseconds since 1970-01-01T00:00:00Z; `toMs` is exclusive. */
export type Turn = Readonly<{ person: string; fromMs: number; toMs: number }>;

const UNIT_MS = { hours: HOUR_MS, days: DAY_MS, weeks: 7 * DAY_MS } as const;

/** How long turns are, in their order, on the wall clock. */
const lengthsOf = (rotation: Rotation): readonly WallMs[] =>
  rotation.unit === 'custom' ? rotation.hours.map((hours) => hours * HOUR_MS) : [rotation.count * UNIT_MS[rotation.unit]];

/** The last time a wall clock showed the hand-over, up to this reading. */
const lastHandOver = ({ time, weekday }: HandOver, wall: WallMs): WallMs => {
  const today = dayOf(wall) * DAY_MS + (minutesOf(time) as number) * MINUTE_MS;
  const latest = today <= wall ? today : today - DAY_MS;
  if (weekday === undefined) return latest;
  const daysSince = WEEKDAYS.indexOf(weekdayOf(dayOf(latest))) - WEEKDAYS.indexOf(weekday);
  return latest - ((daysSince + 7) % 7) * DAY_MS;
};

/**
 * The turns of a layer, numbered. They are counted on the wall clock, so that hand-overs keep their time of the day: a turn over a night on
 * which the clocks are set is an hour shorter or longer, and a turn that lies within a skipped hour does not take place.
 */
export class Turns {
  readonly startMs: number;
  readonly #participants: readonly string[];
  /** Turn 0 begins here, and so does a cycle of the lengths. */
  readonly #anchor: WallMs;
  readonly #cycle: WallMs;
  /** Where in the cycle each turn begins. */
  readonly #offsets: readonly WallMs[];
  /** The number of the first participant's first turn. */
  readonly #first: number;

  constructor(
    { participants, rotation, handOver, start }: Layer,
    private readonly zone: Zone,
  ) {
    const startWall = wallOfLocal(start) as WallMs;
    let cycle = 0;
    this.#offsets = lengthsOf(rotation).map((length) => (cycle += length) - length);
    this.#cycle = cycle;
    this.#participants = participants;
    this.#anchor = lastHandOver(handOver, startWall);
    this.startMs = zone.instantOf(startWall);
    this.#first = this.#numberAt(this.startMs);
  }

  /** The turn at an instant that is not before the start. The first one may have begun before it, as turns are counted. */
  at(instantMs: number): Turn {
    const number = this.#numberAt(instantMs);
    const person = this.#participants[(number - this.#first) % this.#participants.length] as string;
    return { person, fromMs: this.#beginOf(number), toMs: this.#beginOf(number + 1) };
  }

  #beginOf(number: number): number {
    const cycles = Math.floor(number / this.#offsets.length);
    const offset = this.#offsets[number - cycles * this.#offsets.length] as WallMs;
    return this.zone.instantOf(this.#anchor + cycles * this.#cycle + offset);
  }

  #numberAt(instantMs: number): number {
    const passed = this.zone.wallOf(instantMs) - this.#anchor;
    const cycles = Math.floor(passed / this.#cycle);
    const within = this.#offsets.findLastIndex((offset) => offset <= passed - cycles * this.#cycle);
    let number = cycles * this.#offsets.length + within;
    // in an hour that is shown twice the clock reads less than it has read before: a hand-over that was, was
    while (this.#beginOf(number + 1) <= instantMs) number++;
    return number;
  }
}
