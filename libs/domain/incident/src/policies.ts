import { integerFrom, textOf, versionAt, type EffectiveDated, type Fields } from '#kernel';
import { conditions, holds, type Conditions, type IncidentTraits } from './conditions.js';
import { NAME } from './limits.js';

/** A definition that is for some incidents. Lower ranks are asked first; of equal ones, the one whose id comes first. */
export type Ranked = Readonly<{ name: string; rank: number; when: Conditions }>;

/** The highest rank that a policy can have. */
export const MOST_RANK = 9_999;

/** What every policy says, as a reader of policies takes it. */
export const rankedFields: Fields<Ranked> = { name: textOf(NAME.max), rank: integerFrom(0, MOST_RANK), when: conditions };

/** A policy that says nothing of it is for every incident. */
export const RANKED_DEFAULTS = { when: {} } as const;

/** Every policy of a kind that a site has, by id. */
export type Policies<Policy extends Ranked> = ReadonlyMap<string, EffectiveDated<Policy>>;

/** A policy in the version that holds. `name` is how events refer to it: `gold@3`. */
export type Applying<Policy> = Readonly<{ id: string; version: number; name: string; policy: Policy }>;

/** The policies that hold at an instant and are for such an incident, in the order in which they are asked. */
export const applyingPolicies = <Policy extends Ranked>(
  policies: Policies<Policy>,
  traits: IncidentTraits,
  instant: string,
): Applying<Policy>[] =>
  [...policies]
    .flatMap(([id, dated]): Applying<Policy>[] => {
      const found = versionAt(dated, instant);
      return found ? [{ id, version: found.version, name: `${id}@${found.version}`, policy: found.definition }] : [];
    })
    .filter(({ policy }) => holds(policy.when, traits))
    .sort((a, b) => a.policy.rank - b.policy.rank || (a.id < b.id ? -1 : 1));

/** The id in the name that an event refers to a policy by. */
export const policyIdOf = (name: string): string => name.split('@', 1)[0] as string;
