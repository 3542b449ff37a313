import type { Money } from '#incident';

/** Something that happened at a moment, and the event that says so: a correction names that event. */
export type Moment = Readonly<{ revision: number; at: string }>;

/** A stretch of time in which the incident was open; `until` is null while it lasts. */
export type OpenSpan = Readonly<{ from: string; until: string | null }>;

type Work = Readonly<{ revision: number; minutes: number; hourlyRate: Money | null }>;

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
  openSpans: readonly OpenSpan[];
  /** The end of the last open span, or `STILL_OPEN`. */
  openUntil: string;
  reopenings: number;
  escalations: number;
  /** Changes from a known team to another known one; empty ones between do not count. */
  teamChanges: number;
  lastKnownTeam: string | null;
  /** It has a service level target, or a verdict was imported with it. */
  serviceLevelKnown: boolean;
  breached: boolean;
  work: readonly Work[];
  toolCosts: readonly Money[];
  downtimeCost: Money | null;
  priority: string | null;
  category: string | null;
  /** Which event the category is from. */
  categorizedBy: number;
  team: string | null;
  service: string | null;
  channel: string;
}>;
