import { pageSpec, type FindSpec, type PageRequest, type SortSpec } from '#kernel';

export type AuditFilter = Readonly<{
  incident?: string;
  /** The id of who acted. */
  actor?: string;
  /** The stored name of an event. */
  type?: string;
  /** Periods, `From` inclusive, `To` exclusive: ISO 8601, UTC. */
  occurredFrom?: string;
  occurredTo?: string;
  recordedFrom?: string;
  recordedTo?: string;
}>;

/** In the order in which it was recorded, in which it happened, or of each incident's own history. */
export const AUDIT_SORTS = {
  recorded: { recordedAt: 1, _id: 1 },
  '-recorded': { recordedAt: -1, _id: -1 },
  occurred: { occurredAt: 1, _id: 1 },
  '-occurred': { occurredAt: -1, _id: -1 },
  history: { _id: 1 },
} as const satisfies Readonly<Record<string, SortSpec>>;
export type AuditSort = keyof typeof AUDIT_SORTS;

const period = (field: string, from?: string, to?: string) =>
  from || to ? { [field]: { ...(from && { $gte: from }), ...(to && { $lt: to }) } } : {};

/** Lines of one incident lie between its id and the sign behind `@`: found by the index of ids. */
const linesOf = (incident?: string) => (incident === undefined ? {} : { _id: { $gte: `${incident}@`, $lt: `${incident}A` } });

/** One page of the trail. */
export const auditPage = (filter: AuditFilter, sort: AuditSort, page: PageRequest): FindSpec => {
  const { incident, actor, type, occurredFrom, occurredTo, recordedFrom, recordedTo } = filter;
  return pageSpec(
    {
      collection: 'audit_trail',
      filter: {
        ...linesOf(incident),
        ...(actor !== undefined && { 'who.id': actor }),
        ...(type !== undefined && { type }),
        ...period('occurredAt', occurredFrom, occurredTo),
        ...period('recordedAt', recordedFrom, recordedTo),
      },
      sort: AUDIT_SORTS[sort],
    },
    page,
  );
};
