import type { Decided, Decider, Recorded } from '#kernel';
import { evolveAssignment, judgeAssignment, teamConcerned, type IncidentAssignment, type Workload } from '#process-managers/assignment';
import { evolveClosure, judgeClosure, type IncidentClosure } from '#process-managers/closure';
import { evolveEscalations, judgeEscalations, type IncidentEscalations } from '#process-managers/escalation';
import { evolveHold, judgeHold, type IncidentHold } from '#process-managers/holds';
import type { IncidentEvent } from '#domain/incident';
import { evolveGravity, judgeGravity, type IncidentGravity } from '#process-managers/major-incidents';
import { evolveClocks, judgeServiceLevels, type IncidentClocks } from '#process-managers/service-levels';
import type { Circumstances } from '#domain/definitions';

/** What all judges remember of one incident. */
export type Judged = Readonly<{
  hold: IncidentHold | undefined;
  clocks: IncidentClocks | undefined;
  escalations: IncidentEscalations | undefined;
  assignment: IncidentAssignment | undefined;
  closure: IncidentClosure | undefined;
  gravity: IncidentGravity | undefined;
}>;

const evolve = ({ hold, clocks, escalations, assignment, closure, gravity }: Judged, event: Recorded<IncidentEvent>): Judged => ({
  hold: evolveHold(hold, event),
  clocks: evolveClocks(clocks, event),
  escalations: evolveEscalations(escalations, event),
  assignment: evolveAssignment(assignment, event),
  closure: evolveClosure(closure, event),
  gravity: evolveGravity(gravity, event),
});

/** An incident as the judges see it. They read what recorded events carry, so it folds nothing else. */
export const judgedDecider = {
  initialState: {
    hold: undefined,
    clocks: undefined,
    escalations: undefined,
    assignment: undefined,
    closure: undefined,
    gravity: undefined,
  },
  evolve,
} as Decider<Judged, IncidentEvent>;

type Verdict = Decided<IncidentEvent>;

/** Judges answer each other: a breach sets an escalation going. They have done so after a few rounds, or a rule contradicts another. */
const MOST_ROUNDS = 20;

const asRecorded = (verdict: Verdict, nowMs: number): Recorded<IncidentEvent> => {
  const { event, occurredAt } = 'event' in verdict ? verdict : { event: verdict, occurredAt: new Date(nowMs).toISOString() };
  return { ...event, occurredAt, revision: -1n } as unknown as Recorded<IncidentEvent>;
};

/** What the first judge who has something to say says. They speak one at a time: an incident that is closed escalates no further. */
const firstWord = (judged: Judged, circumstances: Circumstances, workload: Workload | undefined, nowMs: number): readonly Verdict[] => {
  const judges = [
    () => judgeHold(judged.hold, nowMs),
    () => judgeClosure(judged.closure, circumstances.closure, nowMs),
    () => judgeServiceLevels(judged.clocks, circumstances.serviceLevels, nowMs),
    // an incident belongs to somebody before it is escalated to others, however late that is found out
    () => judgeAssignment(judged.assignment, { ...circumstances.assignment, workload }, nowMs),
    () => judgeEscalations(judged.escalations, circumstances.escalation, nowMs),
    () => judgeGravity(judged.gravity, circumstances.gravity, nowMs),
  ];
  for (const judge of judges) {
    const said = judge();
    if (said.length > 0) return said;
  }
  return [];
};

/**
 * All that is due of an incident now, each judge having heard what the others said. Settled: asked again at the same instant with what it
 * answered, it has nothing to add.
 * @param workloadOf what the members of a team hold; asked for only where one of them is to be chosen
 */
export const judgeAll = async (
  judged: Judged,
  circumstances: Circumstances,
  nowMs: number,
  workloadOf: (team: string) => Promise<Workload | undefined>,
): Promise<readonly Verdict[]> => {
  const all: Verdict[] = [];
  let current = judged;
  let workload: Workload | undefined;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const team = teamConcerned(current.assignment, circumstances.assignment, nowMs);
    if (team !== null && team !== workload?.team) workload = await workloadOf(team);
    const said = firstWord(current, circumstances, workload, nowMs);
    if (said.length === 0) return all;
    for (const verdict of said) current = evolve(current, asRecorded(verdict, nowMs));
    all.push(...said);
  }
  throw new Error(`What time does to ${judged.hold?.incidentId} does not settle`);
};
