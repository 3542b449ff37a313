import { projection, type Recorded, type RecordedOf, type Step } from '#kernel';
import { INCIDENT_STREAM_PREFIX, type IncidentEvent, type IncidentEventType } from '#incident';
import { dailyChanges } from './daily-figures.js';
import { STILL_OPEN, type IncidentFacts, type Moment } from './incident-facts.document.js';

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

const ended = (facts: IncidentFacts, at: string): IncidentFacts => {
  const last = facts.openSpans.at(-1);
  if (!last || last.until !== null) return facts;
  return { ...facts, openSpans: [...facts.openSpans.slice(0, -1), { from: last.from, until: at }], openUntil: at };
};

const opened = (facts: IncidentFacts, at: string): IncidentFacts =>
  facts.openUntil === STILL_OPEN ? facts : { ...facts, openSpans: [...facts.openSpans, { from: at, until: null }], openUntil: STILL_OPEN };

const responded = (facts: IncidentFacts, event: Recorded<IncidentEvent>): IncidentFacts =>
  facts.responded ? facts : { ...facts, responded: moment(event) };

const verdict =
  (breached: boolean) =>
  (facts: IncidentFacts | undefined): IncidentFacts | undefined =>
    facts && { ...facts, serviceLevelKnown: true, breached: facts.breached || breached };

const serviceLevelMet = verdict(false);
const serviceLevelBreached = verdict(true);

const cancelled: On<'IncidentCancelled' | 'IncidentReclassified'> = (facts, event) => facts && ended(facts, event.occurredAt);

const ignored = (facts: IncidentFacts | undefined): IncidentFacts | undefined => facts;

/** A corrected moment moves; what was recorded about the same event elsewhere moves with it. */
const movedTo = (was: Moment | null, revision: number, at: string): Moment | null => (was?.revision === revision ? { revision, at } : was);

const withReportedAt = (facts: IncidentFacts, reportedAt: string): IncidentFacts => {
  const [first, ...rest] = facts.openSpans;
  return { ...facts, reportedAt, openSpans: first ? [{ ...first, from: reportedAt }, ...rest] : [] };
};

const corrected: On<'FactCorrected'> = (facts, { data }) => {
  if (!facts) return facts;
  const { eventRevision: revision, eventType, fact, is } = data;
  if (fact === 'occurredAt' && typeof is === 'string') {
    const moved = eventType === 'IncidentReported' ? withReportedAt(facts, is) : facts;
    return withMoments({
      ...moved,
      responded: movedTo(facts.responded, revision, is),
      firstResolved: movedTo(facts.firstResolved, revision, is),
      lastResolved: movedTo(facts.lastResolved, revision, is),
      lastClosed: movedTo(facts.lastClosed, revision, is),
    });
  }
  if (eventType === 'IncidentReported' && fact === 'service') return { ...facts, service: (is as string | null) ?? null };
  if (eventType === 'IncidentReported' && fact === 'channel') return { ...facts, channel: is as string };
  if (fact === 'category' && revision === facts.categorizedBy) return { ...facts, category: (is as string | null) ?? null };
  if (eventType === 'WorkLogged' && fact === 'minutes') {
    return { ...facts, work: facts.work.map((work) => (work.revision === revision ? { ...work, minutes: is as number } : work)) };
  }
  return facts;
};

const reported = ({ data, occurredAt }: RecordedOf<IncidentEvent, 'IncidentReported'>): IncidentFacts => ({
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
  openSpans: [{ from: occurredAt, until: null }],
  openUntil: STILL_OPEN,
  reopenings: 0,
  escalations: 0,
  teamChanges: 0,
  lastKnownTeam: null,
  serviceLevelKnown: data.serviceLevelImported === true,
  breached: false,
  work: [],
  toolCosts: [],
  downtimeCost: null,
  priority: null,
  category: null,
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
    IncidentPrioritized: (facts, { data }) => facts && { ...facts, priority: data.priority },
    IncidentAcknowledged: (facts, event) => facts && responded(facts, event),
    IncidentAssigned: (facts, { data: { team } }) => {
      if (!facts || team === null) return facts && { ...facts, team };
      const moved = facts.lastKnownTeam !== null && facts.lastKnownTeam !== team;
      return { ...facts, team, lastKnownTeam: team, teamChanges: facts.teamChanges + (moved ? 1 : 0) };
    },
    IncidentEscalated: (facts) => facts && { ...facts, escalations: facts.escalations + 1 },
    IncidentPutOnHold: (facts, event) => facts && responded(facts, event),
    IncidentResumed: ignored,
    IncidentResolved: (facts, event) => {
      if (!facts) return facts;
      const now = moment(event);
      const { downtime } = event.data;
      const resolved = withMoments({ ...facts, firstResolved: facts.firstResolved ?? now, lastResolved: now });
      const downtimeCost = downtime && { ...downtime.minuteRate, amount: Math.round(downtime.minutes * downtime.minuteRate.amount) };
      return responded(ended({ ...resolved, downtimeCost: downtimeCost ?? facts.downtimeCost }, now.at), event);
    },
    ResolutionConfirmed: ignored,
    IncidentClosed: (facts, event) =>
      facts && responded(ended(withMoments({ ...facts, lastClosed: moment(event) }), event.occurredAt), event),
    IncidentReopened: (facts, event) => facts && opened({ ...facts, reopenings: facts.reopenings + 1 }, event.occurredAt),
    IncidentCancelled: cancelled,
    IncidentReclassified: cancelled,
    WorkLogged: (facts, { data: { minutes, hourlyRate = null, toolCost }, revision }) =>
      facts && {
        ...facts,
        work: [...facts.work, { revision: Number(revision), minutes, hourlyRate }],
        toolCosts: toolCost ? [...facts.toolCosts, toolCost] : facts.toolCosts,
      },
    FactCorrected: corrected,
    SlaWarned: serviceLevelMet,
    SlaMet: serviceLevelMet,
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
});
