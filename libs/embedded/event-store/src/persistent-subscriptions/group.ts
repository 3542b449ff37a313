import type { RpcError } from '../grpc/status.js';
import type { EventLog } from '../log/event-log.js';
import type { Writing } from '../log/writing.js';
import { resolved } from '../services/links.js';
import { asRpcError } from '../rpc-error.js';
import { turn } from '../turn.js';
import type { ResolvedEvent } from '../wire/read-responses.js';
import { checkpointStream, Checkpoints } from './bookkeeping.js';
import type { Consumer } from './consumer.js';
import { pinOf, strategyOf, type ConsumerStrategy } from './consumer-strategy.js';
import { RateMeter } from './measurements.js';
import type { Message } from './message.js';
import { ParkedMessages } from './parked-messages.js';
import { Progress } from './progress.js';
import { ALL, type GroupSettings, type GroupSource } from './settings.js';
import { firstPlace, placeBehind, sourceOf, type PinOf, type Source } from './source.js';

/** What a consumer answers a message with that it did not process. */
export type NackAction = 'unknown' | 'park' | 'retry' | 'skip' | 'stop';

export type GroupDefinition = Readonly<{
  groupName: string;
  source: GroupSource;
  settings: GroupSettings;
  /** The first place, as it was when the group was made: `end` is a place then, and stays that. */
  firstPlace: number;
}>;

/** A consumer's message, and when it is taken back. */
type InFlight = Readonly<{ message: Message; consumer: Consumer; deadline: number }>;

/** So much of `$all` is passed over before a checkpoint says so, where nothing of it was handed over. */
const FAR_BYTES = 16 * 1_048_576;

/** What a timer can count. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const everything = () => true;

/**
 * A persistent subscription: reads its source ahead, hands each message to one of its consumers, and again to some consumer until it is
 * answered, parked or skipped. Nothing that it read is behind its checkpoint before that, so what a crash interrupts is handed over again.
 */
export class Group {
  readonly rate = new RateMeter();
  readonly parked: ParkedMessages;
  private readonly checkpoints: Checkpoints;
  private readonly source: Source;
  private readonly strategy: ConsumerStrategy;
  private readonly pinOf: PinOf;
  private readonly progress = new Progress();
  private members: Consumer[] = [];
  /** Read ahead, in order. */
  private readonly buffer: Message[] = [];
  /** To be handed over before those: again, or for the first time after they were parked. */
  private readonly retries: Message[] = [];
  private readonly inFlight = new Map<string, InFlight>();
  private checkpoint: number | undefined;
  private checkpointedAt = performance.now();
  private reading = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly stopListening: () => void;
  /** What is being written: nobody waits for it but the end. */
  private readonly writes = new Set<Promise<void>>();

  constructor(
    private readonly log: EventLog,
    writing: Writing,
    readonly definition: GroupDefinition,
    private readonly onFault: (error: Error) => void,
  ) {
    const { groupName, source, settings } = definition;
    const { streamName } = source;
    this.checkpoints = new Checkpoints(log, writing, streamName, groupName);
    this.parked = new ParkedMessages(log, writing, streamName, groupName);
    this.strategy = strategyOf(settings.strategy);
    this.pinOf = pinOf(log, settings.strategy, settings.resolveLinks);
    this.checkpoint = this.checkpoints.load();
    const first = this.checkpoint === undefined ? definition.firstPlace : placeBehind(log, streamName, this.checkpoint);
    const ownStreams = [checkpointStream(streamName, groupName), this.parked.streamName];
    const isOwn = (name: string) => ownStreams.some((own) => name === own || name === `$$${own}`);
    this.source = sourceOf(log, source, first, isOwn, this.pinOf);
    this.stopListening = log.commits.listen(streamName === ALL ? undefined : streamName, () => void this.readAhead());
    void this.readAhead();
  }

  get consumers(): readonly Consumer[] {
    return this.members;
  }

  get isLive(): boolean {
    return this.source.isAtEnd();
  }

  get lastKnown(): number | undefined {
    return this.source.lastKnown();
  }

  get lastCheckpoint(): number | undefined {
    return this.checkpoint;
  }

