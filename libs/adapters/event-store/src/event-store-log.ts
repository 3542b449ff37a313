import { setMaxListeners } from 'node:events';
import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Event, EventCatalogue, EventConsumers, EventLog } from '#kernel';
import { appending, APPENDING_CLIENTS } from './appending.js';
import { clientOf } from './connection.js';
import { consuming } from './consuming.js';
import { unavailable } from './failures.js';
import { reading } from './reading.js';
import type { OnInterruption } from './resuming.js';
import { subscribing } from './subscribing.js';

export type EventStoreLogOptions = Readonly<{
  /** The words of every stream that is read or written. */
  catalogue: EventCatalogue<Event>;
  /** Told whenever a subscription lost its connection and will resume. */
  onInterruption?: OnInterruption;
}> &
  (
    | Readonly<{ connectionString: string }>
    | Readonly<{ client: EventStoreDBClient; /** What to call its server in messages. */ endpoint: string }>
  );

/** What a look at the server showed: the end of its log, and how long the answer took, in milliseconds. */
export type EventStoreCheck = Readonly<{ endpoint: string; headPosition: bigint; answeredInMs: number }>;

export interface EventStoreLog extends EventLog, EventConsumers {
  /**
   * Asks the server for the end of its log.
   * @throws Unavailable when it does not answer within 5 s
   */
  check(): Promise<EventStoreCheck>;
  /** Ends every call that is still open: subscriptions quietly, reads and appends with `Unavailable`. */
  dispose(): Promise<void>;
}

/**
 * The log on an EventStoreDB 22.6 or later (23.10 for caught-up), or a KurrentDB, or the embedded node: whatever answers
 * `@eventstore/db-client`. It connects with the first call; a lost connection is made again by the next one.
 * @throws InvalidInput EVENTSTORE_URI_INVALID when the connection string cannot be read; the message does not repeat it
 */
export const eventStoreLog = ({ catalogue, onInterruption, ...options }: EventStoreLogOptions): EventStoreLog => {
  const { client, endpoint } = 'client' in options ? options : clientOf(options.connectionString);
  const others = 'client' in options ? [] : Array.from({ length: APPENDING_CLIENTS - 1 }, () => clientOf(options.connectionString).client);
  const clients = [client, ...others];
  const closing = new AbortController();
  // every call that is under way listens, and there can be many
  setMaxListeners(0, closing.signal);
  const connection = { client, endpoint, closing: closing.signal };
  const readings = reading(connection, catalogue);

  return {
    ...readings,
    append: appending(connection, clients, catalogue),
    subscribe: subscribing(connection, catalogue, readings.headPosition, onInterruption),
    ...consuming(connection, catalogue, onInterruption),
    check: async () => {
      const askedAt = performance.now();
      const headPosition = await readings.headPosition();
      return { endpoint, headPosition, answeredInMs: performance.now() - askedAt };
    },
    dispose: async () => {
      closing.abort(unavailable(endpoint, 'the connection was closed here'));
      await Promise.all(clients.map((one) => one.dispose()));
    },
  };
};
