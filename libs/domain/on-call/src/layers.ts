import { HoursOfWeek, knownZone } from '#domain/local-time';
import type { Layer, OnCallSchedule } from './on-call-schedule.js';
import { Turns, type Turn } from './turns.js';

/** A turn, and the layer it is in. */
export type LayerTurn = Turn & Readonly<{ layer: string }>;

/** Who has the turn at an instant, if anybody, and until when no layer says anything else. */
export type Standing = Readonly<{ turn: LayerTurn | undefined; untilMs: number }>;

/** The layers of one version of a schedule, each covering those below it. */
export class Layers {
  readonly #fromTheTop: readonly Readonly<{ layer: Layer; turns: Turns; hours: HoursOfWeek | undefined }>[];

  constructor({ layers, timeZone }: OnCallSchedule) {
    const zone = knownZone(timeZone);
    this.#fromTheTop = layers.toReversed().map((layer) => ({
      layer,
      turns: new Turns(layer, zone),
      hours: layer.onlyDuring && new HoursOfWeek(layer.onlyDuring, zone),
    }));
  }

  at(instantMs: number): Standing {
    let untilMs = Infinity;
    for (const { layer, turns, hours } of this.#fromTheTop) {
      if (instantMs < turns.startMs) {
        untilMs = Math.min(untilMs, turns.startMs);
        continue;
      }
      const open = hours?.at(instantMs) ?? { within: true, untilMs: Infinity };
      untilMs = Math.min(untilMs, open.untilMs);
      if (!open.within) continue;
      const turn = turns.at(instantMs);
      return { turn: { ...turn, layer: layer.name }, untilMs: Math.min(untilMs, turn.toMs) };
    }
    return { turn: undefined, untilMs };
  }
}
