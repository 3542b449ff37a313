import { versionAt } from '#kernel';
import { firstDeferredTo, incidentTimers } from '#projections';
import type { ViewReaders } from '#adapters/read-models';
import { TEAMS, type SiteDefinitions } from '#domain/definitions';
import type { Reviews } from '../reviews.js';
import type { Time } from '../time.js';
import type { FollowUp } from './follow-up.js';

export type FreedHandsParts = Readonly<{ readers: ViewReaders; site: SiteDefinitions; reviews: Reviews; time: Time }>;

/** Whoever has one incident less can take the first one that waits for their team. Costs a look at every team, and one in an index for each of theirs. */
export const freedHands = ({ readers, site, reviews, time }: FreedHandsParts): FollowUp => ({
  types: ['IncidentAssigned', 'IncidentResolved', 'IncidentClosed', 'IncidentCancelled', 'IncidentReclassified'],
  follow: async ({ event, before, after }) => {
    const agent = before?.open ? before.agent : null;
    if (agent === null || (after.open && after.agent === agent)) return;
    const now = new Date(time.nowMs()).toISOString();
    for (const [team, dated] of site.of(TEAMS)) {
      if (!versionAt(dated, now)?.definition.members.includes(agent)) continue;
      const { value } = await readers
        .of(incidentTimers as never)
        .read((view) => view.list<{ _id: string }>(firstDeferredTo(team)), { settle: false });
      const [waiting] = value;
      if (!waiting) continue;
      await reviews.review(waiting._id, {
        eventId: event.id,
        correlationId: event.metadata.$correlationId,
        mustSee: event.position,
      });
    }
  },
});
