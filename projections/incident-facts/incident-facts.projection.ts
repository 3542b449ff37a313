import { projection, type Recorded, type RecordedOf, type Step } from '#kernel';
import { INCIDENT_STREAM_PREFIX, type IncidentEvent, type IncidentEventType } from '#domain/incident';
import { DAILY_COUNTERS, dailyChanges } from './daily-figures.js';
import { STILL_OPEN, type Assignment, type Downtime, type IncidentFacts, type Moment, type Turn } from './incident-facts.document.js';

type On<Type extends IncidentEventType> = Step<IncidentEvent, Type, IncidentFacts>;

const moment = ({ revision, occurredAt }: Recorded<IncidentEvent>): Moment => ({ revision: Number(revision), at: occurredAt });

const laterOf = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);

/** The index fields follow from the moments: they are set here, and nowhere else. */
const withMoments = (facts: IncidentFacts): IncidentFacts => {
  const lastResolvedAt = facts.lastResolved?.at ?? null;
  const lastClosedAt = facts.lastClosed?.at ?? null;
  return {
    ...facts,
    firstResolvedAt: facts.firstResolved?.at ?? null,
    lastResolvedAt,
    lastClosedAt,
    endedAt: laterOf(lastResolvedAt, lastClosedAt),
  };
};

/** What follows from the turns, and from the assignments, is set with them. */
const withTurns = (facts: IncidentFacts, turns: readonly Turn[]): IncidentFacts => {
  const last = turns.at(-1);
  return { ...facts, turns, openUntil: last && !last.opens ? last.at : STILL_OPEN };
};

const withAssignments = (facts: IncidentFacts, assignments: readonly Assignment[]): IncidentFacts => {
  const known = assignments.filter(({ team }) => team !== null);
  const teamChanges = known.filter(({ team }, n) => n > 0 && team !== known[n - 1]?.team).length;
  return { ...facts, assignments, teamChanges, team: assignments.at(-1)?.team ?? null };
};

const turned = (facts: IncidentFacts, event: Recorded<IncidentEvent>, opens: boolean): IncidentFacts =>
  facts.turns.at(-1)?.opens === opens ? facts : withTurns(facts, [...facts.turns, { ...moment(event), opens }]);

const responded = (facts: IncidentFacts, event: Recorded<IncidentEvent>): IncidentFacts =>
  facts.responded ? facts : { ...facts, responded: moment(event) };

const verdict =
  (breached: boolean) =>
  (facts: IncidentFacts | undefined): IncidentFacts | undefined =>
    facts && { ...facts, serviceLevelKnown: true, breached: facts.breached || breached };

const serviceLevelKnown = verdict(false);
const serviceLevelBreached = verdict(true);

const cancelled: On<'IncidentCancelled' | 'IncidentReclassified'> = (facts, event) => facts && turned(facts, event, false);

const ignored = (facts: IncidentFacts | undefined): IncidentFacts | undefined => facts;

/** A corrected moment moves, wherever it is kept. */
const movedTo = (was: Moment | null, revision: number, at: string): Moment | null => (was?.revision === revision ? { revision, at } : was);

const moved = (facts: IncidentFacts, revision: number, at: string): IncidentFacts => {
  const elsewhen = withMoments({
    ...facts,
    reportedAt: revision === 0 ? at : facts.reportedAt,
    responded: movedTo(facts.responded, revision, at),
    firstResolved: movedTo(facts.firstResolved, revision, at),
    lastResolved: movedTo(facts.lastResolved, revision, at),
    lastClosed: movedTo(facts.lastClosed, revision, at),
  });
  return withTurns(
    elsewhen,
    facts.turns.map((turn) => (turn.revision === revision ? { ...turn, at } : turn)),
  );
};

/** How a corrected fact changes the figures: by the type of the event it belongs to, and its name. What is not here moves no figure. */
const CORRECTIONS: Readonly<Record<string, (facts: IncidentFacts, is: never, revision: number) => IncidentFacts>> = {
  'IncidentReported service': (facts, service: string | null) => ({ ...facts, service }),
  'IncidentReported channel': (facts, channel: string) => ({ ...facts, channel }),
  'IncidentCategorized category': (facts, category: string | null, revision) =>
    revision === facts.categorizedBy ? { ...facts, category } : facts,
  'IncidentPrioritized priority': (facts, priority: string, revision) =>
    revision === facts.prioritizedBy ? { ...facts, priority } : facts,
  'IncidentAssigned team': (facts, team: string | null, revision) =>
    withAssignments(
      facts,
      facts.assignments.map((assignment) => (assignment.revision === revision ? { revision, team } : assignment)),
    ),
  'IncidentResolved downtime': (facts, downtime: Downtime | null, revision) =>
    facts.lastResolved?.revision === revision ? { ...facts, downtime: downtime && { revision, ...downtime } } : facts,
  ...Object.fromEntries(
    (['minutes', 'hourlyRate', 'toolCost'] as const).map((fact) => [
      `WorkLogged ${fact}`,
      (facts: IncidentFacts, is: never, revision: number) => ({
        ...facts,
        work: facts.work.map((work) => (work.revision === revision ? { ...work, [fact]: is } : work)),
      }),
    ]),
  ),
};

