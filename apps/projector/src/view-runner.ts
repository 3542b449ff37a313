import { setTimeout as delay } from 'node:timers/promises';
import { backOffMs, LOG_START, UnreadableEvent, type EventLog } from '#kernel';
import { CheckpointLost, PoisonEvent, WriteRefused, type ViewBatch, type ViewStore } from '#adapters/read-models';
import { EventQueue } from './event-queue.js';
import type { Observers } from './projector.observer.js';
import type { ProjectorSettings } from './projector.options.js';
import type { Halt, Retry, ViewState, ViewStatus } from './view-status.js';

/** A view that is at the end of the log rests after a batch, so many times as long as that took: under load its batches grow, not their number. */
const RESTS_FOR = 3;

/** So many events of the queue, folded. */
type TakenBatch = Readonly<{ events: number; folded: ViewBatch }>;

/** The view, or the log, cannot be brought further by trying again. */
const isLasting = (error: unknown): error is Error =>
  error instanceof PoisonEvent || error instanceof WriteRefused || error instanceof UnreadableEvent;

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const now = () => new Date().toISOString();

/** Sleeps, or until the signal says to stop. */
const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined);

/**
 * Moves one view: takes batch after batch from its queue into its store. It never passes over an event. One that the view cannot take stops
 * it there for good; an engine that is away makes it try again for ever, ever more slowly; a view that another process moves is left to
 * that one, for as long as it does move.
 */
export class ViewRunner {
  readonly queue: EventQueue;
  #state: ViewState = 'starting';
  #position = LOG_START;
  #generation: number | undefined;
  #halt: Halt | undefined;
  #retry: Retry | undefined;
  #restUntil = 0;
  #isReady: () => void = () => undefined;

  /** Resolves when the view is at its checkpoint for the first time, or halted. */
  readonly ready = new Promise<void>((resolve) => {
    this.#isReady = resolve;
  });

  /** @param rewound called when the view was set back behind what is queued: its events have to be offered again */
  constructor(
    private readonly store: ViewStore,
    private readonly log: EventLog,
    private readonly settings: ProjectorSettings,
    private readonly observers: Observers,
    private readonly rewound: () => void,
  ) {
    this.queue = new EventQueue(store.projection.streamPrefixes, settings.batchEvents);
  }

  get view(): string {
    return this.store.id;
  }

  get streamPrefixes(): readonly string[] {
    return this.store.projection.streamPrefixes;
  }

  get position(): bigint {
    return this.#position;
  }

  /** Whether it takes any more events of the log. */
  get isListening(): boolean {
    return this.#state !== 'halted' && this.#state !== 'stopped' && this.queue.end === undefined;
  }

  /** @param head the end of the log, as last heard of */
  status(head: bigint): ViewStatus {
    const { queue } = this;
    const isCaughtUp = queue.isCaughtUp && this.#state !== 'halted';
    const end = isCaughtUp || queue.seen > head ? queue.seen : head;
    const since = queue.oldest?.recordedAt ?? this.#halt?.since;
    return {
      view: this.view,
      state: this.#state,
      position: this.#position,
      isCaughtUp,
      lag: {
        events: queue.length,
        positions: end > this.#position ? end - this.#position : 0n,
        seconds: since === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(since)) / 1_000),
      },
      ...(this.#halt && { halt: this.#halt }),
      ...(this.#retry && { retry: this.#retry }),
    };
  }

  /** Runs until the signal says to stop, or the view is halted. A batch that is being written is finished first. */
  async run(signal: AbortSignal): Promise<void> {
    const nudge = () => this.queue.nudge();
    signal.addEventListener('abort', nudge);
    let isBeaten = false;
    while (!signal.aborted && !this.#halt) {
      try {
        if (isBeaten) await this.#standBy(signal);
        isBeaten = false;
        await this.#takeUp();
        await this.#takeBatches(signal);
      } catch (error) {
        if (error instanceof CheckpointLost) isBeaten = true;
        else if (isLasting(error)) this.#stopAt(error);
        else await this.#backOff(error, signal);
      }
    }
    signal.removeEventListener('abort', nudge);
    if (!this.#halt) this.#state = 'stopped';
    this.#isReady();
  }

  async #takeUp(): Promise<void> {
    const { generation, position } = await this.store.resume(this.log);
    if (generation !== this.#generation) {
      this.#generation = generation;
      // collections that nobody reads: not worth an error, and the next start drops them too
      await this.store.dropLeftovers().catch(() => []);
    }
    this.#moved(position);
    this.#state = 'running';
    this.#isReady();
  }

