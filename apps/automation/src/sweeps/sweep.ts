import { eventCatalogue, type Decider, type Event } from '#kernel';

/** Each scope has its stream: `sweep-live`. */
export const SWEEP_STREAM_PREFIX = 'sweep-';

/** Up to where a sweep sees the site: every change recorded up to `position`, and every version that holds at `until` (ISO 8601, UTC). */
export type SweepReach = Readonly<{ until: string; position: string }>;

/** What happens to the sweeps of one scope. A lease is held by the process that named itself last, until it runs out. */
export type SweepEvent =
  | Event<'SweepBegun', SweepReach & Readonly<{ by: string; leaseUntil: string }>>
  /** Every incident up to `incidentId` has been looked at. */
  | Event<'SweepProgressed', { incidentId: string; by: string; leaseUntil: string }>
  | Event<'SweepCompleted', { by: string }>;

export const sweepCatalogue = eventCatalogue<SweepEvent>({
  SweepBegun: { storedName: 'SweepBegun' },
  SweepProgressed: { storedName: 'SweepProgressed' },
  SweepCompleted: { storedName: 'SweepCompleted' },
});

/** What is remembered: up to where sweeps were completed, and the one that is under way. */
export type Sweeps = Readonly<{
  completed: SweepReach | null;
  current: (SweepReach & Readonly<{ by: string; leaseUntil: string; after: string | null }>) | null;
}>;

const evolve = (sweeps: Sweeps, event: SweepEvent): Sweeps => {
  switch (event.type) {
    case 'SweepBegun': {
      const { until, position, by, leaseUntil } = event.data;
      return { ...sweeps, current: { until, position, by, leaseUntil, after: null } };
    }
    case 'SweepProgressed': {
      const { incidentId, by, leaseUntil } = event.data;
      return { ...sweeps, current: sweeps.current && { ...sweeps.current, by, leaseUntil, after: incidentId } };
    }
    case 'SweepCompleted': {
      const { current } = sweeps;
      return { completed: current && { until: current.until, position: current.position }, current: null };
    }
    default:
      return event satisfies never;
  }
};

export const sweepDecider: Decider<Sweeps, SweepEvent> = { initialState: { completed: null, current: null }, evolve };

/** How long a process may be silent before another one goes on with its sweep, in milliseconds. */
export const SWEEP_LEASE_MS = 60_000;

const leaseFrom = (now: string): string => new Date(Date.parse(now) + SWEEP_LEASE_MS).toISOString();

export type TakeSweep = SweepReach & Readonly<{ by: string; now: string }>;

/**
 * Takes the sweep: goes on with one that nobody is at any more, or begins one where the site has changed since the last. Nothing where
 * another process is at it, or nothing has changed. One that is gone on with keeps its reach: what changed since is for the next.
 */
export const takeSweep = ({ until, position, by, now }: TakeSweep, { completed, current }: Sweeps): SweepEvent[] => {
  if (current) {
    if (current.by !== by && current.leaseUntil > now) return [];
    return current.after === null
      ? [{ type: 'SweepBegun', data: { until: current.until, position: current.position, by, leaseUntil: leaseFrom(now) } }]
      : [{ type: 'SweepProgressed', data: { incidentId: current.after, by, leaseUntil: leaseFrom(now) } }];
  }
  if (completed?.until === until && completed.position === position) return [];
  return [{ type: 'SweepBegun', data: { until, position, by, leaseUntil: leaseFrom(now) } }];
};

/** Another process has taken the sweep over: whoever had it stops. */
export class SweepLost extends Error {
  override readonly name = 'SweepLost';
}

/** @throws SweepLost */
const held = ({ current }: Sweeps, by: string): void => {
  if (current?.by !== by) throw new SweepLost('Another process has taken the sweep over');
};

/** Incidents up to this one have been looked at; the lease is renewed. @throws SweepLost */
export const progressSweep = (command: Readonly<{ incidentId: string; by: string; now: string }>, sweeps: Sweeps): SweepEvent[] => {
  const { incidentId, by, now } = command;
  held(sweeps, by);
  return [{ type: 'SweepProgressed', data: { incidentId, by, leaseUntil: leaseFrom(now) } }];
};

/** All have been looked at. @throws SweepLost */
export const completeSweep = ({ by }: Readonly<{ by: string }>, sweeps: Sweeps): SweepEvent[] => {
  held(sweeps, by);
  return [{ type: 'SweepCompleted', data: { by } }];
};
