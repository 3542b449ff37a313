import type { Event, Recorded } from '#kernel';

/** Of events that do not concern a view, this many batches' worth move its checkpoint by themselves. */
const BATCHES_PASSED_OVER = 4;

/**
 * The events that a view has still to take, in order, and how far the log has been looked through for them. Whoever fills it waits while it
 * is full (three batches: one that is being written, one that is folded meanwhile, one that arrives); whoever empties it waits until it is
 * worth taking.
 */
export class EventQueue {
  #events: Recorded<Event>[] = [];
  #seen = -1n;
  #passedOver = 0;
  #isOpen = false;
  #isCaughtUp = false;
  #isHeldUp = false;
  #end: Error | undefined;
  #waiting: (() => void)[] = [];

  constructor(
    private readonly streamPrefixes: readonly string[],
    private readonly batchEvents: number,
  ) {}

  /** Everything up to here has been looked at: what the view needs of it is in the queue or was taken. */
  get seen(): bigint {
    return this.#seen;
  }

  get length(): number {
    return this.#events.length;
  }

  get oldest(): Recorded<Event> | undefined {
    return this.#events[0];
  }

  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  get isFull(): boolean {
    return this.#events.length >= 3 * this.batchEvents;
  }

  /** Why there will be no more, once the queue is empty. */
  get end(): Error | undefined {
    return this.#end;
  }

  /** A batch is full; or nothing else will come soon, and there is something. `position` is where the view is. */
  isWorthTaking(position: bigint): boolean {
    if (this.#events.length >= this.batchEvents || this.#passedOver >= BATCHES_PASSED_OVER * this.batchEvents) return true;
    return (this.#isCaughtUp || this.#isHeldUp || this.#end !== undefined) && this.#seen > position;
  }

  /** The next whole batch behind a position, if it has arrived. */
  fullBatch(after: bigint): readonly Recorded<Event>[] | undefined {
    const from = this.#events.findIndex(({ position }) => position > after);
    if (from === -1 || this.#events.length - from < this.batchEvents) return undefined;
    return this.#events.slice(from, from + this.batchEvents);
  }

  wants(streamName: string): boolean {
    return this.streamPrefixes.some((prefix) => streamName.startsWith(prefix));
  }

  /** Begins anew: what is offered from now on lies behind this position. */
  open(after: bigint): void {
    this.#clear();
    this.#isOpen = true;
    this.#seen = after;
    this.#wake();
  }

  /** Empties it, and takes nothing until it is opened again. */
  close(): void {
    this.#clear();
    this.#wake();
  }

  #clear(): void {
    this.#events = [];
    this.#passedOver = 0;
    this.#isOpen = this.#isCaughtUp = this.#isHeldUp = false;
    this.#end = undefined;
  }

  /** The next event of the log, whether it concerns the view or not. One that was seen before is passed over. */
  offer(event: Recorded<Event>): void {
    if (!this.#isOpen || event.position <= this.#seen) return;
    this.#seen = event.position;
    this.#isCaughtUp = this.#isHeldUp = false;
    if (this.wants(event.streamName)) this.#events.push(event);
    else this.#passedOver++;
    if (this.#waiting.length > 0 && this.isWorthTaking(this.#seen)) this.#wake();
  }

  /** There was nothing left to offer up to this position. */
  caughtUp(position: bigint): void {
    if (!this.#isOpen) return;
    if (position > this.#seen) this.#seen = position;
    this.#isCaughtUp = true;
    this.#wake();
  }

  /** Whoever offers waits for somebody else: better take what there is. */
  heldUp(): void {
    this.#isHeldUp = true;
    this.#wake();
  }

  /** Nothing can be offered any more, for this reason. What is in the queue can still be taken. */
  endWith(reason: Error): void {
    this.#isOpen = false;
    this.#end = reason;
    this.#wake();
  }

  /** The first events, which stay in the queue until they are dropped. */
  first(count: number): readonly Recorded<Event>[] {
    return this.#events.slice(0, count);
  }

  /** Forgets the events up to here: they are in the view. */
  dropThrough(position: bigint): void {
    const kept = this.#events.findIndex((event) => event.position > position);
    this.#events = kept === -1 ? [] : this.#events.slice(kept);
    this.#passedOver = 0;
    if (position > this.#seen) this.#seen = position;
    this.#wake();
  }

  /** Resolves with the next change that somebody may wait for. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Whoever waits looks again. */
  nudge(): void {
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
