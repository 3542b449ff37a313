import { EventStoreDBClient } from '@eventstore/db-client';

/** A client, what to call its server in messages (hosts and ports, never credentials), and the end of it all: its reason is an error to throw. */
export type Connection = Readonly<{ client: EventStoreDBClient; endpoint: string; closing: AbortSignal }>;

const CONNECTION_STRING = /^esdb(?:\+discover)?:\/\/(?:.*@)?(?<hosts>[^/?@]+)(?=[/?]|$)/;

/**
 * Makes a client; it connects with its first call.
 * @throws Error when the connection string cannot be read. The driver's own message quotes it, password and all, so it is left out.
 */
export const clientOf = (connectionString: string): Pick<Connection, 'client' | 'endpoint'> => {
  const endpoint = CONNECTION_STRING.exec(connectionString.trim())?.groups?.['hosts'];
  if (!endpoint) {
    throw new Error('The connection string of the event store must look like esdb://HOST:PORT or esdb+discover://HOST:PORT');
  }
  try {
    return { client: EventStoreDBClient.connectionString(connectionString), endpoint };
  } catch {
    throw new Error(`The connection string of the event store at ${endpoint} has a fault in its credentials, files or options`);
  }
};
