import { asIfRecorded, canonicalJson, happened, type Decided } from '#kernel';
import { timeBy, type WorkingTimes } from '#domain/calendars';
import { MINUTE_MS } from '#domain/local-time';
import {
  applyingPolicies,
  holds,
  SLA_KINDS,
  SLA_TARGETS,
  traitsOf,
  type Applying,
  type IncidentEvent,
  type IncidentTraits,
  type Policies,
  type SlaKind,
  type SlaReschedule,
  type SlaTarget,
} from '#domain/incident';
import { currentPhase, evolveClocks, isPending, type Clock, type IncidentClocks } from './incident-clocks.js';
import type { ServiceLevelPolicy } from './policy.js';
import { asIfRunning, usedUpAt } from './timing.js';

/** What a judgement looks up: the policies and calendars of the site, and who belongs to which groups. */
export type ServiceLevelCircumstances = Readonly<{
  policies: Policies<ServiceLevelPolicy>;
  workingTime: WorkingTimes;
  groupsOf: (person: string) => readonly string[];
}>;

/** What is promised about one target, by whom. */
type Promised = Pick<Clock, 'policyVersion' | 'entry' | 'allowance' | 'calendar' | 'pausesOn' | 'warnAt'>;

const iso = (ms: number): string => new Date(ms).toISOString();

/** The policy of a kind that applies, and which of its entries does, from 1; `undefined` where none does. */
export const serviceLevelFor = (
  policies: Policies<ServiceLevelPolicy>,
  kind: SlaKind,
  traits: IncidentTraits,
  instant: string,
): (Applying<ServiceLevelPolicy> & Readonly<{ entry: number }>) | undefined => {
  const applying = applyingPolicies(policies, traits, instant).find(({ policy }) => policy.kind === kind);
  const entry = applying?.policy.entries.findIndex(({ when }) => holds(when, traits)) ?? -1;
  return applying && entry >= 0 ? { ...applying, entry: entry + 1 } : undefined;
};

/** What is promised about an incident now, by kind and target. */
const promisesOf = (state: IncidentClocks, circumstances: ServiceLevelCircumstances, nowMs: number): Map<string, Promised> => {
  const traits = traitsOf(state, circumstances.groupsOf);
  const promised = new Map<string, Promised>();
  for (const kind of SLA_KINDS) {
    const found = serviceLevelFor(circumstances.policies, kind, traits, iso(nowMs));
    if (!found) continue;
    const { name, policy, entry } = found;
    const { calendar, pausesOn, warnAt } = policy;
    for (const [target, allowance] of Object.entries(policy.entries[entry - 1]?.targets ?? {})) {
      promised.set(`${kind} ${target}`, { policyVersion: name, entry, allowance, calendar, pausesOn, warnAt });
    }
  }
  // who said when the next update comes has promised it, whatever a policy says
  const { updated } = state;
  if (updated && updated.promisedAtMs !== null && updated.atMs >= openedAt(state)) {
    const amount = Math.max(1, Math.ceil((updated.promisedAtMs - updated.atMs) / MINUTE_MS));
    const base = promised.get('sla update');
    promised.set('sla update', {
      policyVersion: 'promise',
      entry: 0,
      allowance: { amount, unit: 'elapsed-minutes' },
      calendar: null,
      pausesOn: [],
      warnAt: base?.warnAt ?? [],
    });
  }
  return promised;
};

type Verdict = Decided<IncidentEvent>;
const at = (event: IncidentEvent, ms: number): Verdict => ({ event, occurredAt: iso(ms) });

/** When a clock has nothing more to wait for; `undefined`: it goes on. */
const endOf = ({ target, ended }: Clock, state: IncidentClocks): number | undefined => {
  if (target !== 'resolution') return ended?.atMs;
  const phase = currentPhase(state);
  return phase.kind === 'resolved' || phase.kind === 'closed' ? endedAt(state) : undefined;
};

/** When it ended, of an incident that has: resolved and then closed, it ended when it was resolved. */
const endedAt = ({ phases }: IncidentClocks): number => {
  let first = phases.length - 1;
  while (first > 0 && ['resolved', 'closed'].includes(phases[first - 1]?.kind ?? '')) first--;
  return phases[first]?.atMs as number;
};

