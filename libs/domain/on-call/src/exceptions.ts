import type { LayerTurn } from './layers.js';
import type { OnCallException, PersonInterval } from './timeline.js';

/** Why it is this person: it is their turn, they were put there, or they swapped. */
export type ShiftSource =
  | Readonly<{ kind: 'rotation'; layer: string }>
  | Readonly<{ kind: 'override'; overrideId: string; reason: string }>
  | Readonly<{ kind: 'swap'; swapId: string }>;

/** Who is on call, why, and since when at the earliest that is one and the same shift: those with the same `key` are. */
export type OnCall = Readonly<{ person: string; source: ShiftSource; sinceMs: number; key: string }>;

/** An exception, as far as it changes anything between these instants; `apply` says who is on call at an instant in spite of whom. */
export type Change = Readonly<{ bounds: readonly number[]; apply: (instantMs: number, onCall: OnCall | undefined) => OnCall | undefined }>;

type Interval = Readonly<{ fromMs: number; toMs: number }>;

const intervalOf = ({ from, to }: Pick<PersonInterval, 'from' | 'to'>): Interval => ({ fromMs: Date.parse(from), toMs: Date.parse(to) });

const covers = ({ fromMs, toMs }: Interval, instantMs: number): boolean => fromMs <= instantMs && instantMs < toMs;

/** The turn that is taken where nothing else was arranged. */
export const byRotation = ({ person, layer, fromMs }: LayerTurn): OnCall => ({
  person,
  source: { kind: 'rotation', layer },
  sinceMs: fromMs,
  key: `rotation ${fromMs} ${layer}`,
});

const changeOf = (exception: OnCallException): Change => {
  if (exception.kind === 'override') {
    const { overrideId, person, reason, removedFrom } = exception;
    const said = intervalOf(exception);
    const held = { ...said, toMs: removedFrom === undefined ? said.toMs : Math.min(said.toMs, Date.parse(removedFrom)) };
    const overriding: OnCall = {
      person,
      source: { kind: 'override', overrideId, reason },
      sinceMs: held.fromMs,
      key: `override ${overrideId}`,
    };
    return { bounds: [held.fromMs, held.toMs], apply: (instantMs, onCall) => (covers(held, instantMs) ? overriding : onCall) };
  }
  const { swapId, first, second } = exception;
  const [firstTime, secondTime] = [intervalOf(first), intervalOf(second)];
  const swapped = (onCall: OnCall, person: string): OnCall => ({
    ...onCall,
    person,
    source: { kind: 'swap', swapId },
    key: `swap ${swapId} of ${onCall.key}`,
  });
  return {
    bounds: [firstTime.fromMs, firstTime.toMs, secondTime.fromMs, secondTime.toMs],
    apply: (instantMs, onCall) => {
      if (onCall?.person === first.person && covers(firstTime, instantMs)) return swapped(onCall, second.person);
      if (onCall?.person === second.person && covers(secondTime, instantMs)) return swapped(onCall, first.person);
      return onCall;
    },
  };
};

/**
 * The exceptions that reach into a stretch of time, in the order in which they were made: each changes what those before it have left,
 * so that of overrides for the same time the last one holds, and a swap moves whoever is there after them.
 */
export const changesBetween = (exceptions: readonly OnCallException[], fromMs: number, toMs: number): readonly Change[] =>
  exceptions.map(changeOf).filter(({ bounds }) => Math.min(...bounds) < toMs && Math.max(...bounds) > fromMs);
