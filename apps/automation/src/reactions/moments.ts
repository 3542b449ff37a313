import type { Recorded } from '#kernel';
import type { IncidentEvent } from '#domain/incident';
import { incidentDetails, type IncidentDetails } from '#projections';

/** One event of an incident, and the incident right before it, right after it, and as it stands now. */
export type Moment = Readonly<{
  event: Recorded<IncidentEvent>;
  before: IncidentDetails | undefined;
  after: IncidentDetails;
  latest: IncidentDetails;
}>;

/** These events of an incident's history, in order, with what they changed. Costs one pass through the history; what is kept is these events. */
export const momentsOf = async (
  history: AsyncIterable<Recorded<IncidentEvent>> | Iterable<Recorded<IncidentEvent>>,
  revisions: ReadonlySet<bigint>,
): Promise<readonly Moment[]> => {
  const moments: Omit<Moment, 'latest'>[] = [];
  let details: IncidentDetails | undefined;
  for await (const event of history) {
    const before = details;
    details = incidentDetails.on[event.type](details, event as never);
    if (details && revisions.has(event.revision)) moments.push({ event, before, after: details });
  }
  const latest = details;
  return latest ? moments.map((moment) => ({ ...moment, latest })) : [];
};
