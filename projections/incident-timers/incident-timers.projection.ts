import { projection, type Recorded } from '#kernel';
import { evolveAssignment, isUnassigned, nextAssignmentInstant, type IncidentAssignment } from '#process-managers/assignment';
import { evolveClosure, nextClosureInstant, type IncidentClosure } from '#process-managers/closure';
import { evolveEscalations, nextEscalationInstant, type IncidentEscalations } from '#process-managers/escalation';
import { evolveHold, nextHoldInstant, type IncidentHold } from '#process-managers/holds';
import { INCIDENT_STREAM_PREFIX, judgedFrom, onEveryEvent, type IncidentEvent } from '#domain/incident';
import { evolveClocks, nextClockInstant, type IncidentClocks } from '#process-managers/service-levels';

/**
 * What the clock has to do with one incident: what each judge remembers of it, and when one of them wants to be asked next. ISO 8601, UTC;
 * `null`: not before something happens to it.
 */
export type IncidentTimers = Readonly<{
  incidentId: string;
  nextAt: string | null;
  /** Whether anything a site defines can still change what the clock says of it: it is open, or waits to be closed. */
  isLive: boolean;
  /** Somebody is looked for who takes it. */
  isUnassigned: boolean;
  /** The team of which nobody could take it, while that is so; and which of several such incidents comes first. */
  deferredTo: string | null;
  priority: string | null;
  reportedAt: string;
  hold: IncidentHold;
  clocks: IncidentClocks;
  escalations: IncidentEscalations;
  assignment: IncidentAssignment;
  closure: IncidentClosure;
}>;

const earliest = (...instants: readonly (string | undefined)[]): string | null =>
  instants.filter((instant) => instant !== undefined).sort()[0] ?? null;

const step = (timers: IncidentTimers | undefined, event: Recorded<IncidentEvent>): IncidentTimers | undefined => {
  if (!timers && (event.type !== 'IncidentReported' || judgedFrom(event).isImported)) return timers;
  const hold = evolveHold(timers?.hold, event);
  const clocks = evolveClocks(timers?.clocks, event);
  const escalations = evolveEscalations(timers?.escalations, event);
  const assignment = evolveAssignment(timers?.assignment, event);
  const closure = evolveClosure(timers?.closure, event);
  if (!hold || !clocks || !escalations || !assignment || !closure) return timers;
  const { incidentId, traits, reported } = clocks;
  const nextAt = earliest(
    nextHoldInstant(hold),
    nextClockInstant(clocks),
    nextEscalationInstant(escalations),
    nextAssignmentInstant(assignment),
    nextClosureInstant(closure),
  );
  return {
    incidentId,
    nextAt,
    isLive: escalations.isOpen || closure.resolved !== null,
    isUnassigned: isUnassigned(assignment),
    deferredTo: assignment.deferred?.team ?? null,
    priority: traits.priority,
    reportedAt: new Date(reported.atMs).toISOString(),
    hold,
    clocks,
    escalations,
    assignment,
    closure,
  };
};

/**
 * When incidents want to be asked what time does to them: the alarm clock of the automation role. It only says *when*; what is due is
 * decided anew from the incident's own stream. An incident whose history was brought from elsewhere is not in it: time does nothing to it here.
 */
export const incidentTimers = projection<IncidentEvent, IncidentTimers>({
  name: 'incident-timers',
  version: 3,
  streamPrefixes: [INCIDENT_STREAM_PREFIX],
  key: ({ data }) => data.incidentId,
  on: onEveryEvent(step),
  documents: 'incident_timers',
  collections: {
    incident_timers: [
      { fields: { nextAt: 1, _id: 1 }, where: { nextAt: { $gt: '' } } },
      { fields: { isLive: 1, _id: 1 }, where: { isLive: true } },
      { fields: { isUnassigned: 1, _id: 1 }, where: { isUnassigned: true } },
      { fields: { deferredTo: 1, priority: 1, reportedAt: 1, _id: 1 }, where: { deferredTo: { $gt: '' } } },
    ],
  },
});
