import { EventStoreDBClient } from '@eventstore/db-client';
import { InvalidInput } from '#kernel';

/** A client, what to call its server in messages (hosts and ports, never credentials), and the end of it all: its reason is an error to throw. */
export type Connection = Readonly<{ client: EventStoreDBClient; endpoint: string; closing: AbortSignal }>;

const CONNECTION_STRING = /^esdb(?:\+discover)?:\/\/(?:.*@)?(?<hosts>[^/?@]+)(?=[/?]|$)/;

const unreadable = (why: string) => new InvalidInput('EVENTSTORE_URI_INVALID', `The connection string of the event store ${why}`);

/**
 * Makes a client; it connects with its first call.
 * @throws InvalidInput EVENTSTORE_URI_INVALID when the connection string cannot be read. The driver's own message quotes it, password and all, so it is left out.
 */
export const clientOf = (connectionString: string): Pick<Connection, 'client' | 'endpoint'> => {
  const endpoint = CONNECTION_STRING.exec(connectionString.trim())?.groups?.['hosts'];
  if (!endpoint) {
    throw unreadable('must look like esdb://HOST:PORT or esdb+discover://HOST:PORT');
  }
  try {
    return { client: EventStoreDBClient.connectionString(connectionString), endpoint };
  } catch {
    throw unreadable(`at ${endpoint} has a fault in its credentials, files or options`);
  }
};
