/** A fact: its type names what happened, its data is the outcome. */
export type Event<Type extends string = string, Data = unknown> = Readonly<{ type: Type; data: Readonly<Data> }>;

/** Who or what acted. `id` is stable, `name` is what it was called at the time; roles are those it acted in. */
export type Actor = Readonly<{
  kind: 'person' | 'service' | 'automation' | 'import';
  id: string;
  name?: string;
  roles?: readonly string[];
  onBehalfOf?: string;
}>;

/** Where an imported event comes from: the file, its SHA-256 in hex, and the row (1 is the first below the header). */
export type Origin = Readonly<{ file: string; sha256: string; row: number }>;

/** What is stored beside an event's data. `$correlationId` and `$causationId` are EventStoreDB's own names, its tools follow them. */
export type EventMetadata = Readonly<{
  $correlationId: string;
  $causationId: string;
  actor: Actor;
  /** ISO 8601, UTC; only where it differs from the moment of recording. */
  occurredAt?: string;
  /** The command this event answers: the same id never appends twice. */
  commandId: string;
  /** SHA-256 of the command's input, hex; with it a resent command is told from another one under the same key. */
  commandHash?: string;
  schemaVersion: number;
  origin?: Origin;
}>;

/** What the log adds to an event: its identity, its place, and its two times. */
export type Recording = Readonly<{
  id: string;
  streamName: string;
  /** Place in its stream, from 0. */
  revision: bigint;
  /** Place in the whole log: the commit position in `$all`. Strictly increasing. */
  position: bigint;
  /** When the store wrote it: ISO 8601, UTC. */
  recordedAt: string;
  /** When it happened: `metadata.occurredAt`, else `recordedAt`. */
  occurredAt: string;
  metadata: EventMetadata;
}>;

/** An event as read from the log. Distributes over a union, so that a switch on `type` narrows `data`. */
export type Recorded<E extends Event> = E extends Event ? E & Recording : never;

/** One member of a union of events, as recorded. */
export type RecordedOf<E extends Event, Type extends E['type']> = Recorded<Extract<E, { type: Type }>>;

/** An event on its way into the log. The id is derived from its command, so that writing it again writes nothing. */
export type NewEvent<E extends Event = Event> = Readonly<{ id: string; event: E; metadata: Omit<EventMetadata, 'schemaVersion'> }>;