const corrected: On<'FactCorrected'> = (facts, { data: { eventRevision, eventType, fact, is } }) => {
  if (!facts) return facts;
  if (fact === 'occurredAt') return moved(facts, eventRevision, is as string);
  return CORRECTIONS[`${eventType} ${fact}`]?.(facts, is as never, eventRevision) ?? facts;
};

const reported = ({ data, occurredAt, revision }: RecordedOf<IncidentEvent, 'IncidentReported'>): IncidentFacts => ({
  incidentId: data.incidentId,
  reportedAt: occurredAt,
  responded: null,
  firstResolved: null,
  lastResolved: null,
  lastClosed: null,
  firstResolvedAt: null,
  lastResolvedAt: null,
  lastClosedAt: null,
  endedAt: null,
  turns: [{ revision: Number(revision), at: occurredAt, opens: true }],
  openUntil: STILL_OPEN,
  reopenings: 0,
  escalations: 0,
  assignments: [],
  teamChanges: 0,
  serviceLevelKnown: data.serviceLevelImported === true,
  breached: false,
  work: [],
  downtime: null,
  priority: null,
  category: null,
  prioritizedBy: -1,
  categorizedBy: -1,
  team: null,
  service: data.service ?? null,
  channel: data.channel,
});

/**
 * The facts that every figure is computed from: one document an incident, and, as outputs, the daily figures that its changes move
 * (daily-figures.ts). What a figure means stands in kpi-definitions.ts; both are derived from that one table.
 */
export const incidentFacts = projection<IncidentEvent, IncidentFacts>({
  name: 'incident-facts',
  version: 1,
  streamPrefixes: [INCIDENT_STREAM_PREFIX],
  key: ({ data }) => data.incidentId,
  on: {
    IncidentReported: (facts, event) => facts ?? reported(event),
    IncidentCategorized: (facts, { data, revision }) => facts && { ...facts, category: data.category, categorizedBy: Number(revision) },
    IncidentPrioritized: (facts, { data, revision }) => facts && { ...facts, priority: data.priority, prioritizedBy: Number(revision) },
    IncidentAcknowledged: (facts, event) => facts && responded(facts, event),
    IncidentAssigned: (facts, { data: { team }, revision }) =>
      facts && withAssignments(facts, [...facts.assignments, { revision: Number(revision), team }]),
    IncidentEscalated: (facts) => facts && { ...facts, escalations: facts.escalations + 1 },
    IncidentPutOnHold: (facts, event) => facts && responded(facts, event),
    IncidentResumed: ignored,
    IncidentResolved: (facts, event) => {
      if (!facts) return facts;
      const now = moment(event);
      const { downtime } = event.data;
      const resolved = withMoments({ ...facts, firstResolved: facts.firstResolved ?? now, lastResolved: now });
      return responded(
        turned({ ...resolved, downtime: downtime ? { revision: now.revision, ...downtime } : facts.downtime }, event, false),
        event,
      );
    },
    ResolutionConfirmed: ignored,
    IncidentClosed: (facts, event) => facts && responded(turned(withMoments({ ...facts, lastClosed: moment(event) }), event, false), event),
    IncidentReopened: (facts, event) => facts && turned({ ...facts, reopenings: facts.reopenings + 1 }, event, true),
    IncidentCancelled: cancelled,
    IncidentReclassified: cancelled,
    WorkLogged: (facts, { data: { minutes, hourlyRate = null, toolCost = null }, revision }) =>
      facts && { ...facts, work: [...facts.work, { revision: Number(revision), minutes, hourlyRate, toolCost }] },
    FactCorrected: corrected,
    SlaStarted: serviceLevelKnown,
    SlaRescheduled: ignored,
    SlaStopped: ignored,
    SlaWarned: serviceLevelKnown,
    SlaMet: serviceLevelKnown,
    AssignmentDeferred: ignored,
    EscalationStarted: ignored,
    EscalationStepTaken: ignored,
    EscalationStopped: ignored,
    MajorIncidentProposed: ignored,
    ClosureScheduled: ignored,
    SlaBreached: serviceLevelBreached,
    NoteAdded: ignored,
    FileAttached: ignored,
    DiagnosisRecorded: ignored,
    WorkaroundApplied: ignored,
    MajorIncidentDeclared: ignored,
    MajorIncidentStoodDown: ignored,
    StakeholderUpdatePosted: ignored,
    IncidentLinked: ignored,
    IncidentUnlinked: ignored,
  },
  outputs: dailyChanges,
  documents: 'incident_facts',
  collections: {
    incident_facts: [
      { fields: { reportedAt: 1 } },
      { fields: { firstResolvedAt: 1 } },
      { fields: { lastResolvedAt: 1 } },
      { fields: { lastClosedAt: 1 } },
      { fields: { endedAt: 1 } },
      { fields: { openUntil: 1 } },
    ],
    daily_figures: [{ fields: { day: 1 } }],
  },
  counters: { daily_figures: DAILY_COUNTERS },
});
