import { measured, type WorkingTime } from '#domain/calendars';
import { HOUR_MS } from '#domain/local-time';
import type { Clock, IncidentClocks, Phase } from './incident-clocks.js';
import { runsIn, usedBy } from './timing.js';

/** A stretch of time that counted, or did not, and what says so: an event of the incident, or an entry of a calendar. */
export type ExplainedInterval = Readonly<{
  from: string;
  /** Exclusive; `null`: it goes on. */
  to: string | null;
  counted: boolean;
  why: string;
  /** The event that began the phase it lies in. */
  event: Readonly<{ revision: number; type: string }>;
  /** The version of the calendar that was asked, where one was. */
  calendarVersion: number | null;
  /** How much it used, in the clock's own measure: seconds, or working days. */
  used: number;
}>;

/** One clock, interval by interval; what they use adds up to `used`. */
export type ExplainedClock = Readonly<{
  clockId: string;
  target: string;
  kind: string;
  policyVersion: string;
  calendar: string | null;
  allowance: Clock['allowance'];
  startedAt: string;
  dueAt: string | null;
  breachedAt: string | null;
  isMet: boolean;
  isStopped: boolean;
  unit: 'seconds' | 'working days';
  used: number;
  allowed: number;
  intervals: readonly ExplainedInterval[];
}>;

/** Most intervals of one clock: beyond that, the oldest are put together. */
const MOST_INTERVALS = 2_000;

const iso = (ms: number): string => new Date(ms).toISOString();

const PHASES: Readonly<Record<Phase['kind'], string>> = {
  open: 'the incident is open',
  hold: 'on hold',
  resolved: 'the incident is resolved',
  closed: 'the incident is closed',
  cancelled: 'the incident is cancelled',
};

const phaseText = ({ kind, reason }: Phase): string => (kind === 'hold' ? `on hold for ${reason}` : PHASES[kind]);

/** The phases a clock has lived through, up to an instant. */
function* phasesOf(
  clock: Clock,
  { phases }: IncidentClocks,
  untilMs: number,
): Generator<Readonly<{ phase: Phase; fromMs: number; toMs: number }>> {
  for (let n = 0; n < phases.length; n++) {
    const phase = phases[n] as Phase;
    const fromMs = Math.max(n === 0 ? clock.startedAtMs : phase.atMs, clock.startedAtMs);
    const toMs = Math.min(phases[n + 1]?.atMs ?? untilMs, untilMs);
    if (toMs > fromMs) yield { phase, fromMs, toMs };
  }
}

const round = (value: number): number => Number(value.toFixed(6));

/**
 * Why a clock stands where it stands: every interval that counted or did not, up to an instant or until it ended, with the event or the
 * calendar entry that says why. What they use adds up to what the clock has used. Costs a step for each day that the clock has lived.
 */
export const explainClock = (clock: Clock, state: IncidentClocks, time: WorkingTime, untilMs: number): ExplainedClock => {
  const { measure, quantity } = measured(clock.allowance);
  const inUnits = (amount: number) => round(measure === 'business-days' ? amount : amount / 1_000);
  const endMs = Math.min(untilMs, clock.ended?.atMs ?? Infinity);
  const intervals: ExplainedInterval[] = [];

  const add = (phase: Phase, fromMs: number, toMs: number, counted: boolean, why: string, calendarVersion: number | null) =>
    intervals.push({
      from: iso(fromMs),
      to: toMs >= untilMs ? null : iso(toMs),
      counted,
      why,
      event: { revision: phase.revision, type: phase.type },
      calendarVersion,
      used: counted ? inUnits(time.between(measure, fromMs, toMs)) : 0,
    });

  for (const { phase, fromMs, toMs } of phasesOf(clock, state, endMs)) {
    if (!runsIn(clock, phase)) add(phase, fromMs, toMs, false, phaseText(phase), null);
    else if (measure === 'elapsed') add(phase, fromMs, toMs, true, phaseText(phase), null);
    else {
      for (const stretch of time.stretches(fromMs, toMs)) {
        add(phase, stretch.fromMs, stretch.toMs, stretch.counts, `${phaseText(phase)}; ${stretch.why}`, stretch.version);
      }
    }
  }
  return {
    clockId: clock.clockId,
    target: clock.target,
    kind: clock.kind,
    policyVersion: clock.policyVersion,
    calendar: clock.calendar,
    allowance: clock.allowance,
    startedAt: iso(clock.startedAtMs),
    dueAt: clock.dueAt,
    breachedAt: clock.breachedAt,
    isMet: clock.isMet,
    isStopped: clock.isStopped,
    unit: measure === 'business-days' ? 'working days' : 'seconds',
    used: inUnits(usedBy(clock, state.phases, time, endMs)),
    allowed: inUnits(quantity),
    intervals: intervals.slice(-MOST_INTERVALS),
  };
};

/** An amount as a person reads it: `2.50 h`, `0.75 working days`. */
const amountText = (amount: number, unit: ExplainedClock['unit']): string =>
  unit === 'working days' ? `${amount.toFixed(2)} working days` : `${((amount * 1_000) / HOUR_MS).toFixed(2)} h`;

/** The explanation as a table that a person reads. */
export const explainedText = (clock: ExplainedClock): string => {
  const head = `${clock.clockId}: ${clock.target} (${clock.policyVersion}${clock.calendar ? `, calendar ${clock.calendar}` : ''}), ${amountText(clock.used, clock.unit)} of ${amountText(clock.allowed, clock.unit)} used`;
  const rows = clock.intervals.map(({ from, to, counted, used, why, event }) => [
    from,
    to ?? 'now',
    counted ? amountText(used, clock.unit) : '–',
    `${why} (event ${event.revision}, ${event.type})`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] as string).length), 0));
  return [head, ...rows.map((row) => `  ${row.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join('  ')}`.trimEnd())].join('\n');
};
