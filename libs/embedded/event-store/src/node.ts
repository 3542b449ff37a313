import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.js';
import { GrpcServer } from './grpc/server.js';
import { EventLog } from './log/event-log.js';
import { Writing } from './log/writing.js';
import { backup } from './maintenance/backup.js';
import { verify } from './maintenance/verify.js';
import { DEFAULT_LIMITS, type EventStoreNode, type EventStoreNodeOptions, type Limits } from './options.js';
import { Groups } from './persistent-subscriptions/groups.js';
import { certificateIn, type Certificate } from './security/certificate.js';
import { ADMINS, type User } from './security/principal.js';
import { StreamAccess } from './security/stream-access.js';
import { recordUsers } from './security/user-history.js';
import { Users, type UserAccount } from './security/users.js';
import { handlersOf, type Authenticate } from './services/all-services.js';
import { answerHttp } from './services/http.js';

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Beside its data, an append has its metadata, and clients send both in pieces of up to 3 MiB. */
const MESSAGE_OVERHEAD_BYTES = 15 * 1_048_576;
const MAX_APPEND_BYTES = 15 * 1_048_576;

/** How the caller of a node is told apart, and what encrypts the way to it. */
type Securing = Readonly<{ authenticate: Authenticate; users: readonly User[]; certificate?: Certificate; caFile?: string }>;

const secure = async (options: EventStoreNodeOptions, certificateFolder: string, limits: Limits): Promise<Securing> => {
  const { security } = options;
  if (security === 'insecure') return { authenticate: () => 'system', users: [] };
  const administrator = 'username' in security ? [{ username: security.username, password: security.password, groups: [ADMINS] }] : [];
  const users: readonly UserAccount[] = [...administrator, ...(security.users ?? [])];
  const accounts = new Users(users, limits.failedLoginsPerMinute);
  const authenticate: Authenticate = (header, address) => accounts.authenticate(header, address);
  if (security.certificate) return { authenticate, users, certificate: security.certificate };
  const { caFile, ...certificate } = await certificateIn(certificateFolder);
  return { authenticate, users, certificate, caFile };
};

const checked = ({ host = '127.0.0.1', security, limits = {} }: EventStoreNodeOptions): Limits => {
  if (security === 'insecure' && !LOOPBACK.includes(host)) {
    throw new Error(`An insecure node listens on loopback only, not on ${host}: give it credentials`);
  }
  const all = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, limit] of Object.entries(all)) {
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`The limit ${name} is a whole number from 1 on, not ${limit}`);
  }
  if (all.appendBytes > MAX_APPEND_BYTES) {
    throw new RangeError(`The limit appendBytes is at most ${MAX_APPEND_BYTES}, not ${all.appendBytes}`);
  }
  return all;
};

/** Runs a node in this thread; `index.ts` runs it in one of its own. */
export const runNode = async (options: EventStoreNodeOptions): Promise<EventStoreNode> => {
  const limits = checked(options);
  const { dataDir, host = '127.0.0.1', port = 0, onFault = (error) => process.emitWarning(error) } = options;
  /** What undoes the start, last step first. */
  const undo: (() => void | Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    if (dataDir !== undefined) undo.push(lockFolder(dataDir));
    const scratch = () => {
      const folder = mkdtempSync(join(tmpdir(), 'embedded-event-store-tls-'));
      undo.push(() => rmSync(folder, { recursive: true, force: true }));
      return folder;
    };
    const isPlain = options.security === 'insecure' || options.security.certificate !== undefined;
    const { authenticate, users, certificate, caFile } = await secure(options, dataDir ?? (isPlain ? '' : scratch()), limits);

    const log = await EventLog.open(dataDir);
    undo.push(() => log.close());
    const writing = new Writing(log);
    undo.push(() => writing.settled());
    await recordUsers(log, writing, users);
    const groups = new Groups(log, writing, onFault);
    undo.push(() => groups.stop());
    const context = { log, writing, access: new StreamAccess(log), groups, limits, onFault };

    const address = { host, port };
    const server = new GrpcServer({
      handlers: handlersOf(context, authenticate, () => address),
      ...(certificate && { tls: certificate }),
      http: answerHttp,
      maxMessageBytes: limits.appendBytes + MESSAGE_OVERHEAD_BYTES,
      maxConnections: limits.connections,
      maxCallsPerConnection: limits.callsPerConnection,
    });
    address.port = await server.listen(host, port);
    undo.push(async () => {
      await writing.settled();
      await server.close();
    });
    const shown = host.includes(':') ? `[${host}]` : host;
    return {
      ...address,
      connectionString: `esdb://${shown}:${address.port}?tls=${certificate !== undefined}`,
      ...(caFile !== undefined && { caFile }),
      backup: (folder) => backup(log.folder, folder),
      verify: () => verify(log.folder),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
