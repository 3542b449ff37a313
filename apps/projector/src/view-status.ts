/** Where a view stopped because it cannot take an event. What is not known is absent: of an event that cannot be read, its id and position. */
export type Halt = Readonly<{
  /** Every event up to here is in the view. */
  after: bigint;
  position?: bigint;
  eventId?: string;
  streamName?: string;
  revision?: bigint;
  error: string;
  /** ISO 8601, UTC. */
  since: string;
}>;

/** An attempt that failed for want of an engine; it is being tried again. */
export type Retry = Readonly<{ failures: number; error: string; since: string }>;

/**
 * - `starting`: not yet at its checkpoint; - `running`; - `standby`: another process moves it; - `retrying`: an engine is away;
 * - `halted`: it cannot take an event, and stays there until the program is mended; - `stopped`.
 */
export type ViewState = 'starting' | 'running' | 'standby' | 'retrying' | 'halted' | 'stopped';

export type ViewStatus = Readonly<{
  /** The id of its checkpoint, `agent-queue_v1`. */
  view: string;
  state: ViewState;
  /** Every event up to here is in it. */
  position: bigint;
  /** Nothing was left in the log when it was last heard of. */
  isCaughtUp: boolean;
  lag: Readonly<{
    /** Events that have arrived and are not in the view yet; more may stand in the log until it is caught up. */
    events: number;
    /** Distance to the end of the log; 0 when it is caught up. */
    positions: bigint;
    /** Age of the oldest event that has arrived and is not in the view, in seconds. */
    seconds: number;
  }>;
  halt?: Halt;
  retry?: Retry;
}>;
