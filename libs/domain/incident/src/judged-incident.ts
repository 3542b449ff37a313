import type { Recorded, RecordedOf } from '#kernel';
import type { IncidentTraits } from './conditions.js';
import type { DataOf, IncidentEvent } from './incident.js';

/**
 * What everyone who judges what time does to an incident has to know of it: whose it is, who has it, and what policies and rules tell it
 * apart by. What is not known is `null`.
 */
export type JudgedIncident = Readonly<{
  incidentId: string;
  /** Its history was brought from elsewhere, and came with its verdicts: time does nothing to it here. */
  isImported: boolean;
  reporter: string;
  team: string | null;
  agent: string | null;
  traits: Omit<IncidentTraits, 'reporterGroups'> & Readonly<{ subcategory: string | null; location: string | null }>;
  /** Which event of a type these are from, by its place in the stream: a correction of an older one changes nothing. */
  traitsFrom: Readonly<Record<string, number>>;
}>;

/** All that policies tell it apart by, as `groupsOf` knows its reporter. */
export const traitsOf = (
  { traits, reporter }: Pick<JudgedIncident, 'traits' | 'reporter'>,
  groupsOf: (person: string) => readonly string[],
): IncidentTraits => ({ ...traits, reporterGroups: groupsOf(reporter) });

/** What a report says of it. */
export const judgedFrom = ({ data, metadata, revision }: RecordedOf<IncidentEvent, 'IncidentReported'>): JudgedIncident => {
  const { incidentId, reporter, service = null, channel, location = null, serviceLevelImported } = data;
  return {
    incidentId,
    isImported: serviceLevelImported === true || metadata.actor.kind === 'import',
    reporter,
    team: null,
    agent: null,
    traits: { service, category: null, subcategory: null, priority: null, channel, location, major: false },
    traitsFrom: { IncidentReported: Number(revision) },
  };
};

/** The events that can change what is known. */
export type TraitEvent = RecordedOf<
  IncidentEvent,
  'IncidentCategorized' | 'IncidentPrioritized' | 'IncidentAssigned' | 'MajorIncidentDeclared' | 'MajorIncidentStoodDown' | 'FactCorrected'
>;

const withTraits = <State extends JudgedIncident>(state: State, traits: Partial<JudgedIncident['traits']>): State => ({
  ...state,
  traits: { ...state.traits, ...traits },
});

const corrected = <State extends JudgedIncident>(state: State, { eventType, eventRevision, fact, is }: DataOf<'FactCorrected'>): State => {
  if (state.traitsFrom[eventType] !== eventRevision) return state;
  switch (`${eventType} ${fact}`) {
    case 'IncidentReported reporter':
    case 'IncidentAssigned team':
    case 'IncidentAssigned agent':
      return { ...state, [fact]: is };
    case 'IncidentReported service':
    case 'IncidentReported channel':
    case 'IncidentReported location':
    case 'IncidentCategorized category':
    case 'IncidentCategorized subcategory':
    case 'IncidentPrioritized priority':
      return withTraits(state, { [fact]: is });
    default:
      return state; // a fact that nothing is told apart by
  }
};

const changed = <State extends JudgedIncident>(state: State, event: TraitEvent): State => {
  switch (event.type) {
    case 'IncidentCategorized':
      return withTraits(state, { category: event.data.category, subcategory: event.data.subcategory });
    case 'IncidentPrioritized':
      return withTraits(state, { priority: event.data.priority });
    case 'IncidentAssigned':
      return { ...state, team: event.data.team, agent: event.data.agent };
    case 'MajorIncidentDeclared':
      return withTraits(state, { major: true });
    case 'MajorIncidentStoodDown':
      return withTraits(state, { major: false });
    case 'FactCorrected':
      return corrected(state, event.data);
    default:
      return event satisfies never;
  }
};

/** The same, with what such an event changes of it. */
export const evolveJudged = <State extends JudgedIncident>(state: State, event: TraitEvent): State => {
  const next = changed(state, event);
  const { type, revision } = event as Recorded<IncidentEvent>;
  return type === 'FactCorrected' ? next : { ...next, traitsFrom: { ...next.traitsFrom, [type]: Number(revision) } };
};
