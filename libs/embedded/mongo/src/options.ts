import type { Credentials } from './security/users.js';

export type MongoNodeOptions = Readonly<{
  /** Where the data is kept. Absent: nowhere for long, it is gone when the node stops. */
  dataDir?: string;
  /** The address it listens on, 127.0.0.1 by default. */
  host?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /**
   * `none`: everything is allowed to everybody, on loopback only. Otherwise one user who may do everything, and perhaps one who may only
   * read; clients authenticate against the database `admin` by SCRAM-SHA-256.
   */
  users: 'none' | Readonly<{ owner: Credentials; reader?: Credentials }>;
  /** `worker`, the default, runs the node off the caller's thread. `same` runs it in it: for tests that run from sources. */
  thread?: 'worker' | 'same';
}>;

export type MongoNode = Readonly<{
  host: string;
  port: number;
  /** For `MongoClient`; without credentials. */
  uri: string;
  /** Ends every connection, finishes what is being written, gives the folder back. */
  stop: () => Promise<void>;
}>;
