import type { Credentials } from './security/access.js';
import type { Certificate } from './security/certificate.js';

export type EventStoreNodeOptions = Readonly<{
  /** Where the log is kept. Absent: nowhere for long, it is gone when the node stops. */
  dataDir?: string;
  /** The address it listens on, 127.0.0.1 by default. */
  host?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /**
   * `insecure`: no TLS, no credentials, everything allowed, on loopback only. Otherwise TLS, and one user who may do everything; the
   * certificate is made at the first start where none is given.
   */
  security: 'insecure' | (Credentials & Readonly<{ certificate?: Certificate }>);
  /** `worker`, the default, runs the node off the caller's thread. `same` runs it in it: for tests that run from sources. */
  thread?: 'worker' | 'same';
}>;

export type EventStoreNode = Readonly<{
  host: string;
  port: number;
  /** For `EventStoreDBClient.connectionString`; without credentials. */
  connectionString: string;
  /** The certificate that clients are to trust, `tlsCAFile` in a connection string; absent without TLS. */
  caFile?: string;
  /** Ends every call, closes the log, gives the folder back. */
  stop: () => Promise<void>;
}>;
