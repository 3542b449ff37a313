import { foldBatch, type BatchWrites, type Event, type Folded, type Projection, type Recorded } from '#kernel';

/** A view cannot take an event: its table of steps failed on it. Nothing of the batch has been written. */
export class PoisonEvent extends Error {
  constructor(
    readonly view: string,
    readonly event: Recorded<Event>,
    cause: unknown,
  ) {
    const { type, revision, streamName } = event;
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${view} cannot take ${type}, event ${revision} of ${streamName}: ${reason}`, { cause });
    this.name = 'PoisonEvent';
  }
}

type Doc = Record<string, unknown>;

/** The first event of each key, in order. @throws PoisonEvent */
export const firstEvents = (projection: Projection, events: readonly Recorded<Event>[]): Map<string, Recorded<Event>> => {
  const first = new Map<string, Recorded<Event>>();
  for (const event of events) {
    let key: string;
    try {
      key = projection.key(event);
    } catch (error) {
      throw new PoisonEvent(projection.name, event, error);
    }
    if (!first.has(key)) first.set(key, event);
  }
  return first;
};

/** `foldBatch`, which tells which event it failed on. @throws PoisonEvent */
export const foldEvents = (
  projection: Projection,
  stored: ReadonlyMap<string, Folded<Doc>>,
  events: readonly Recorded<Event>[],
): BatchWrites<Doc> => {
  let current = events[0];
  const key = (event: Recorded<Event>) => projection.key((current = event));
  try {
    return foldBatch({ ...projection, key }, stored, events);
  } catch (error) {
    if (!current) throw error;
    throw new PoisonEvent(projection.name, current, error);
  }
};
