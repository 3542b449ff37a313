import type { Certificate } from './security/certificate.js';
import type { UserAccount } from './security/users.js';

/** What a node takes, and no more. */
export type Limits = Readonly<{
  /** The most data that one append carries, in bytes: 1 MiB, as servers are set by default; at most 15 MiB. */
  appendBytes: number;
  /** 1,000. A connection more is closed. */
  connections: number;
  /** 10,000. A call more is refused with RESOURCE_EXHAUSTED. */
  callsPerConnection: number;
  /** Subscriptions and connected consumers, 10,000 each. One more is refused with RESOURCE_EXHAUSTED. */
  subscriptions: number;
  /** Of one user at one address, 10; then that user waits there for the minute to be over. */
  failedLoginsPerMinute: number;
}>;

export const DEFAULT_LIMITS: Limits = {
  appendBytes: 1_048_576,
  connections: 1_000,
  callsPerConnection: 10_000,
  subscriptions: 10_000,
  failedLoginsPerMinute: 10,
};

/**
 * Who may connect to a node that is not insecure: an administrator, and others. Members of `$admins` may do everything, of `$ops` manage
 * persistent subscriptions, all of them what streams' `$acl` let them.
 */
export type Security = (
  | Readonly<{ /** The administrator's. */ username: string; password: string; users?: readonly UserAccount[] }>
  | Readonly<{ users: readonly UserAccount[] }>
) &
  Readonly<{
    /** Absent: one is made at the first start, for this machine's own names. */
    certificate?: Certificate;
  }>;

export type EventStoreNodeOptions = Readonly<{
  /** Where the log is kept. Absent: nowhere for long, it is gone when the node stops. */
  dataDir?: string;
  /** The address it listens on, 127.0.0.1 by default. */
  host?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** `insecure`: no TLS, no credentials, everything allowed, on loopback only. Otherwise TLS, and users with passwords. */
  security: 'insecure' | Security;
  limits?: Partial<Limits>;
  /** `worker`, the default, runs the node off the caller's thread. `same` runs it in it: for tests that run from sources. */
  thread?: 'worker' | 'same';
  /** Told of what goes wrong in the node itself: damaged records, a full disk, a fault of its own. Default: a warning of the process. */
  onFault?: (error: Error) => void;
}>;

export type EventStoreNode = Readonly<{
  host: string;
  port: number;
  /** For `EventStoreDBClient.connectionString`; without credentials. */
  connectionString: string;
  /** The certificate that clients are to trust, `tlsCAFile` in a connection string; absent without TLS. */
  caFile?: string;
  /**
   * Copies the log and its index, as they are now, into a folder that is not there yet, while the node goes on. The copy is checked.
   * @throws Error where the folder is there, or cannot be written; DataDamaged where the log is
   */
  backup: (folder: string) => Promise<BackupReport>;
  /** Checks every record and the index, while the node goes on. @throws DataDamaged naming the first that is not as it was written */
  verify: () => Promise<VerifyReport>;
  /** Ends every call, closes the log, gives the folder back. */
  stop: () => Promise<void>;
}>;

/** What was found in a log that is sound. `end` is the position behind its last event, and so its size in bytes. */
export type VerifyReport = Readonly<{ events: number; end: number }>;
export type BackupReport = VerifyReport & Readonly<{ folder: string }>;