const RESCHEDULES: Readonly<Record<string, SlaReschedule>> = {
  IncidentResumed: 'resumed',
  IncidentAcknowledged: 'resumed',
  IncidentReopened: 'reopened',
  IncidentPutOnHold: 'resumed',
};

/** Why a clock is due at another instant than it was scheduled for. */
const becauseOf = (clock: Clock, state: IncidentClocks): SlaReschedule => {
  if (clock.dueAt !== null) return 'calendar-changed';
  return RESCHEDULES[currentPhase(state).type] ?? 'fact-corrected';
};

/** What is due of one clock: warnings, a verdict, or another schedule. */
function* dueOf(clock: Clock, state: IncidentClocks, circumstances: ServiceLevelCircumstances, nowMs: number): Generator<Verdict> {
  const { incidentId, phases } = state;
  const { clockId, kind, target, policyVersion } = clock;
  const time = timeBy(circumstances.workingTime, clock.calendar);
  const endMs = endOf(clock, state);
  const isCancelled = currentPhase(state).kind === 'cancelled';
  const judgedMs = Math.min(endMs ?? nowMs, isCancelled ? currentPhase(state).atMs : nowMs, nowMs);

  const exhausted = usedUpAt(clock, phases, time);
  const due = exhausted ?? usedUpAt(clock, asIfRunning(clock, phases), time);
  const dueAt = due === undefined ? null : iso(due);
  const about = { incidentId, clockId, kind, target, policyVersion, dueAt };

  const instants = clock.warnAt
    .filter((share) => !clock.warned.includes(share))
    .map((share) => ({ share, ms: usedUpAt(clock, phases, time, share) }));
  for (const { share, ms } of instants) {
    if (ms !== undefined && ms <= judgedMs) yield at({ type: 'SlaWarned', data: { ...about, share } }, ms);
  }

  const isLate = exhausted !== undefined && exhausted <= nowMs && (endMs === undefined ? exhausted <= judgedMs : exhausted < endMs);
  if (isLate) {
    yield at({ type: 'SlaBreached', data: about }, exhausted);
    return;
  }
  if (isCancelled) {
    yield at({ type: 'SlaStopped', data: { incidentId, clockId, target, policyVersion, why: 'cancelled' } }, currentPhase(state).atMs);
    return;
  }
  if (endMs !== undefined) {
    yield at({ type: 'SlaMet', data: about }, endMs);
    return;
  }
  const schedule = {
    dueAt: exhausted === undefined ? null : iso(exhausted),
    warnings: instants.flatMap(({ share, ms }) => (ms !== undefined && ms > nowMs ? [{ share, at: iso(ms) }] : [])),
  };
  const scheduled = {
    dueAt: clock.dueAt,
    warnings: clock.warnings.filter(({ share, at: instant }) => !clock.warned.includes(share) && instant > iso(nowMs)),
  };
  if (canonicalJson(schedule) !== canonicalJson(scheduled)) {
    yield at(
      { type: 'SlaRescheduled', data: { incidentId, clockId, target, policyVersion, because: becauseOf(clock, state), ...schedule } },
      nowMs,
    );
  }
}

const isSameTerms = (clock: Clock, { allowance, calendar, pausesOn }: Promised): boolean =>
  canonicalJson([clock.allowance, clock.calendar, clock.pausesOn]) === canonicalJson([allowance, calendar, pausesOn]);

/** The clock of a kind and target that was started last and is not stopped. */
const latestOf = ({ clocks }: IncidentClocks, kind: SlaKind, target: SlaTarget): Clock | undefined =>
  clocks.findLast((clock) => clock.kind === kind && clock.target === target && !clock.isStopped);

/** When it was opened last: reported, or reopened. */
const openedAt = ({ reported, phases }: IncidentClocks): number =>
  phases.findLast((phase, n) => phase.kind === 'open' && ['resolved', 'closed'].includes(phases[n - 1]?.kind ?? ''))?.atMs ?? reported.atMs;

/** When a new clock of a target begins to count. The next update is counted from the last one, or from when the incident was opened. */
const startOf = (target: SlaTarget, state: IncidentClocks): number =>
  target === 'update' ? Math.max(openedAt(state), state.updated?.atMs ?? -Infinity) : state.reported.atMs;

