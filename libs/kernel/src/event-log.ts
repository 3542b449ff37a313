import type { Event, NewEvent, Recorded } from './event.js';

/** The revision of a stream that has no event yet. */
export const NO_STREAM = -1n;

/** The position before the first event of the log. */
export const LOG_START = -1n;

export type Appended = Readonly<{ revision: bigint; position: bigint }>;

/**
 * What a subscription hands over: events in the order of the log, and the moments at which there was nothing more to hand over. Then
 * `position` says how far that is known: every event of these streams up to there has been handed over, and whatever else the log holds
 * up to there is of other streams. The first time, that is at least the end of the log as it was when the subscription was asked for.
 */
export type LogMessage<E extends Event = Event> = { kind: 'event'; event: Recorded<E> } | { kind: 'caught-up'; position: bigint };

export type SubscribeOptions = Readonly<{
  /** Exclusive: the first event handed over lies behind it. `LOG_START` for all. */
  after: bigint;
  /** Only streams whose name starts with one of these. */
  streamPrefixes: readonly string[];
  /** Ends the subscription, quietly. */
  signal?: AbortSignal;
}>;

export type ReadAllOptions = Readonly<{
  /** Exclusive. */
  after: bigint;
  /** Inclusive; absent: to the end of the log at this moment. */
  through?: bigint;
  streamPrefixes: readonly string[];
  /** Most events to hand over; absent: no bound. */
  limit?: number;
}>;

/**
 * The log as the rest of the program sees it; `libs/adapters/event-store` implements it on EventStoreDB.
 * Everything that can grow is handed over as a stream, at the pace of whoever reads it.
 * Who reads names the events that those streams hold: streams are told apart by their prefix, and the catalogue of stored names
 * refuses what nobody knows.
 */
export interface EventLog {
  /** The events of one stream, oldest first, from `from` on (inclusive). A stream that does not exist has none. */
  readStream<E extends Event>(streamName: string, options?: { from?: bigint; through?: bigint }): AsyncIterable<Recorded<E>>;

  /** The last event of a stream, if it has one. */
  readLast<E extends Event>(streamName: string): Promise<Recorded<E> | undefined>;

  /**
   * Writes all of the events or none, and answers once they are on disk.
   * The same event ids at the same expected revision write nothing a second time and answer as the first time.
   * @throws WrongExpectedRevision when the stream is not at `expectedRevision` (`NO_STREAM` for a new one)
   */
  append(streamName: string, expectedRevision: bigint, events: readonly NewEvent[]): Promise<Appended>;

  /** The log in order, from one position to another, and then the end. */
  readAll<E extends Event>(options: ReadAllOptions): AsyncIterable<Recorded<E>>;

  /** The log in order, and then whatever comes. It outlives lost connections: it resumes exactly where it was. */
  subscribe<E extends Event>(options: SubscribeOptions): AsyncIterable<LogMessage<E>>;

  /** The position of the last event of the log, whatever its stream; `LOG_START` when it is empty. */
  headPosition(): Promise<bigint>;
}

/** An event on its way to one member of a group. It is handed over again, here or to another member, until it is settled. */
export type Delivery<E extends Event = Event> = Readonly<{
  event: Recorded<E>;
  /** How often it was handed over before. */
  retries: number;
  /** It has been dealt with. */
  done(): Promise<void>;
  /** It cannot be dealt with now: it is handed over again, so many times, and then put aside. */
  again(reason: string): Promise<void>;
  /** It cannot be dealt with at all: it is put aside, where a person finds it, and can have it handed over again. */
  park(reason: string): Promise<void>;
}>;

export type ConsumeOptions = Readonly<{
  /** Its members share the events between them; the group goes on where it was, whoever of them comes and goes. */
  group: string;
  /** Only streams whose name starts with one of these. Events of one stream go to one member, as long as it is there. */
  streamPrefixes: readonly string[];
  /** Most events that this member has unsettled. */
  inFlight: number;
  /** Ends it, quietly; what is unsettled is handed to others. */
  signal?: AbortSignal;
}>;

/** A group of consumers: how many take part now, and how many events were put aside for a person to look at. */
export type GroupStatus = Readonly<{ members: number; parked: number }>;

/** How several processes share the work that events make: each event is handed over at least once, from the first event of the log on. */
export interface EventConsumers {
  /** Takes part in a group, which is made where it is missing. It outlives lost connections. */
  consume<E extends Event>(options: ConsumeOptions): AsyncIterable<Delivery<E>>;

  /** How a group is doing; `undefined` where nobody has taken part in it yet. */
  groupStatus(group: string): Promise<GroupStatus | undefined>;

  /** Has everything that a group put aside handed over again, once it has a member. */
  retryParked(group: string): Promise<void>;
}
