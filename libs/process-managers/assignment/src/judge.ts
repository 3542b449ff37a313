import { versionAt, type Decided, type EffectiveDated } from '#kernel';
import type { IncidentEvent } from '#domain/incident';
import { chooseAgent, chooseTeam, presenceAt, type AssignmentRules, type PersonTimeline, type Team, type TeamChoice } from '#domain/people';
import { isUnassigned, type IncidentAssignment } from './incident-assignment.js';

/** What the members of a team hold, by id: how many open incidents, and when each was last given one (ISO 8601, UTC). */
export type Workload = Readonly<{ team: string; loads: ReadonlyMap<string, number>; lastAssigned: ReadonlyMap<string, string> }>;

/** What a judgement looks up: the rules, teams and people of the site. */
export type AssignmentCircumstances = Readonly<{
  rules: EffectiveDated<AssignmentRules> | undefined;
  teams: ReadonlyMap<string, EffectiveDated<Team>>;
  people: ReadonlyMap<string, PersonTimeline>;
  /** Of the team that `teamConcerned` names; without it no agent is chosen yet. */
  workload: Workload | undefined;
}>;

/** The team that the rules give an incident to, as far as they name one. */
type Routed = TeamChoice & Readonly<{ team: string }>;

const routed = ({ traits }: IncidentAssignment, { rules }: AssignmentCircumstances, instant: string): Routed | undefined => {
  const inForce = rules && versionAt(rules, instant);
  if (!inForce) return undefined;
  const choice = chooseTeam(inForce, traits);
  return choice.team === null ? undefined : (choice as Routed);
};

/** Whose workload has to be known to judge this incident now; `null`: nobody's, for no member is chosen. */
export const teamConcerned = (
  state: IncidentAssignment | undefined,
  circumstances: Omit<AssignmentCircumstances, 'workload'>,
  nowMs: number,
): string | null => {
  if (!state || !isUnassigned(state)) return null;
  const instant = new Date(nowMs).toISOString();
  const id = state.team ?? routed(state, { ...circumstances, workload: undefined }, instant)?.team ?? null;
  const team = id === null ? undefined : circumstances.teams.get(id);
  const inForce = team && versionAt(team, instant);
  return inForce && inForce.definition.assignment !== 'pull' ? id : null;
};

/** When the first of a team is back who is away now; `null` where that is not known. */
const firstBack = (members: readonly string[], people: AssignmentCircumstances['people'], instant: string): string | null => {
  const instants = members.flatMap((id) => {
    const timeline = people.get(id);
    const presence = timeline && presenceAt(timeline, instant);
    return presence && !presence.present && presence.until !== null ? [presence.until] : [];
  });
  return instants.sort()[0] ?? null;
};

/**
 * Who gets an incident that nobody has: a team by the rules in force, and one of its members as the team does that. Pure, and settled. Where
 * nobody of the team can take it, that is said once, with when it is looked at again.
 */
export const judgeAssignment = (
  state: IncidentAssignment | undefined,
  circumstances: AssignmentCircumstances,
  nowMs: number,
): Decided<IncidentEvent>[] => {
  if (!state || !isUnassigned(state)) return [];
  const { incidentId, deferred } = state;
  const instant = new Date(nowMs).toISOString();
  const byRules = routed(state, circumstances, instant);
  const team = state.team ?? byRules?.team;
  if (team === undefined) return [];

  const isNew = state.team === null;
  const route = isNew && byRules ? byRules.reason : undefined;
  const given = (agent: string | null, reason: string): IncidentEvent => ({
    type: 'IncidentAssigned',
    data: { incidentId, team, agent, why: isNew ? 'rule' : 'capacity', reason },
  });
  const toTeam = route === undefined ? [] : [given(null, route)];

  const dated = circumstances.teams.get(team);
  const inForce = dated && versionAt(dated, instant);
  const { workload, people } = circumstances;
  if (!inForce || inForce.definition.assignment === 'pull' || workload?.team !== team) return toTeam;

  const { loads, lastAssigned } = workload;
  const skill = byRules?.team === team ? byRules.skill : null;
  const choice = chooseAgent({ team: { id: team, ...inForce }, people, loads, lastAssigned, skill, instant });
  if (choice.agent !== null) return [given(choice.agent, route === undefined ? choice.reason : `${route}; ${choice.reason}`)];

  const retryAt = firstBack(inForce.definition.members, people, instant);
  if (deferred?.team === team && deferred.retryAt === retryAt) return toTeam;
  return [...toTeam, { type: 'AssignmentDeferred', data: { incidentId, team, reason: choice.reason, retryAt } }];
};
