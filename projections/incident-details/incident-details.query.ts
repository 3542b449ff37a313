import { InvalidInput, pageSpec, type FindSpec, type PageRequest, type SortSpec } from '#kernel';
import type { Channel, Status } from '#domain/incident';
import { wordsOf } from './incident-details.projection.js';

/** Most words of a search; each one narrows it. */
export const MAX_SEARCH_WORDS = 10;

export type IncidentFilter = Readonly<{
  /** Words of the title, each from its beginning on, in any order. */
  text?: string;
  status?: Status;
  open?: boolean;
  priority?: string;
  category?: string;
  service?: string;
  channel?: Channel;
  /** `none` for incidents without one. */
  team?: string;
  agent?: string;
  reporter?: string;
  major?: boolean;
  externalReference?: string;
  deduplicationKey?: string;
  /** Periods, `From` inclusive, `To` exclusive: ISO 8601, UTC. */
  reportedFrom?: string;
  reportedTo?: string;
  resolvedFrom?: string;
  resolvedTo?: string;
  closedFrom?: string;
  closedTo?: string;
}>;

export const INCIDENT_SORTS = {
  newest: { reportedAt: -1, _id: 1 },
  oldest: { reportedAt: 1, _id: -1 },
  updated: { updatedAt: -1, _id: 1 },
  number: { _id: 1 },
} as const satisfies Readonly<Record<string, SortSpec>>;
export type IncidentSort = keyof typeof INCIDENT_SORTS;

/** Behind every word that begins with these letters: the last code point there is. */
const AFTER_ALL = '\u{10FFFF}';

const period = (field: string, from?: string, to?: string) =>
  from || to ? [{ [field]: { ...(from ? { $gte: from } : { $gt: '' }), ...(to && { $lt: to }) } }] : [];

const incidentFilter = (filter: IncidentFilter) => {
  const { text, reportedFrom, reportedTo, resolvedFrom, resolvedTo, closedFrom, closedTo, team, agent, ...fields } = filter;
  const words = text === undefined ? [] : wordsOf(text);
  if (text !== undefined && (words.length === 0 || words.length > MAX_SEARCH_WORDS)) {
    const faults = [{ field: 'text', message: `One to ${MAX_SEARCH_WORDS} words, of letters and digits` }];
    throw new InvalidInput('SEARCH_INVALID', 'There is nothing to search for', faults);
  }
  const nobody = (value: string | undefined) => (value === 'none' ? null : value);
  const equal = { ...fields, team: nobody(team), agent: nobody(agent) };
  const clauses = [
    ...Object.entries(equal).flatMap(([field, value]) => (value === undefined ? [] : [{ [field]: value }])),
    // a range on a list of words holds when one of them lies in it: $elemMatch keeps both ends on the same word
    ...words.map((word) => ({ words: { $elemMatch: { $gte: word, $lt: word + AFTER_ALL } } })),
    ...period('reportedAt', reportedFrom, reportedTo),
    ...period('resolvedAt', resolvedFrom, resolvedTo),
    ...period('closedAt', closedFrom, closedTo),
  ];
  return clauses.length === 0 ? {} : clauses.length === 1 ? (clauses[0] as Record<string, unknown>) : { $and: clauses };
};

/**
 * One page of the incidents that match.
 * @throws InvalidInput SEARCH_INVALID for a text without words, CURSOR_INVALID
 */
export const incidentPage = (filter: IncidentFilter, sort: IncidentSort, page: PageRequest): FindSpec =>
  pageSpec({ collection: 'incident_details', filter: incidentFilter(filter), sort: INCIDENT_SORTS[sort] }, page);

/** The incidents reported from one instant on and before another one: their numbers. */
export const incidentsReported = (from: string, to: string, limit: number): FindSpec => ({
  collection: 'incident_details',
  filter: incidentFilter({ reportedFrom: from, reportedTo: to }),
  sort: INCIDENT_SORTS.newest,
  limit,
  fields: { reportedAt: 1 },
});