  /** How many messages wait, and how many are with consumers. */
  get counts(): Readonly<{ read: number; live: number; retry: number; inFlight: number }> {
    const live = this.buffer.filter(({ isLive }) => isLive).length;
    return { read: this.buffer.length - live, live, retry: this.retries.length, inFlight: this.inFlight.size };
  }

  connect(consumer: Consumer): void {
    this.members = [...this.members, consumer];
    this.push();
  }

  /** Takes a consumer off. What was with it goes to others, in order. */
  disconnect(consumer: Consumer): void {
    if (!this.members.includes(consumer)) return;
    this.members = this.members.filter((other) => other !== consumer);
    const lost = [...consumer.inFlight.values()].map(({ message }) => message).sort((a, b) => a.order - b.order);
    for (const message of lost) {
      this.release(message.id);
      message.retries++;
      this.retries.push(message);
    }
    this.push();
  }

  acknowledge(consumer: Consumer, ids: readonly string[]): void {
    for (const id of ids) {
      const message = this.takeFrom(consumer, id);
      if (message) this.settle(message);
    }
    this.proceed();
  }

  refuse(consumer: Consumer, ids: readonly string[], action: NackAction, reason: string): void {
    for (const id of ids) {
      const message = this.takeFrom(consumer, id);
      if (!message) continue;
      if (action === 'park') this.tellFaults(this.park(message, `Client explicitly NAK'ed message.\n${reason}`));
      else if (action === 'retry' || action === 'unknown') this.retry(message);
      else this.settle(message);
    }
    this.proceed();
  }

  /** Hands parked messages over again. @param stopAt the first, by its number in the parked stream, that stays parked */
  replayParked(stopAt: number | undefined): void {
    this.parked.replay(stopAt);
    this.proceed();
  }

  /** To be called every second: writes what the time has come for. */
  tick(): void {
    const { settings, source, firstPlace: first } = this.definition;
    if (performance.now() - this.checkpointedAt >= settings.checkpointAfterMs) this.saveCheckpoint(settings.minCheckpointCount);
    // a filter may leave out most of a long log, which is not to be gone through again
    const isFar = source.streamName === ALL && this.source.through() - (this.checkpoint ?? first) > FAR_BYTES;
    if (isFar && this.progress.isIdle) this.saveCheckpoint(0);
    this.tellFaults(this.parked.truncate());
  }

  /** Ends it here: its consumers are told why, and it is written how far it is. */
  async stop(reason: RpcError): Promise<void> {
    this.stopped = true;
    this.stopListening();
    clearTimeout(this.timer);
    for (const consumer of this.members) consumer.drop(reason);
    this.members = [];
    // an answer that is still on its way comes too late: another group, or another run of the node, hands the message over again
    this.inFlight.clear();
    // what is parked now is done with
    while (this.writes.size > 0) await Promise.all(this.writes);
    const through = this.progress.through(this.source.through());
    if (this.progress.settledCount > 0 && through !== this.checkpoint && through >= 0) await this.checkpoints.save(through);
    await this.parked.truncate();
  }

