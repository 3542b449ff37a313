import type { Event, Recorded } from '#kernel';

/** An event as other systems read it. Positions are text: they are larger than a double holds exactly. */
export const eventJson = (event: Recorded<Event>) => ({
  position: event.position.toString(),
  streamName: event.streamName,
  revision: Number(event.revision),
  id: event.id,
  type: event.type,
  occurredAt: event.occurredAt,
  recordedAt: event.recordedAt,
  data: event.data,
  metadata: event.metadata,
});

export type EventJson = ReturnType<typeof eventJson>;
