import type { Version } from '#kernel';
import { personAt, presenceAt, untilText } from './presence.js';
import type { PersonTimeline } from './person-timeline.js';
import type { Team } from './team.js';

/** Whom to choose from, and what is known of them. */
export type AgentSearch = Readonly<{
  /** The team's id, and the version of it that holds at the instant. */
  team: Readonly<{ id: string }> & Version<Team>;
  /** At least the team's members, by id. */
  people: ReadonlyMap<string, PersonTimeline>;
  /** How many open incidents each of them holds; none where nothing is said. */
  loads: ReadonlyMap<string, number>;
  /** When each of them was last given one, ISO 8601, UTC; never where nothing is said. */
  lastAssigned: ReadonlyMap<string, string>;
  /** What they must be able to do; `null`: nothing in particular. */
  skill: string | null;
  /** ISO 8601, UTC. */
  instant: string;
}>;

/** Who gets it; `null`: whoever takes it. The reason is for everybody to read: it says that somebody is absent, never why. */
export type AgentChoice = Readonly<{ agent: string | null; reason: string }>;

/** Somebody who can take it. `lastMs` is when they were last given one, in milliseconds since 1970; 0 is never. */
type Candidate = Readonly<{ id: string; load: number; lastMs: number }>;

/** So many of those who were passed over are named in a reason. */
const MOST_NAMED = 5;

/** Why somebody cannot take it; `undefined` where they can. */
const obstacleOf = (id: string, { people, loads, skill, instant }: AgentSearch): string | undefined => {
  const timeline = people.get(id);
  const person = timeline && personAt(timeline, instant);
  if (!person) return 'is not in use';
  const presence = presenceAt(timeline, instant);
  if (!presence.present) return `is ${presence.cause === 'absent' ? 'absent' : 'outside working hours'}${untilText(presence.until)}`;
  if (skill !== null && !person.skills.includes(skill)) return `does not have skill ${skill}`;
  const load = loads.get(id) ?? 0;
  return person.capacity !== undefined && load >= person.capacity ? `holds ${load} of ${person.capacity}` : undefined;
};

const candidateOf = (id: string, { loads, lastAssigned }: AgentSearch): Candidate => {
  const last = lastAssigned.get(id);
  return { id, load: loads.get(id) ?? 0, lastMs: last === undefined ? 0 : Date.parse(last) };
};

/** Whose turn it is: who has been longest without a new one; then by id. */
const byTurn = (a: Candidate, b: Candidate): number => a.lastMs - b.lastMs || (a.id < b.id ? -1 : 1);

const turnText = (first: Candidate, among: string): string => {
  const last = first.lastMs === 0 ? 'never given one' : `last given one ${new Date(first.lastMs).toISOString().slice(0, 16)}Z`;
  return `next in turn of ${among}, ${last}`;
};

/** One of these candidates, of whom there is at least one, and why; `among` says how many they are. */
type Method = (candidates: readonly Candidate[], among: string) => Readonly<{ chosen: Candidate; why: string }>;

const roundRobin: Method = (candidates, among) => {
  const chosen = candidates.toSorted(byTurn)[0] as Candidate;
  return { chosen, why: turnText(chosen, among) };
};

const leastLoaded: Method = (candidates, among) => {
  const load = Math.min(...candidates.map((candidate) => candidate.load));
  const lightest = candidates.filter((candidate) => candidate.load === load).toSorted(byTurn);
  const chosen = lightest[0] as Candidate;
  const why = `${load} open, fewest of ${among}`;
  return { chosen, why: lightest.length === 1 ? why : `${why}; ${turnText(chosen, `the ${lightest.length} with as few`)}` };
};

/**
 * Who of a team gets an incident: of the members who are present, have the skill and hold fewer than they can, the one with the fewest open
 * (of those with as few, whose turn it is), or the one whose turn it is. Nobody does where nobody can, and where members take what they want.
 * A member who is not among `people` cannot take anything.
 */
export const chooseAgent = (search: AgentSearch): AgentChoice => {
  const { team, skill } = search;
  const { members, assignment } = team.definition;
  const by = `${team.id}@${team.version} (${assignment})`;
  if (assignment === 'pull') return { agent: null, reason: `${by}: its members take what they want` };

  const judged = members.map((id) => ({ id, obstacle: obstacleOf(id, search) }));
  const passedOver = judged.flatMap(({ id, obstacle }) => (obstacle === undefined ? [] : [`${id} ${obstacle}`]));
  const unnamed = passedOver.length - MOST_NAMED;
  const others = [...passedOver.slice(0, MOST_NAMED), ...(unnamed > 0 ? [`${unnamed} more cannot take it`] : [])];
  const candidates = judged.filter(({ obstacle }) => obstacle === undefined).map(({ id }) => candidateOf(id, search));
  if (candidates.length === 0)
    return { agent: null, reason: [`${by}: none of ${members.length} members can take it`, ...others].join('; ') };

  const among = `${candidates.length} available${skill === null ? '' : ` with skill ${skill}`}`;
  const { chosen, why } = (assignment === 'least-loaded' ? leastLoaded : roundRobin)(candidates, among);
  return { agent: chosen.id, reason: [`${by}: ${chosen.id}: ${why}`, ...others].join('; ') };
};
