import { versionAt, type EffectiveDated } from '#kernel';
import type { Team } from './team.js';

/**
 * The groups somebody is of at an instant, ISO 8601, UTC: the teams in use that they are a member of, by id, in order, and nothing else. What
 * policies ask of a reporter's groups is answered by these, and a team's `reporterGroups` name the same. Costs a look at every team.
 */
export const groupsOf = (person: string, teams: ReadonlyMap<string, EffectiveDated<Team>>, instant: string): string[] =>
  [...teams]
    .filter(([, dated]) => versionAt(dated, instant)?.definition.members.includes(person))
    .map(([id]) => id)
    .sort();
