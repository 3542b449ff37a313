import { measured, type WorkingTime } from '#domain/calendars';
import type { Clock, Phase } from './incident-clocks.js';

/** A stretch of an incident's life in which a clock runs. `toMs` of the one that goes on is Infinity. */
type Run = Readonly<{ fromMs: number; toMs: number }>;

/** Whether a clock runs in a phase: while the incident is open, and on hold for a reason that does not pause it. */
export const runsIn = ({ pausesOn }: Pick<Clock, 'pausesOn'>, { kind, reason }: Phase): boolean =>
  kind === 'open' || (kind === 'hold' && !(reason !== undefined && pausesOn.includes(reason)));

/** What of a clock its timing depends on. */
export type Terms = Pick<Clock, 'allowance' | 'pausesOn' | 'startedAtMs'>;

/** When a clock has run, in order, touching runs put together. */
export function* runsOf(terms: Terms, phases: readonly Phase[]): Generator<Run> {
  let run: Run | undefined;
  for (let n = 0; n < phases.length; n++) {
    const phase = phases[n] as Phase;
    // history before the first phase is the first phase: an incident is open from its report on
    const fromMs = Math.max(n === 0 ? -Infinity : phase.atMs, terms.startedAtMs);
    const toMs = phases[n + 1]?.atMs ?? Infinity;
    if (toMs <= fromMs || !runsIn(terms, phase)) continue;
    if (run && run.toMs >= fromMs) run = { ...run, toMs };
    else {
      if (run) yield run;
      run = { fromMs, toMs };
    }
  }
  if (run) yield run;
}

/** Amounts of days are sums of fractions: below this, nothing is left of one. */
const NOTHING_LEFT = 1e-9;

/**
 * When so much of a clock's time was used up, or will be if nothing changes; `undefined`: not in this phase, or never by its calendar.
 * @param share of its allowance, in percent
 */
export const usedUpAt = (terms: Terms, phases: readonly Phase[], time: WorkingTime, share = 100): number | undefined => {
  const { measure, quantity } = measured(terms.allowance);
  let left = (quantity * share) / 100;
  for (const { fromMs, toMs } of runsOf(terms, phases)) {
    const held = toMs === Infinity ? Infinity : time.between(measure, fromMs, toMs);
    if (held >= left - NOTHING_LEFT) return time.after(measure, fromMs, left);
    left -= held;
  }
  return undefined;
};

/** How much of a clock's time has been used by then: milliseconds, or days of business days. */
export const usedBy = (terms: Terms, phases: readonly Phase[], time: WorkingTime, nowMs: number): number => {
  const { measure } = measured(terms.allowance);
  let used = 0;
  for (const { fromMs, toMs } of runsOf(terms, phases)) used += time.between(measure, fromMs, Math.min(toMs, nowMs));
  return used;
};

/** The phases as they would be had nothing stopped the clock since it ran last: when it would have been due. */
export const asIfRunning = (terms: Pick<Terms, 'pausesOn'>, phases: readonly Phase[]): readonly Phase[] =>
  phases.slice(0, phases.findLastIndex((phase) => runsIn(terms, phase)) + 1);
