import type { RecordedEvent } from '@eventstore/db-client';
import type { StoredEvent } from '#kernel';

/**
 * The driver's event in our words. The position is the commit position: what is not written in a transaction of the old TCP protocol
 * has the same commit and prepare position. `created` is cut to milliseconds by the driver.
 */
export const storedEvent = ({ id, streamId, revision, position, created, type, data, metadata }: RecordedEvent): StoredEvent => {
  if (!position) throw new Error('The server gives no positions in stream reads: EventStoreDB 22.6 or later is needed');
  return {
    id,
    streamName: streamId,
    revision,
    position: position.commit,
    recordedAt: created.toISOString(),
    storedType: type,
    data,
    metadata,
  };
};

/** A place in `$all` as the driver asks for it. */
export const allPosition = (position: bigint) => ({ commit: position, prepare: position });
