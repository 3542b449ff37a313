import type { IncidentEventType } from '#domain/incident';
import type { Moment } from './moments.js';

/** Something that follows from an event of an incident. Followed up twice, it has done it once. */
export interface FollowUp {
  /** The events that it may follow from. */
  readonly types: readonly IncidentEventType[];
  follow(moment: Moment): Promise<void>;
}
