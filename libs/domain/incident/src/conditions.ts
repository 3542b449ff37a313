import { areMet, isBoolean, listOf, optional, recordOf, someOf, textOf, type Check, type Criteria } from '#kernel';
import { NAME } from './limits.js';
import { CHANNELS } from './vocabulary.js';

/** What a policy can tell incidents apart by. What is not known is null. */
export type IncidentTraits = Readonly<{
  service: string | null;
  category: string | null;
  priority: string | null;
  channel: string;
  /** The groups of who reported it: the ids of the teams that they are in. */
  reporterGroups: readonly string[];
  major: boolean;
}>;

const TRAIT_OF = {
  services: 'service',
  categories: 'category',
  priorities: 'priority',
  channels: 'channel',
  reporterGroups: 'reporterGroups',
} as const;

/**
 * Which incidents a policy is for: the criteria of ordered rules, and whether it is a major one. Each that is given must hold; none given, it
 * is for every incident.
 *
 * They hold as criteria do, by the kernel's one rule. They are read by a check of their own, for a policy is no rule among others in one list:
 * policies are defined one by one and ranked when they are asked, so that nothing here can be found to be never reached, and their lists
 * may be longer and say a value twice.
 */
export type Conditions = Criteria<keyof typeof TRAIT_OF> & Readonly<{ major?: boolean }>;

/** Most of one list. */
export const MOST_CONDITIONS = 200;

export const holds = ({ major, ...criteria }: Conditions, traits: IncidentTraits): boolean =>
  areMet(TRAIT_OF, criteria, traits) && (major === undefined || major === traits.major);

const names = listOf(textOf(NAME.max), { min: 1, max: MOST_CONDITIONS });

/** Conditions from a request or a file. */
export const conditions: Check = recordOf<Conditions>({
  services: optional(names),
  categories: optional(names),
  priorities: optional(names),
  channels: optional(someOf(CHANNELS, { min: 1, repeats: true })),
  reporterGroups: optional(names),
  major: optional(isBoolean),
});
