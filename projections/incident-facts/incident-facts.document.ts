import type { Money } from '#domain/incident';

/** Something that happened at a moment, and the event that says so: a correction names that event. */
export type Moment = Readonly<{ revision: number; at: string }>;

/** The incident was opened (reported, reopened) or ended (resolved, closed, cancelled) at a moment; one follows the other. */
export type Turn = Moment & Readonly<{ opens: boolean }>;

/** The team it was given to by one event; null: none. */
export type Assignment = Readonly<{ revision: number; team: string | null }>;

export type Work = Readonly<{ revision: number; minutes: number; hourlyRate: Money | null; toolCost: Money | null }>;

/** How long the service was down, and what a minute of that costs. */
export type Downtime = Readonly<{ minutes: number; minuteRate: Money }>;

/** Later than any instant: what an open incident's `openUntil` is, so that one index answers "open at". */
export const STILL_OPEN = '9999-12-31T23:59:59.999Z';

/**
 * What the figures need to know of one incident, and nothing else: the moments at which it is counted, what is counted there, and its
 * latest attributes. Times are ISO 8601, UTC; `null` is "has not happened" or "not known".
 */
export type IncidentFacts = Readonly<{
  incidentId: string;
  reportedAt: string;
  /** First of acknowledged, put on hold, resolved, closed. */
  responded: Moment | null;
  firstResolved: Moment | null;
  lastResolved: Moment | null;
  lastClosed: Moment | null;
  /** The moments again, for the indexes. */
  firstResolvedAt: string | null;
  lastResolvedAt: string | null;
  lastClosedAt: string | null;
  /** The later of last resolved and last closed. */
  endedAt: string | null;
  turns: readonly Turn[];
  /** When it ended last, or `STILL_OPEN`. */
  openUntil: string;
  reopenings: number;
  escalations: number;
  assignments: readonly Assignment[];
  /** Changes from a known team to another known one; empty ones between do not count. */
  teamChanges: number;
  /** It has a service level target, or a verdict was imported with it. */
  serviceLevelKnown: boolean;
  breached: boolean;
  work: readonly Work[];
  /** Of the last resolution that told of any, and which event that was. */
  downtime: (Downtime & Readonly<{ revision: number }>) | null;
  priority: string | null;
  category: string | null;
  /** Which events the priority and the category are from. */
  prioritizedBy: number;
  categorizedBy: number;
  team: string | null;
  service: string | null;
  channel: string;
}>;
