import { changesBetween, byRotation, type OnCall, type ShiftSource } from './exceptions.js';
import { Layers } from './layers.js';
import type { OnCallSchedule } from './on-call-schedule.js';
import type { OnCallTimeline } from './timeline.js';

/**
 * A stretch of time in which one person is on call, by one version of the schedule. Instants are milliseconds since 1970-01-01T00:00:00Z;
 * `toMs` is exclusive. Every hand-over, every hour in which a layer begins or ceases to cover it, and every version begins a new one.
 */
export type Shift = Readonly<{ person: string; fromMs: number; toMs: number; version: number; source: ShiftSource }>;

/** Time in which nothing changes; `onCall` is nobody where no layer and no override has somebody. */
export type Stretch = Readonly<{ fromMs: number; toMs: number; version: number; onCall: OnCall | undefined }>;

/** A version of a schedule, and the time in which it is the one in use: none, where another one has taken its place before it began. */
type Period = Readonly<{ fromMs: number; toMs: number; version: number; definition: OnCallSchedule }>;

const periodsOf = ({ versions, retirements }: OnCallTimeline): readonly Period[] =>
  versions.map(({ version, effectiveFrom, definition }, n) => {
    const ends = [versions[n + 1], retirements.find((retirement) => retirement.version === version)];
    const toMs = Math.min(...ends.map((end) => (end ? Date.parse(end.effectiveFrom) : Infinity)));
    return { fromMs: Date.parse(effectiveFrom), toMs, version, definition };
  });

/**
 * The time between two instants in which the schedule is in use, in order: who is on call in each stretch of it, if anybody. Before its first
 * version, and from a retirement until it is defined again, there is nothing. Without an end, for as long as somebody asks.
 */
export function* stretches(timeline: OnCallTimeline, fromMs: number, toMs = Infinity): Generator<Stretch> {
  const changes = changesBetween(timeline.exceptions, fromMs, toMs);
  const bounds = changes.flatMap((change) => change.bounds).toSorted((one, other) => one - other);
  for (const period of periodsOf(timeline)) {
    const end = Math.min(toMs, period.toMs);
    let at = Math.max(fromMs, period.fromMs);
    if (at >= end) continue;
    const layers = new Layers(period.definition);
    while (at < end) {
      const { turn, untilMs } = layers.at(at);
      const next = Math.min(untilMs, end, bounds.find((bound) => bound > at) ?? Infinity);
      const onCall = changes.reduce((before, { apply }) => apply(at, before), turn && byRotation(turn));
      yield { fromMs: at, toMs: next, version: period.version, onCall };
      at = next;
    }
  }
}

/** The shifts that reach into a stretch of time: in order, and whole, also where they begin before it or end after it. */
export function* shifts(timeline: OnCallTimeline, fromMs: number, toMs: number): Generator<Shift> {
  if (toMs <= fromMs) return;
  const [first] = stretches(timeline, fromMs, toMs);
  const sinceMs = Math.min(fromMs, first?.onCall?.sinceMs ?? fromMs);

  let shift: Shift | undefined;
  let key: string | undefined;
  for (const stretch of stretches(timeline, sinceMs)) {
    const { onCall, version } = stretch;
    if (shift && shift.version === version && key === onCall?.key) {
      shift = { ...shift, toMs: stretch.toMs };
      continue;
    }
    if (shift && shift.toMs > fromMs) yield shift;
    if (stretch.fromMs >= toMs) return;
    shift = onCall && { person: onCall.person, fromMs: stretch.fromMs, toMs: stretch.toMs, version, source: onCall.source };
    key = onCall?.key;
  }
  if (shift && shift.toMs > fromMs) yield shift;
}

/** The shift at an instant, of the past or the future; `undefined` where nobody is on call. */
export const onCallAt = (timeline: OnCallTimeline, instantMs: number): Shift | undefined => {
  const [shift] = shifts(timeline, instantMs, instantMs + 1);
  return shift;
};
