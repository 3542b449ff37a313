import { projection, type Recorded } from '#kernel';
import { evolveClosure, nextClosureInstant, type IncidentClosure } from '#closure';
import { evolveEscalations, nextEscalationInstant, type IncidentEscalations } from '#escalation';
import { INCIDENT_STREAM_PREFIX, onEveryEvent, type IncidentEvent } from '#incident';
import { evolveClocks, nextClockInstant, type IncidentClocks } from '#service-levels';

/**
 * What the clock has to do with one incident: what each judge remembers of it, and when one of them wants to be asked next. ISO 8601, UTC;
 * `null`: not before something happens to it.
 */
export type IncidentTimers = Readonly<{
  incidentId: string;
  nextAt: string | null;
  /** Whether anything a site defines can still change what the clock says of it: it is open, or waits to be closed. */
  isLive: boolean;
  clocks: IncidentClocks | null;
  escalations: IncidentEscalations | null;
  closure: IncidentClosure | null;
}>;

const earliest = (...instants: readonly (string | undefined)[]): string | null =>
  instants.filter((instant) => instant !== undefined).sort()[0] ?? null;

const step = (timers: IncidentTimers | undefined, event: Recorded<IncidentEvent>): IncidentTimers | undefined => {
  const clocks = evolveClocks(timers?.clocks ?? undefined, event);
  const escalations = evolveEscalations(timers?.escalations ?? undefined, event);
  const closure = evolveClosure(timers?.closure ?? undefined, event);
  if (!clocks || !escalations || !closure) return timers;
  return {
    incidentId: clocks.incidentId,
    nextAt: earliest(nextClockInstant(clocks), nextEscalationInstant(escalations), nextClosureInstant(closure)),
    isLive: !clocks.isImported && (escalations.isOpen || closure.resolved !== null),
    clocks,
    escalations,
    closure,
  };
};

/**
 * When incidents want to be asked what time does to them: the alarm clock of the automation role. It only says *when*; what is due is
 * decided anew from the incident's own stream.
 */
export const incidentTimers = projection<IncidentEvent, IncidentTimers>({
  name: 'incident-timers',
  version: 1,
  streamPrefixes: [INCIDENT_STREAM_PREFIX],
  key: ({ data }) => data.incidentId,
  on: onEveryEvent(step),
  documents: 'incident_timers',
  collections: {
    incident_timers: [
      { fields: { nextAt: 1, _id: 1 }, where: { nextAt: { $gt: '' } } },
      { fields: { isLive: 1, _id: 1 }, where: { isLive: true } },
    ],
  },
});
