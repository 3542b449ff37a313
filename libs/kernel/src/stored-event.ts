import { UnknownEvent, type EventCatalogue } from './catalogue.js';
import type { Event, EventMetadata, NewEvent, Recorded, Recording } from './event.js';

/** An event as the store keeps it: under its stored name, in the shape it was written in. */
export type StoredEvent = Readonly<Omit<Recording, 'occurredAt' | 'metadata'> & { storedType: string; data: unknown; metadata: unknown }>;

/** What goes into the store for a new event. */
export type EventToStore = Readonly<{ id: string; storedType: string; data: unknown; metadata: EventMetadata }>;

/** An event stands in the log and cannot be read. It says which one, so that whoever stops at it can be helped. */
export class UnreadableEvent extends Error {
  constructor(
    readonly streamName: string,
    readonly revision: bigint,
    cause: unknown,
  ) {
    super(`Event ${revision} of ${streamName} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'UnreadableEvent';
  }
}

/** Gives an event the name and the schema version it is written under today. */
export const toStore = ({ storedForm }: EventCatalogue<Event>, { id, event, metadata }: NewEvent): EventToStore => {
  const form = storedForm(event.type);
  if (!form) throw new UnknownEvent(event.type);
  return { id, storedType: form.storedType, data: event.data, metadata: { ...metadata, schemaVersion: form.schemaVersion } };
};

/**
 * Reads a stored event as today's program means it. It happened when it was recorded, unless its metadata says otherwise.
 * @throws UnreadableEvent when nobody here knows its name, or it has no metadata: then it is not one of ours
 */
export const fromStore = <E extends Event>({ read }: EventCatalogue<Event>, stored: StoredEvent): Recorded<E> => {
  const { storedType, id, streamName, revision, position, recordedAt } = stored;
  const metadata = stored.metadata as EventMetadata | undefined;
  try {
    if (typeof metadata?.commandId !== 'string') throw new Error(`${storedType} has no metadata of ours`);
    const { type, data } = read(storedType, stored.data);
    const occurredAt = metadata.occurredAt ?? recordedAt;
    return { type, data, id, streamName, revision, position, recordedAt, occurredAt, metadata } as unknown as Recorded<E>;
  } catch (error) {
    throw new UnreadableEvent(streamName, revision, error);
  }
};