/** Whether a new clock is to be started beside, or instead of, the one there is. */
const isWanted = (target: SlaTarget, latest: Clock | undefined, promised: Promised, state: IncidentClocks): boolean => {
  switch (target) {
    case 'response':
      // the first response is given once, and judged once
      return state.responded === null && (latest === undefined || (isPending(latest) && !isSameTerms(latest, promised)));
    case 'update':
      return latest === undefined || latest.startedAtMs < startOf(target, state) || (isPending(latest) && !isSameTerms(latest, promised));
    case 'resolution':
      return latest === undefined || !isSameTerms(latest, promised);
    default:
      return target satisfies never;
  }
};

/** Clocks to start, and those whose place they take. */
function* startsOf(state: IncidentClocks, circumstances: ServiceLevelCircumstances, nowMs: number): Generator<Verdict> {
  const phase = currentPhase(state);
  if (phase.kind !== 'open' && phase.kind !== 'hold') return;
  const promises = promisesOf(state, circumstances, nowMs);

  for (const kind of SLA_KINDS) {
    for (const target of SLA_TARGETS) {
      const latest = latestOf(state, kind, target);
      const promised = promises.get(`${kind} ${target}`);
      const isNeeded = promised !== undefined && isWanted(target, latest, promised, state);
      if (latest && isPending(latest) && (isNeeded || promised === undefined)) {
        const { clockId, policyVersion } = latest;
        yield at({ type: 'SlaStopped', data: { incidentId: state.incidentId, clockId, target, policyVersion, why: 'superseded' } }, nowMs);
      }
      if (!isNeeded) continue;

      const { warnAt, ...terms } = promised;
      const startedAtMs = startOf(target, state);
      const time = timeBy(circumstances.workingTime, terms.calendar);
      const instant = (share: number) => usedUpAt({ ...terms, startedAtMs }, state.phases, time, share);
      const due = instant(100);
      const ordinal = state.clocks.filter((clock) => clock.kind === kind && clock.target === target).length + 1;
      const isFirst = ordinal === 1;
      yield at(
        {
          type: 'SlaStarted',
          data: {
            incidentId: state.incidentId,
            clockId: `${kind}-${target}-${ordinal}`,
            kind,
            target,
            ...terms,
            warnAt,
            startedAt: iso(startedAtMs),
            dueAt: due === undefined ? null : iso(due),
            warnings: warnAt.flatMap((share) => {
              const ms = instant(share);
              return ms === undefined ? [] : [{ share, at: iso(ms) }];
            }),
          },
        },
        isFirst ? startedAtMs : nowMs,
      );
    }
  }
}

/** A judgement settles in a few steps: what ended, what starts, what of that is late already. More would be a rule that contradicts itself. */
const MOST_STEPS = 6;

/**
 * What the service levels have to say of an incident now: clocks to start, to schedule anew, to stop; warnings and verdicts, each at the instant
 * at which it happened. Pure, and settled: asked again at the same instant with what it answered, it has nothing to add.
 *
 * - A clock starts with the report, even when the policy or the priority comes later, and counts only while the incident is open, or on
 *   hold for a reason that does not pause it. Pauses are the incident's, so that another policy's clock knows them too.
 * - A target is met at its last instant, and breached behind it.
 * - Resolved time never counts; reopened, the resolution's clock goes on where it stood.
 *
 * Costs a few passes over the phases of the incident for each of its clocks, and the days that they span.
 */
export const judgeServiceLevels = (
  state: IncidentClocks | undefined,
  circumstances: ServiceLevelCircumstances,
  nowMs: number,
): Verdict[] => {
  if (!state || state.isImported) return [];
  const all: Verdict[] = [];
  let current: IncidentClocks = state;
  for (let step = 0; step < MOST_STEPS; step++) {
    const verdicts = current.clocks.filter(isPending).flatMap((clock) => [...dueOf(clock, current, circumstances, nowMs)]);
    if (verdicts.length === 0) verdicts.push(...startsOf(current, circumstances, nowMs));
    if (verdicts.length === 0) return all;
    for (const verdict of verdicts) current = evolveClocks(current, asIfRecorded(verdict, iso(nowMs))) as IncidentClocks;
    all.push(...verdicts);
  }
  throw new Error(
    `The service levels of ${state.incidentId} do not settle: ${all.map((verdict) => happened(verdict, iso(nowMs)).event.type).join(', ')}`,
  );
};
