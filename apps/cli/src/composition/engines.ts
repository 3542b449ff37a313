import type { EventStoreNode } from '@faultline/embedded-event-store';
import type { MongoNode } from '@faultline/embedded-mongo';
import type { Role, Settings } from '#config';
import { Unavailable } from '#kernel';
import { tellingDamage } from './damage.js';
import { credentialsIn, openDataFolder, type Credentials, type DataFolder } from './data-folder.js';
import { claim, type Endpoints, type Owner, type Ownership } from './ownership.js';

/** Where the two engines are reached, and by whose doing. */
export interface Engines {
  readonly eventStoreUri: string;
  readonly mongoUri: string;
  /** The server whose embedded nodes these are; absent where they are ours, or none is embedded. */
  readonly server?: Owner;
  /** Which engines are embedded nodes, in this process or the server's. */
  readonly embedded: readonly ('event store' | 'document store')[];
  /** What one-time links are signed with, where the settings name no secret: kept in the data folder of an embedded engine. */
  readonly linkSecret?: string;
  /** Stops what was started here. */
  close(): Promise<void>;
}

export type EnginesOptions = Readonly<{
  /** What the user typed: others are told it while they wait. */
  command: string;
  /** Of a server: what it serves until it is told to end. */
  roles?: readonly Role[];
  /** How long to wait for another command on the same data folder, in milliseconds. */
  patienceMs: number;
  /** Told once, when there is someone to wait for. */
  onWait?: (owner: Owner) => void;
}>;

const withCredentials = (uri: string, { username, password }: Credentials): string => uri.replace('://', `://${username}:${password}@`);

const eventStoreUriOf = ({ connectionString, caFile }: EventStoreNode, credentials: Credentials): string => {
  // by name: a certificate's name is asked for in the handshake, and that cannot be an address (RFC 6066, section 3)
  const uri = withCredentials(connectionString.replace('://127.0.0.1:', '://localhost:'), credentials);
  return caFile === undefined ? uri : `${uri}&tlsCAFile=${encodeURIComponent(caFile)}`;
};

/** The nodes that the settings leave to us, started; stopped again where one of them cannot be. */
const startNodes = async (settings: Settings, folder: DataFolder) => {
  const { eventStore, mongo, dashboard } = credentialsIn(folder);
  // loaded only where they run: a site on real engines needs neither
  const startEventStore = async (): Promise<[EventStoreNode, Endpoints]> => {
    const { startEventStoreNode } = await import('@faultline/embedded-event-store');
    const node = await startEventStoreNode({ dataDir: folder.eventStore, port: settings.embeddedEventStorePort, security: eventStore });
    return [node, { eventStoreUri: eventStoreUriOf(node, eventStore) }];
  };
  const startMongo = async (): Promise<[MongoNode, Endpoints]> => {
    const { startMongoNode } = await import('@faultline/embedded-mongo');
    const node = await startMongoNode({
      dataDir: folder.mongo,
      port: settings.embeddedMongoPort,
      users: { owner: mongo, reader: dashboard },
    });
    return [node, { mongoUri: withCredentials(node.uri, mongo) }];
  };

  const starting = [...(settings.eventStoreUri ? [] : [startEventStore()]), ...(settings.mongoUri ? [] : [startMongo()])];
  const outcomes = await Promise.allSettled<[EventStoreNode | MongoNode, Endpoints]>(starting);
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const stop = async () => void (await Promise.all(started.map(([node]) => node.stop())));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { endpoints: started.reduce<Endpoints>((all, [, endpoint]) => ({ ...all, ...endpoint }), {}), stop };
};

/** @throws Unavailable where the server that has the folder runs on another engine than this process is set to */
const needed = (uri: string | undefined, engine: string, variable: string, server: Owner): string => {
  if (uri) return uri;
  throw new Unavailable(
    'ENGINES_DIFFER',
    `faultline ${server.command} (process ${server.pid}) runs no embedded ${engine}: set ${variable} as it is set there`,
  );
};

/**
 * The engines that the settings name; for those they do not name, the embedded nodes of the data folder: of the server that runs there,
 * or started here for as long as this process needs them.
 * @throws Unavailable DATA_FOLDER_IN_USE, DATA_FOLDER_UNUSABLE, ENGINES_DIFFER
 */
export const openEngines = async (settings: Settings, options: EnginesOptions): Promise<Engines> => {
  const { eventStoreUri, mongoUri } = settings;
  if (eventStoreUri && mongoUri) return { eventStoreUri, mongoUri, embedded: [], close: () => Promise.resolve() };

  const embedded = [...(eventStoreUri ? [] : ['event store' as const]), ...(mongoUri ? [] : ['document store' as const])];
  const folder = openDataFolder(settings.dataFolder);
  const claimed = await claim(folder, options);
  if (claimed.kind === 'theirs') {
    const { owner: server } = claimed;
    return {
      eventStoreUri: eventStoreUri ?? needed(server.endpoints.eventStoreUri, 'event store', 'EVENTSTORE_URI', server),
      mongoUri: mongoUri ?? needed(server.endpoints.mongoUri, 'document store', 'MONGODB_URI', server),
      server,
      embedded,
      linkSecret: credentialsIn(folder).linkSecret,
      close: () => Promise.resolve(),
    };
  }

  const { ownership } = claimed;
  try {
    const { endpoints, stop } = await tellingDamage(startNodes(settings, folder));
    ownership.publish(endpoints);
    return {
      eventStoreUri: eventStoreUri ?? (endpoints.eventStoreUri as string),
      mongoUri: mongoUri ?? (endpoints.mongoUri as string),
      embedded,
      linkSecret: credentialsIn(folder).linkSecret,
      close: () => closing(stop, ownership),
    };
  } catch (error) {
    ownership.release();
    throw error;
  }
};

/** The folder is given up when nothing writes to it any more. */
const closing = async (stop: () => Promise<void>, ownership: Ownership): Promise<void> => {
  try {
    await stop();
  } finally {
    ownership.release();
  }
};
