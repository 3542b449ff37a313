import { asIfRecorded, versionAt, type Decided } from '#kernel';
import { measured, timeBy, type Allowance, type WorkingTimes } from '#domain/calendars';
import {
  applyingPolicies,
  policyIdOf,
  traitsOf,
  type Applying,
  type EscalationStop,
  type EscalationTrigger,
  type IncidentEvent,
  type Policies,
} from '#domain/incident';
import { evolveEscalations, isRunning, type EscalationRun, type IncidentEscalations } from './incident-escalations.js';
import type { EscalationPolicy, EscalationTarget } from './policy.js';

/** What a judgement looks up: policies and calendars of the site, and who is who at an instant. */
export type EscalationCircumstances = Readonly<{
  policies: Policies<EscalationPolicy>;
  workingTime: WorkingTimes;
  groupsOf: (person: string) => readonly string[];
  /** Who is on call by a schedule at an instant; `null` in a gap. */
  onCall: (schedule: string, instant: string) => string | null;
  /** A person's manager; `null` where there is none. */
  managerOf: (person: string) => string | null;
}>;

type Verdict = Decided<IncidentEvent>;
const at = (event: IncidentEvent, instant: string): Verdict => ({ event, occurredAt: instant });

/** Something that sets a policy going: what it is about, why, and since when. */
type Cause = Readonly<{ trigger: EscalationTrigger; subject: string; at: string; because: string }>;

/** What there is to set policies going. One run of a policy is for each subject. */
const causesOf = (state: IncidentEscalations): Cause[] => {
  const { opened, rated, declaredMajorAt, words, isWaiting } = state;
  const opening = `opening ${opened.revision}`;
  const later = (instant: string) => (instant > opened.at ? instant : opened.at);
  return [
    ...(isWaiting
      ? [{ trigger: 'not-acknowledged' as const, subject: opening, at: opened.at, because: 'Nobody has acknowledged it' }]
      : []),
    ...(rated ? [{ trigger: 'priority' as const, subject: opening, at: later(rated.at), because: rated.sentence }] : []),
    ...(declaredMajorAt === null
      ? []
      : [
          { trigger: 'major-incident' as const, subject: opening, at: later(declaredMajorAt), because: 'It was declared a major incident' },
        ]),
    ...words.map(({ trigger, clock, at: since, sentence }) => ({ trigger, subject: clock, at: since, because: sentence })),
  ];
};

/** When a wait that began at an instant is over; `null`: never by the calendar. */
const dueAfter = (policy: EscalationPolicy, wait: Allowance | null | undefined, since: string, circumstances: EscalationCircumstances) => {
  if (!wait) return null;
  const { measure, quantity } = measured(wait);
  const due = timeBy(circumstances.workingTime, policy.calendar).after(measure, Date.parse(since), quantity);
  return due === undefined ? null : new Date(due).toISOString();
};

/** Whom a target is at an instant; `null`: nobody. A team is not a person: who of it takes the incident is assigned. */
const personBehind = ({ kind, id }: EscalationTarget, instant: string, { onCall, managerOf }: EscalationCircumstances): string | null => {
  switch (kind) {
    case 'person':
      return id;
    case 'schedule':
      return onCall(id, instant);
    case 'manager':
      return managerOf(id);
    case 'team':
      return null;
    default:
      return kind satisfies never;
  }
};

const stepsTakenOf = ({ work: { diagnosis, workaround } }: IncidentEscalations): string | undefined => {
  const parts = [diagnosis && `Diagnosis: ${diagnosis}`, workaround && `Workaround: ${workaround}`].filter((part) => part !== null);
  return parts.length > 0 ? parts.join('\n') : undefined;
};

/** The facts that follow from turning to a team (it takes the incident over) or to a manager (who is asked to decide). */
function* handedOver(
  state: IncidentEscalations,
  { name, policy }: Applying<EscalationPolicy>,
  targets: readonly (EscalationTarget & { person: string | null })[],
  instant: string,
): Generator<Verdict> {
  const { incidentId, team } = state;
  const reason = `${policy.name} (${name})`;
  for (const { kind, id, person } of targets) {
    if (kind === 'manager' && person !== null) {
      yield at({ type: 'IncidentEscalated', data: { incidentId, kind: 'hierarchical', from: team, to: person, reason } }, instant);
    }
    if (kind !== 'team' || id === team) continue;
    const stepsTaken = stepsTakenOf(state);
    const { evidence } = state.work;
    const travelling = { ...(stepsTaken !== undefined && { stepsTaken }), ...(evidence.length > 0 && { evidence }) };
    yield at({ type: 'IncidentEscalated', data: { incidentId, kind: 'functional', from: team, to: id, reason, ...travelling } }, instant);
    yield at({ type: 'IncidentAssigned', data: { incidentId, team: id, agent: null, why: 'escalation' } }, instant);
  }
}

const stop = (
  { incidentId }: IncidentEscalations,
  { runId, policyVersion }: EscalationRun,
  why: EscalationStop,
  instant: string,
): Verdict => at({ type: 'EscalationStopped', data: { incidentId, runId, policyVersion, why } }, instant);

