import {
  definitionId,
  effectiveDated,
  eventCatalogue,
  integerFrom,
  lineOf,
  oneOf,
  optional,
  readerOf,
  setOf,
  type DefinitionEvent,
} from '#kernel';
import { PEOPLE_LIMITS, TIERS } from './limits.js';

/** How a team finds the member who gets an incident; `pull`: nobody does, members take what they want. */
export const ASSIGNMENT_METHODS = ['least-loaded', 'round-robin', 'pull'] as const;
export type AssignmentMethod = (typeof ASSIGNMENT_METHODS)[number];

/** People who work on incidents together. */
export type Team = Readonly<{
  name: string;
  /** Of support: 1 is the service desk. */
  tier: number;
  /** Ids of people. */
  members: readonly string[];
  /** The person who answers for the team. */
  lead?: string;
  /** The team to which functional escalation goes; else it goes no further. */
  nextTier?: string;
  /** Who of them is on call says this schedule; else nobody is. */
  onCallSchedule?: string;
  /** By which calendar its agreements count; else by the site's. */
  calendar?: string;
  /** Whose incidents it takes, by their groups, which are ids of teams (`groupsOf`); else everybody's. */
  reporterGroups?: readonly string[];
  assignment: AssignmentMethod;
}>;

/** A team's stream: `team-network-operations`. */
export const TEAM_STREAM_PREFIX = 'team-';

export type TeamEvent = DefinitionEvent<'Team', Team>;

export const teamCatalogue = eventCatalogue<TeamEvent>({
  TeamDefined: { storedName: 'TeamDefined' },
  TeamRetired: { storedName: 'TeamRetired' },
});

/** How teams are defined and retired. */
export const teams = effectiveDated<'Team', Team>('Team');

/**
 * A team from a request or a file. Without members it has none.
 * @throws InvalidInput TEAM_INVALID, with every fault (the reader does)
 */
export const parseTeam = readerOf<Team>({
  code: 'TEAM_INVALID',
  noun: 'team',
  fields: {
    name: lineOf(PEOPLE_LIMITS.nameLength),
    tier: integerFrom(TIERS.min, TIERS.max),
    members: setOf(definitionId, { max: PEOPLE_LIMITS.members }),
    lead: optional(definitionId),
    nextTier: optional(definitionId),
    onCallSchedule: optional(definitionId),
    calendar: optional(definitionId),
    reporterGroups: optional(setOf(lineOf(PEOPLE_LIMITS.nameLength), { min: 1, max: PEOPLE_LIMITS.reporterGroups })),
    assignment: oneOf(ASSIGNMENT_METHODS),
  },
  defaults: { members: [] },
});