  /** Reads until as much is buffered as should be, or there is no more. */
  private async readAhead(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    try {
      const { historyBufferSize, liveBufferSize } = this.definition.settings;
      let isLive = this.source.isAtEnd();
      while (!this.stopped) {
        const room = Math.max(historyBufferSize, isLive ? liveBufferSize : 0) - this.buffer.length;
        if (room <= 0) break;
        this.source.read(room, isLive, (message) => {
          this.progress.begin(message);
          this.buffer.push(message);
        });
        this.push();
        if (this.source.isAtEnd()) break;
        isLive = false;
        await turn();
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.reading = false;
    }
  }

  /** Room was made, or messages: on with it. */
  private proceed(): void {
    const room = this.definition.settings.historyBufferSize - this.retries.length;
    try {
      this.parked.read(room, this.pinOf, (message) => this.retries.push(message));
    } catch (error) {
      this.fail(error);
    }
    this.push();
    void this.readAhead();
    this.saveCheckpoint(this.definition.settings.maxCheckpointCount);
  }

  /** Hands over what can be: those first that are handed over again. */
  private push(): void {
    for (const queue of [this.retries, this.buffer]) {
      let taken = 0;
      let kept = 0;
      for (const message of queue) {
        if (this.stopped || !this.members.some(({ hasRoom }) => hasRoom)) break;
        // an id that is with a consumer already waits for its answer: two of them could not be told apart
        const consumer = this.inFlight.has(message.id) ? undefined : this.strategy(message, this.members);
        if (!consumer || !this.send(message, consumer)) queue[kept++] = message;
        taken++;
      }
      queue.splice(kept, taken - kept);
    }
  }

  private send(message: Message, consumer: Consumer): boolean {
    const { messageTimeoutMs } = this.definition.settings;
    try {
      consumer.send(message, this.resolve(message, consumer.options.mayRead), () => this.push());
    } catch (error) {
      this.fail(error);
      return false;
    }
    this.rate.count();
    const deadline = messageTimeoutMs > 0 ? performance.now() + messageTimeoutMs : Infinity;
    this.inFlight.set(message.id, { message, consumer, deadline });
    if (messageTimeoutMs > 0) this.watch();
    return true;
  }

  /** A message's event, as consumers see it. A replayed one is always found by its link. */
  private resolve({ position, isReplayed }: Message, mayRead: (streamName: string) => boolean): ResolvedEvent {
    const event = this.log.at(position);
    return isReplayed || this.definition.settings.resolveLinks ? resolved(this.log, event, mayRead) : { event };
  }

  private takeFrom(consumer: Consumer, id: string): Message | undefined {
    const sent = this.inFlight.get(id);
    if (sent?.consumer !== consumer) return undefined;
    this.release(id);
    return sent.message;
  }

  private release(id: string): void {
    this.inFlight.get(id)?.consumer.release(id);
    this.inFlight.delete(id);
  }

  private retry(message: Message): void {
    const { maxRetryCount } = this.definition.settings;
    if (message.retries >= maxRetryCount) return this.tellFaults(this.park(message, `Reached retry max of ${maxRetryCount}`));
    message.retries++;
    this.retries.push(message);
  }

  private async park(message: Message, reason: string): Promise<void> {
    try {
      await this.parked.park(this.resolve(message, everything), reason);
      this.settle(message);
    } catch (error) {
      // not parked is not done: it is handed over again
      this.onFault(error as Error);
      this.retries.push(message);
    }
    if (!this.stopped) this.proceed();
  }

  private settle(message: Message): void {
    if (!message.isReplayed) return this.progress.settle(message);
    this.parked.settle(message);
    if (this.parked.isIdle) this.tellFaults(this.parked.truncate());
  }

  /** Wakes when the first message has been with its consumer for too long. */
  private watch(): void {
    const [first] = this.inFlight.values();
    if (this.timer || !first) return;
    this.timer = setTimeout(() => this.takeBackLate(), Math.min(MAX_TIMER_MS, Math.max(1, first.deadline - performance.now())));
    this.timer.unref();
  }

  private takeBackLate(): void {
    this.timer = undefined;
    const now = performance.now();
    // all have the same time, so they stand in the order that they run out
    for (const [id, { message, deadline }] of this.inFlight) {
      if (deadline > now) break;
      this.release(id);
      this.retry(message);
    }
    this.watch();
    this.proceed();
  }

  private saveCheckpoint(wanted: number): void {
    const { settledCount } = this.progress;
    if (settledCount < wanted) return;
    const through = this.progress.through(this.source.through());
    if (through < 0 || through === this.checkpoint) return;
    this.progress.reset();
    this.checkpointedAt = performance.now();
    this.tellFaults(
      this.checkpoints.save(through).then(() => {
        this.checkpoint = through;
      }),
    );
  }

  private tellFaults(work: Promise<void>): void {
    const told = work.catch((error: unknown) => this.onFault(error as Error)).finally(() => this.writes.delete(told));
    this.writes.add(told);
  }

  /** A message cannot be read: nobody gets it, or what comes behind it, until that is set right. */
  private fail(error: unknown): void {
    const reason = asRpcError(error, this.onFault);
    for (const consumer of this.members) consumer.drop(reason);
    this.members = [];
  }
}

/** The definition of a group that begins now. */
export const defineGroup = (log: EventLog, groupName: string, source: GroupSource, settings: GroupSettings): GroupDefinition => ({
  groupName,
  source,
  settings,
  firstPlace: firstPlace(log, source.streamName, settings.startFrom),
});
