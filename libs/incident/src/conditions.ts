import type { FieldFault } from '#kernel';
import { NAME } from './limits.js';
import { CHANNELS } from './vocabulary.js';

/** What a policy can tell incidents apart by. What is not known is null. */
export type IncidentTraits = Readonly<{
  service: string | null;
  category: string | null;
  priority: string | null;
  channel: string;
  /** The groups of who reported it. */
  reporterGroups: readonly string[];
  major: boolean;
}>;

/** Each that is given must hold; a list holds where one of it fits. None given: it holds for every incident. */
export type Conditions = Readonly<{
  services?: readonly string[];
  categories?: readonly string[];
  priorities?: readonly string[];
  channels?: readonly string[];
  reporterGroups?: readonly string[];
  major?: boolean;
}>;

/** Most of one list. */
export const MOST_CONDITIONS = 200;

const among = (list: readonly string[] | undefined, value: string | null): boolean =>
  list === undefined || (value !== null && list.includes(value));

export const holds = (conditions: Conditions, traits: IncidentTraits): boolean =>
  among(conditions.services, traits.service) &&
  among(conditions.categories, traits.category) &&
  among(conditions.priorities, traits.priority) &&
  among(conditions.channels, traits.channel) &&
  (conditions.reporterGroups === undefined || traits.reporterGroups.some((group) => conditions.reporterGroups?.includes(group))) &&
  (conditions.major === undefined || conditions.major === traits.major);

const LISTS = ['services', 'categories', 'priorities', 'channels', 'reporterGroups'] as const;
const KNOWN: readonly string[] = [...LISTS, 'major'];

/** What is wrong with conditions; nothing where they are some. */
export const faultsOfConditions = (field: string, value: unknown): FieldFault[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ field, message: `is a table of ${KNOWN.join(', ')}` }];
  const given = value as Readonly<Record<string, unknown>>;
  const isName = (item: unknown) => typeof item === 'string' && item.length >= NAME.min && item.length <= NAME.max;
  return [
    ...Object.keys(given)
      .filter((key) => !KNOWN.includes(key))
      .map((key) => ({ field: `${field}.${key}`, message: `is not known here: there is ${KNOWN.join(', ')}` })),
    ...LISTS.flatMap((key): FieldFault[] => {
      const list = given[key];
      if (list === undefined) return [];
      if (!Array.isArray(list) || list.length === 0 || list.length > MOST_CONDITIONS || !list.every(isName)) {
        return [{ field: `${field}.${key}`, message: `is a list of 1 to ${MOST_CONDITIONS} names` }];
      }
      const stranger = key === 'channels' ? list.find((channel) => !(CHANNELS as readonly unknown[]).includes(channel)) : undefined;
      return stranger === undefined ? [] : [{ field: `${field}.channels`, message: `is some of ${CHANNELS.join(', ')}` }];
    }),
    ...(given['major'] === undefined || typeof given['major'] === 'boolean'
      ? []
      : [{ field: `${field}.major`, message: 'is true or false' }]),
  ];
};
