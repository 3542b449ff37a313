import type { IncidentFacts } from './incident-facts.document.js';

/** The moment at which an incident is counted: the field of its facts that decides its period, and so its month. */
export type CountedAt = 'reportedAt' | 'firstResolvedAt' | 'lastResolvedAt' | 'lastClosedAt' | 'endedAt';

type Common = Readonly<{ title: string; meaning: string; countedAt: CountedAt }>;

/**
 * A named, versioned definition. Its name is `key@version`; a change of meaning is a new version beside the old one.
 * - `count`: how many there are; - `duration`: whole seconds, `null` where the incident is not in it; - `rate`: how many of those
 *   included it holds for; - `cost`: minor units of one currency.
 */
export type KpiDefinition = Common &
  (
    | Readonly<{ kind: 'count' }>
    | Readonly<{ kind: 'duration'; seconds: (facts: IncidentFacts) => number | null }>
    | Readonly<{ kind: 'rate'; includes: (facts: IncidentFacts) => boolean; holds: (facts: IncidentFacts) => boolean }>
    | Readonly<{ kind: 'cost'; cost: (facts: IncidentFacts, currency: string) => number }>
  );

/** Whole seconds from one instant to another, never below 0: history from elsewhere may go back in time. */
export const secondsBetween = (from: string, to: string): number => Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 1000));

const sinceReported =
  (of: (facts: IncidentFacts) => string | null | undefined) =>
  (facts: IncidentFacts): number | null => {
    const at = of(facts);
    return at ? secondsBetween(facts.reportedAt, at) : null;
  };

const always = () => true;

/** What the incident cost in this currency: each work entry and the downtime rounded to whole minor units, then added up. */
const costOf = ({ work, downtime }: IncidentFacts, currency: string): number => {
  let cost = 0;
  for (const { minutes, hourlyRate, toolCost } of work) {
    if (hourlyRate?.currency === currency) cost += Math.round((minutes * hourlyRate.amount) / 60);
    if (toolCost?.currency === currency) cost += toolCost.amount;
  }
  if (downtime?.minuteRate.currency === currency) cost += Math.round(downtime.minutes * downtime.minuteRate.amount);
  return cost;
};

/** Every figure over facts, version 1 of each. The backlog is apart: it is counted at an instant, not over a period. */
export const KPI_DEFINITIONS = {
  'volume@1': { title: 'Volume', kind: 'count', countedAt: 'reportedAt', meaning: 'Incidents reported.' },
  'mtta@1': {
    title: 'Mean time to acknowledge',
    kind: 'duration',
    countedAt: 'reportedAt',
    meaning: 'From reported to the first of acknowledged, put on hold, resolved, closed; of incidents that have one of these.',
    seconds: sinceReported((facts) => facts.responded?.at),
  },
  'mttr@1': {
    title: 'Mean time to resolve',
    kind: 'duration',
    countedAt: 'lastResolvedAt',
    meaning: 'From reported to last resolved; of incidents resolved at least once.',
    seconds: sinceReported((facts) => facts.lastResolvedAt),
  },
  'mttrFirst@1': {
    title: 'Mean time to first resolution',
    kind: 'duration',
    countedAt: 'firstResolvedAt',
    meaning: 'From reported to first resolved; of incidents resolved at least once.',
    seconds: sinceReported((facts) => facts.firstResolvedAt),
  },
  'timeToClose@1': {
    title: 'Time to close',
    kind: 'duration',
    countedAt: 'lastClosedAt',
    meaning: 'From reported to last closed; of incidents closed at least once.',
    seconds: sinceReported((facts) => facts.lastClosedAt),
  },
  'reopenRate@1': {
    title: 'Reopen rate',
    kind: 'rate',
    countedAt: 'endedAt',
    meaning: 'Incidents reopened at least once, of those resolved or closed at least once.',
    includes: always,
    holds: (facts) => facts.reopenings > 0,
  },
  'reassignmentRate@1': {
    title: 'Reassignment rate',
    kind: 'rate',
    countedAt: 'reportedAt',
    meaning: 'Incidents that went from a known team to another known one at least once, of those reported.',
    includes: always,
    holds: (facts) => facts.teamChanges > 0,
  },
  'escalationRate@1': {
    title: 'Escalation rate',
    kind: 'rate',
    countedAt: 'reportedAt',
    meaning: 'Incidents escalated at least once, of those reported.',
    includes: always,
    holds: (facts) => facts.escalations > 0,
  },
  'fcr@1': {
    title: 'First contact resolution',
    kind: 'rate',
    countedAt: 'lastResolvedAt',
    meaning: 'Incidents with no change of team, no escalation and no reopening, of those resolved at least once.',
    includes: always,
    holds: (facts) => facts.teamChanges === 0 && facts.escalations === 0 && facts.reopenings === 0,
  },
  'slaCompliance@1': {
    title: 'Service level compliance',
    kind: 'rate',
    countedAt: 'endedAt',
    meaning: 'Incidents with no breach, of those resolved or closed at least once that have a target or an imported verdict.',
    includes: (facts) => facts.serviceLevelKnown,
    holds: (facts) => !facts.breached,
  },
  'costPerIncident@1': {
    title: 'Cost per incident',
    kind: 'cost',
    countedAt: 'lastClosedAt',
    meaning: 'Work minutes at their rate, tool costs and downtime minutes at the rate of the service, in minor units; of incidents closed.',
    cost: costOf,
  },
} as const satisfies Readonly<Record<string, KpiDefinition>>;

export type KpiName = keyof typeof KPI_DEFINITIONS;
export const KPI_NAMES = Object.keys(KPI_DEFINITIONS) as KpiName[];
export const definitionOf = (name: KpiName): KpiDefinition => KPI_DEFINITIONS[name];

/** What figures can be broken down by, beside the month; what is not known has a name of its own. */
export const ATTRIBUTES = {
  priority: 'none',
  category: 'uncategorized',
  team: 'unassigned',
  service: 'none',
  channel: 'none',
} as const;
export type Attribute = keyof typeof ATTRIBUTES;
export const ATTRIBUTE_NAMES = Object.keys(ATTRIBUTES) as Attribute[];

/** An incident's latest attributes, as the keys of figures. */
export const attributesOf = (facts: Pick<IncidentFacts, Attribute>): Record<Attribute, string> => ({
  priority: facts.priority ?? ATTRIBUTES.priority,
  category: facts.category ?? ATTRIBUTES.category,
  team: facts.team ?? ATTRIBUTES.team,
  service: facts.service ?? ATTRIBUTES.service,
  channel: facts.channel || ATTRIBUTES.channel,
});
