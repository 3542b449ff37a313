import type { Decided, Recorded } from '#kernel';
import { evolveClosure, judgeClosure, type IncidentClosure } from '#closure';
import { evolveEscalations, judgeEscalations, type IncidentEscalations } from '#escalation';
import type { IncidentEvent } from '#incident';
import { evolveGravity, judgeGravity, type IncidentGravity } from '#major-incidents';
import { evolveClocks, judgeServiceLevels, type IncidentClocks } from '#service-levels';
import type { Circumstances } from './circumstances.js';

/** What all judges remember of one incident. */
export type Judged = Readonly<{
  clocks: IncidentClocks | undefined;
  escalations: IncidentEscalations | undefined;
  closure: IncidentClosure | undefined;
  gravity: IncidentGravity | undefined;
}>;

export const UNJUDGED: Judged = { clocks: undefined, escalations: undefined, closure: undefined, gravity: undefined };

export const evolveJudged = ({ clocks, escalations, closure, gravity }: Judged, event: Recorded<IncidentEvent>): Judged => ({
  clocks: evolveClocks(clocks, event),
  escalations: evolveEscalations(escalations, event),
  closure: evolveClosure(closure, event),
  gravity: evolveGravity(gravity, event),
});

/** Judges answer each other: a breach sets an escalation going. They have done so after a few rounds, or a rule contradicts another. */
const MOST_ROUNDS = 10;

const asRecorded = (decided: Decided<IncidentEvent>, nowMs: number): Recorded<IncidentEvent> => {
  const { event, occurredAt } = 'event' in decided ? decided : { event: decided, occurredAt: new Date(nowMs).toISOString() };
  return { ...event, occurredAt, revision: -1n } as unknown as Recorded<IncidentEvent>;
};

/**
 * All that is due of an incident now, each judge having heard what the others said. Settled: asked again at the same instant with what it
 * answered, it has nothing to add.
 */
export const judgeAll = (judged: Judged, circumstances: Circumstances, nowMs: number): Decided<IncidentEvent>[] => {
  const all: Decided<IncidentEvent>[] = [];
  let current = judged;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const said = [
      ...judgeServiceLevels(current.clocks, circumstances.serviceLevels, nowMs),
      ...judgeEscalations(current.escalations, circumstances.escalation, nowMs),
      ...judgeClosure(current.closure, circumstances.closure, nowMs),
      ...judgeGravity(current.gravity, circumstances.gravity, nowMs),
    ];
    if (said.length === 0) return all;
    // the others judge what has become of it: an incident that is closed escalates no further
    const first = said[0] as Decided<IncidentEvent>;
    const together = said.filter((decided) => judgeOf(decided) === judgeOf(first));
    for (const decided of together) current = evolveJudged(current, asRecorded(decided, nowMs));
    all.push(...together);
  }
  throw new Error(`What time does to ${judged.clocks?.incidentId} does not settle`);
};

/** Whose word an event is: judges speak one at a time. */
const judgeOf = (decided: Decided<IncidentEvent>): string => {
  const { type } = 'event' in decided ? decided.event : decided;
  if (type.startsWith('Sla')) return 'service levels';
  if (type === 'ClosureScheduled' || type === 'IncidentClosed') return 'closure';
  return type === 'MajorIncidentProposed' ? 'gravity' : 'escalation';
};
