import { MongoClient, type Db, type MongoClientOptions } from 'mongodb';
import { Subject } from 'rxjs';
import { endpointOf, failureAt, unreadable } from './failures.js';

export type ReadModelsOptions = Readonly<{
  /** A MongoDB connection string; options it names itself (timeouts, pool) stay as it says. */
  uri: string;
  database: string;
}>;

/** What a look at the server showed: how long its answer took, in milliseconds. */
export type ReadModelsCheck = Readonly<{ endpoint: string; answeredInMs: number }>;

/** A view, by the id of its checkpoint, has reached a position. */
export type Commit = Readonly<{ view: string; position: bigint }>;

/** The database of the views, shared by everything in this process that reads or writes them. */
export interface ReadModels {
  readonly db: Db;
  /** Hosts and ports, for messages; never credentials. */
  readonly endpoint: string;
  /**
   * What the projector of this process, if there is one, commits. A short cut only: between processes, and where nobody was listening, the
   * checkpoint in the database says the same.
   */
  readonly commits: Subject<Commit>;
  /**
   * Asks the server for an answer.
   * @throws Unavailable READ_MODELS_UNAVAILABLE when it gives none within about 5 s
   */
  check(): Promise<ReadModelsCheck>;
  /** Ends every connection. What was under way fails with `Unavailable`. */
  close(): Promise<void>;
}

/**
 * Nothing waits for ever: 5 s to find a server, 60 s for an answer to one command, 10 s for a free connection; at most 32 connections.
 * A caller who knows better says so in the connection string.
 */
const LIMITS: MongoClientOptions = {
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  socketTimeoutMS: 60_000,
  waitQueueTimeoutMS: 10_000,
  maxPoolSize: 32,
};

/**
 * Stamps are exact: 64-bit integers come and go as bigint. Writes are acknowledged by a majority, so that a failover never takes back
 * what a checkpoint has promised; reads go to the primary, so that they see what was acknowledged.
 */
const GUARANTEES: MongoClientOptions = {
  appName: 'faultline',
  useBigInt64: true,
  ignoreUndefined: true,
  writeConcern: { w: 'majority' },
  readPreference: 'primary',
};

const limitsNotIn = (uri: string): MongoClientOptions =>
  Object.fromEntries(Object.entries(LIMITS).filter(([option]) => !new RegExp(`[?&]${option}=`, 'i').test(uri)));

const clientOf = (uri: string, endpoint: string): MongoClient => {
  try {
    return new MongoClient(uri, { ...limitsNotIn(uri), ...GUARANTEES });
  } catch {
    // the driver's own message may quote the string, password and all
    throw unreadable(`at ${endpoint} has a fault in its credentials or options`);
  }
};

/**
 * The views' database on a MongoDB 4.4 or later, or whatever speaks its protocol. It connects with the first call, and again after a
 * lost connection; so it can be made before the server is there.
 * @throws InvalidInput MONGODB_URI_INVALID when the connection string cannot be read; the message does not repeat it
 */
export const connectReadModels = ({ uri, database }: ReadModelsOptions): ReadModels => {
  const endpoint = endpointOf(uri);
  const client = clientOf(uri, endpoint);
  const db = client.db(database);
  const commits = new Subject<Commit>();
  return {
    db,
    endpoint,
    commits,
    check: async () => {
      const askedAt = performance.now();
      try {
        await db.command({ ping: 1 }, { timeoutMS: 5_000 });
      } catch (error) {
        throw failureAt(endpoint, error);
      }
      return { endpoint, answeredInMs: performance.now() - askedAt };
    },
    close: () => {
      commits.complete();
      return client.close();
    },
  };
};
