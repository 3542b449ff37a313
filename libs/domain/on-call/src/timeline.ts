import { effectiveDated, eventCatalogue, type Decider, type DefinitionEvent, type EffectiveDated, type Event } from '#kernel';
import type { OnCallSchedule } from './on-call-schedule.js';

/** A schedule's stream: `on-call-schedule-payments`. */
export const ON_CALL_SCHEDULE_STREAM_PREFIX = 'on-call-schedule-';

/** Somebody's time on call, or a part of it: ISO 8601, UTC; `to` is exclusive. */
export type PersonInterval = Readonly<{ person: string; from: string; to: string }>;

/** Somebody is on call for a while, whoever's turn it is. */
export type Override = PersonInterval & Readonly<{ overrideId: string; reason: string; addedBy?: string }>;

/** Two people take each other's time: wherever the one is on call in the interval named for them, the other one is. */
export type Swap = Readonly<{ swapId: string; first: PersonInterval; second: PersonInterval; reason?: string }>;

/** Everything that can happen to a schedule; `id` is the schedule's. */
export type OnCallEvent =
  | DefinitionEvent<'OnCallSchedule', OnCallSchedule>
  | Event<'OverrideAdded', { id: string } & Override>
  /** From `effectiveFrom` on it holds no longer; what it was until then stays. */
  | Event<'OverrideRemoved', { id: string; overrideId: string; effectiveFrom: string; reason: string }>
  | Event<'ShiftsSwapped', { id: string } & Swap>;

export const onCallCatalogue = eventCatalogue<OnCallEvent>({
  OnCallScheduleDefined: { storedName: 'OnCallScheduleDefined' },
  OnCallScheduleRetired: { storedName: 'OnCallScheduleRetired' },
  OverrideAdded: { storedName: 'OnCallOverrideAdded' },
  OverrideRemoved: { storedName: 'OnCallOverrideRemoved' },
  ShiftsSwapped: { storedName: 'OnCallShiftsSwapped' },
});

/** What changes the turns of a schedule. `removedFrom`: an override holds no longer from then on. */
export type OnCallException = (Readonly<{ kind: 'override'; removedFrom?: string }> & Override) | (Readonly<{ kind: 'swap' }> & Swap);

/** Everything that is known of a schedule: its versions, and the exceptions to them in the order in which they were made. */
export type OnCallTimeline = EffectiveDated<OnCallSchedule> & Readonly<{ exceptions: readonly OnCallException[] }>;

/** How schedules are defined and retired. */
export const onCallSchedules = effectiveDated<'OnCallSchedule', OnCallSchedule>('OnCallSchedule');

const evolve = (timeline: OnCallTimeline, event: OnCallEvent): OnCallTimeline => {
  const { exceptions } = timeline;
  switch (event.type) {
    case 'OnCallScheduleDefined':
    case 'OnCallScheduleRetired':
      return { ...onCallSchedules.decider.evolve(timeline, event), exceptions };
    case 'OverrideAdded': {
      const { id: _, ...override } = event.data;
      return { ...timeline, exceptions: [...exceptions, { kind: 'override', ...override }] };
    }
    case 'OverrideRemoved': {
      const { overrideId, effectiveFrom: removedFrom } = event.data;
      const removed = (exception: OnCallException): OnCallException =>
        exception.kind === 'override' && exception.overrideId === overrideId ? { ...exception, removedFrom } : exception;
      return { ...timeline, exceptions: exceptions.map(removed) };
    }
    case 'ShiftsSwapped': {
      const { id: _, ...swap } = event.data;
      return { ...timeline, exceptions: [...exceptions, { kind: 'swap', ...swap }] };
    }
    default:
      return event satisfies never;
  }
};

export const onCallDecider: Decider<OnCallTimeline, OnCallEvent> = {
  initialState: { ...onCallSchedules.decider.initialState, exceptions: [] },
  evolve,
};

/** Whether somebody is in a layer of any version, or in an exception: whoever is not is never on call by this schedule. */
export const isNamedIn = ({ versions, exceptions }: OnCallTimeline, person: string): boolean =>
  versions.some(({ definition }) => definition.layers.some(({ participants }) => participants.includes(person))) ||
  exceptions.some((exception) =>
    exception.kind === 'override' ? exception.person === person : [exception.first.person, exception.second.person].includes(person),
  );

/** How often it was changed. It grows with each of its events. */
export const changesOf = ({ versions, retirements, exceptions }: OnCallTimeline): number =>
  versions.length +
  retirements.length +
  exceptions.length +
  exceptions.filter((exception) => exception.kind === 'override' && exception.removedFrom !== undefined).length;