  #moved(position: bigint): void {
    if (position === this.#position && this.#state === 'running') return;
    const isBack = position < this.#position;
    this.#position = position;
    this.observers.tell('moved', this.view, position);
    if (isBack) {
      this.queue.close();
      this.rewound();
    } else {
      this.queue.dropThrough(position);
    }
  }

  async #takeBatches(signal: AbortSignal): Promise<void> {
    let batch: TakenBatch | undefined;
    while (!signal.aborted && (batch ??= await this.#next(signal))) batch = await this.#apply(batch, signal);
  }

  /** Waits for the next batch, and folds it; `undefined` where the signal comes first. */
  async #next(signal: AbortSignal): Promise<TakenBatch | undefined> {
    const { queue } = this;
    while (!queue.isWorthTaking(this.#position)) {
      this.#recovered();
      if (queue.end) throw queue.end;
      await queue.change();
      if (signal.aborted) return undefined;
    }
    const restMs = this.#restUntil - performance.now();
    if (restMs > 0 && queue.isCaughtUp) await pause(restMs, signal);
    if (signal.aborted) return undefined;
    const events = queue.first(this.settings.batchEvents);
    const last = events.at(-1);
    const through = last && events.length < queue.length ? last.position : queue.seen;
    try {
      return { events: events.length, folded: await this.store.fold(events, through) };
    } catch (error) {
      if (!(error instanceof PoisonEvent)) throw error;
      const sound = events.slice(0, events.indexOf(error.event));
      const end = sound.at(-1)?.position;
      if (end !== undefined) await this.#apply({ events: sound.length, folded: await this.store.fold(sound, end) }, signal);
      throw error;
    }
  }

  /** Writes a batch, and folds the one behind it meanwhile, where all of that has arrived. @returns that one, not yet begun */
  async #apply({ events, folded }: TakenBatch, signal: AbortSignal): Promise<TakenBatch | undefined> {
    const startedAt = performance.now();
    this.#moved((await this.store.begin(folded)).position);
    const folding = this.#foldAhead(folded.through);
    await this.store.write(folded);
    const ahead = await folding;
    const isLast = ahead === undefined || signal.aborted;
    if (isLast) this.#moved((await this.store.commit()).position);
    this.#recovered();
    const tookMs = performance.now() - startedAt;
    this.#restUntil = performance.now() + Math.min(RESTS_FOR * tookMs, this.settings.restMs);
    this.observers.tell('committed', this.status(this.queue.seen), { events, seconds: tookMs / 1_000 });
    return isLast ? undefined : ahead;
  }

  /** What fails here is tried again, and found out, when its turn comes. */
  async #foldAhead(after: bigint): Promise<TakenBatch | undefined> {
    const events = this.queue.fullBatch(after);
    const last = events?.at(-1);
    if (!events || !last) return undefined;
    const folded = await this.store.fold(events, last.position).catch(() => undefined);
    return folded && { events: events.length, folded };
  }

  /** Leaves the view to whoever moves it, until he has not for a while. A rebuilt generation is taken up at once. */
  async #standBy(signal: AbortSignal): Promise<void> {
    let before = await this.store.look();
    if (before?.generation !== this.#generation) return;
    this.#state = 'standby';
    this.observers.tell('standingBy', this.view);
    while (!signal.aborted) {
      await pause(this.settings.standbyMs, signal);
      const record = await this.store.look();
      const isStill = record?.position === before?.position && record?.pending === before?.pending;
      if (!record || isStill || record.generation !== this.#generation) return;
      this.#moved(record.position);
      before = record;
    }
  }

  async #backOff(error: unknown, signal: AbortSignal): Promise<void> {
    const failures = (this.#retry?.failures ?? 0) + 1;
    this.#retry = { failures, error: textOf(error), since: this.#retry?.since ?? now() };
    this.#state = 'retrying';
    const nextInMs = backOffMs(failures);
    this.observers.tell('retrying', this.view, this.#retry, nextInMs);
    await pause(nextInMs, signal);
  }

  #recovered(): void {
    if (!this.#retry) return;
    this.#retry = undefined;
    this.observers.tell('recovered', this.view);
  }

  #stopAt(error: Error): void {
    this.#state = 'halted';
    this.#halt = { after: this.#position, ...placeOf(error), error: textOf(error), since: now() };
    this.#retry = undefined;
    this.queue.close();
    this.observers.tell('halted', this.view, this.#halt);
  }
}

const placeOf = (error: Error): Partial<Halt> => {
  if (error instanceof PoisonEvent) {
    const { position, id: eventId, streamName, revision } = error.event;
    return { position, eventId, streamName, revision };
  }
  return error instanceof UnreadableEvent ? { streamName: error.streamName, revision: error.revision } : {};
};
