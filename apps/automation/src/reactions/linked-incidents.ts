import { derivedId, handleCommand, inputHash, Refusal, type Actor, type Decided, type EventLog } from '#kernel';
import {
  incidentDecider,
  incidentStream,
  link,
  OPPOSITE_LINKS,
  resolve,
  unlink,
  type Incident,
  type IncidentEvent,
} from '#domain/incident';
import type { FollowUp } from './follow-up.js';
import type { Moment } from './moments.js';

const LINKS: Actor = { kind: 'automation', id: 'linked-incidents', name: 'Automation' };

/** What an incident does to another one. Where the other one is not there, or its state forbids it, nothing is done. */
const doTo = async (
  log: EventLog,
  target: string,
  { event }: Moment,
  command: string,
  decide: (incident: Incident) => readonly Decided<IncidentEvent>[],
  occurredAt?: string,
): Promise<void> => {
  const context = {
    // the same event does it once
    commandId: derivedId(command, event.id, target),
    commandHash: inputHash({ command, target, eventId: event.id }),
    actor: LINKS,
    correlationId: event.metadata.$correlationId,
    causationId: event.id,
    ...(occurredAt !== undefined && { occurredAt }),
  };
  try {
    await handleCommand(log, incidentDecider, incidentStream(target), context, decide);
  } catch (error) {
    const isSettled = error instanceof Refusal && ['illegal-transition', 'not-found', 'invalid'].includes(error.kind);
    if (!isSettled) throw error;
  }
};

/** A link between a parent and a child, or a follow-up and what it follows, stands in both: whoever looks at either sees it. */
export const mirrorLinks = (log: EventLog): FollowUp => ({
  types: ['IncidentLinked', 'IncidentUnlinked'],
  follow: async (moment) => {
    const { type, data } = moment.event;
    if (type !== 'IncidentLinked' && type !== 'IncidentUnlinked') return;
    const { incidentId: target, kind: from, target: incidentId } = data;
    const kind = OPPOSITE_LINKS[from];
    if (!kind) return;
    await doTo(log, incidentId, moment, `Mirror${type}`, (incident) =>
      type === 'IncidentLinked'
        ? link({ incidentId, kind, target }, incident)
        : unlink({ incidentId, kind, target, reason: data.reason }, incident),
    );
  },
});

/** With a major incident, the incidents below it are resolved: at the same time, in the same way. */
export const resolveChildren = (log: EventLog): FollowUp => ({
  types: ['IncidentResolved'],
  follow: async (moment) => {
    const { event, after } = moment;
    if (event.type !== 'IncidentResolved' || after.major === null) return;
    const { incidentId: parent, code, fix } = event.data;
    const notes = `Resolved with ${parent}: ${after.title}`;
    for (const { kind, target: incidentId } of after.links) {
      if (kind !== 'child') continue;
      const now = event.occurredAt;
      await doTo(log, incidentId, moment, 'ResolveChild', (child) => resolve({ incidentId, code, fix, notes, now }, child), now);
    }
  },
});