/** The version of a policy that a run was started by; a run goes by it to its end, while the policy is in use at all. */
const policyOf = (run: EscalationRun, policies: Policies<EscalationPolicy>): Applying<EscalationPolicy> | undefined => {
  const id = policyIdOf(run.policyVersion);
  const found = policies.get(id)?.versions.find(({ version }) => `${id}@${version}` === run.policyVersion);
  return found && { id, version: found.version, name: run.policyVersion, policy: found.definition };
};

/** What is due of one run: to stop it, or its next step. */
function* dueOf(run: EscalationRun, state: IncidentEscalations, circumstances: EscalationCircumstances, now: string): Generator<Verdict> {
  if (!state.isOpen) return yield stop(state, run, 'ended', now);
  // whoever acknowledged, put on hold or resumed it answered what waited for an answer
  if (run.trigger === 'not-acknowledged' && !state.isWaiting) return yield stop(state, run, 'acknowledged', now);

  const dated = circumstances.policies.get(policyIdOf(run.policyVersion));
  const applying = policyOf(run, circumstances.policies);
  if (!dated || !applying || !versionAt(dated, now)) return yield stop(state, run, 'policy-retired', now);
  if (run.nextStepAt === null) return yield stop(state, run, 'exhausted', now);
  if (run.nextStepAt > now) return;

  const { policy } = applying;
  const instant = run.nextStepAt;
  const isNewRound = run.step === 0 || run.step === policy.steps.length;
  const [round, step] = isNewRound ? [run.round + 1, 1] : [run.round, run.step + 1];
  const isLast = step === policy.steps.length && round > policy.repeats;
  const targets = (policy.steps[step - 1]?.targets ?? []).map((target) => ({
    ...target,
    person: personBehind(target, instant, circumstances),
  }));
  const wait = step === policy.steps.length ? policy.repeatAfter : policy.steps[step]?.wait;
  const nextStepAt = isLast ? null : dueAfter(policy, wait, instant, circumstances);
  yield at(
    {
      type: 'EscalationStepTaken',
      data: { incidentId: state.incidentId, runId: run.runId, policyVersion: run.policyVersion, round, step, targets, nextStepAt },
    },
    instant,
  );
  yield* handedOver(state, applying, targets, instant);
}

/** Policies that are set going: each once for each subject. */
function* startsOf(state: IncidentEscalations, circumstances: EscalationCircumstances, now: string): Generator<Verdict> {
  if (!state.isOpen) return;
  const traits = traitsOf(state, circumstances.groupsOf);
  for (const applying of applyingPolicies(circumstances.policies, traits, now)) {
    const { id, name, policy } = applying;
    const runs = state.runs.filter(({ policyVersion }) => policyIdOf(policyVersion) === id);
    for (const cause of causesOf(state)) {
      const hasRun = runs.some(({ trigger, subject }) => trigger === cause.trigger && subject === cause.subject);
      // one run of a policy at a time: who is being turned to need not be turned to twice
      if (hasRun || runs.some(isRunning) || !policy.triggers.includes(cause.trigger)) continue;
      const nextStepAt = dueAfter(policy, policy.steps[0]?.wait, cause.at, circumstances);
      if (nextStepAt === null) continue;
      const { trigger, subject, because } = cause;
      const data = {
        incidentId: state.incidentId,
        runId: `${id}-${runs.length + 1}`,
        policyVersion: name,
        trigger,
        subject,
        because,
        nextStepAt,
      };
      yield at({ type: 'EscalationStarted', data }, cause.at);
      break;
    }
  }
}

/** More steps than any policy has in all of its rounds: a judgement that needs them does not settle. */
const MOST_STEPS = 500;

/**
 * What escalation has to say of an incident now: policies set going, steps that are due (each at the instant at which it was), and runs that
 * stop because somebody answered, the incident ended, the policy is out of use, or its rounds are over. Pure, and settled: asked again at the
 * same instant with what it answered, it has nothing to add. A policy that is retired stops escalating, whatever was under way.
 */
export const judgeEscalations = (
  state: IncidentEscalations | undefined,
  circumstances: EscalationCircumstances,
  nowMs: number,
): Verdict[] => {
  if (!state || state.isImported) return [];
  const now = new Date(nowMs).toISOString();
  const all: Verdict[] = [];
  let current: IncidentEscalations = state;
  for (let step = 0; step < MOST_STEPS; step++) {
    const verdicts = current.runs.filter(isRunning).flatMap((run) => [...dueOf(run, current, circumstances, now)]);
    if (verdicts.length === 0) verdicts.push(...startsOf(current, circumstances, now));
    if (verdicts.length === 0) return all;
    for (const verdict of verdicts) current = evolveEscalations(current, asIfRecorded(verdict, now)) as IncidentEscalations;
    all.push(...verdicts);
  }
  throw new Error(`The escalations of ${state.incidentId} do not settle`);
};
