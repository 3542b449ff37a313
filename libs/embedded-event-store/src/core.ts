import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.js';
import { EventLog } from './log/event-log.js';
import { Writing } from './log/writing.js';
import type { EventStoreNodeOptions, EventStoreNode } from './options.js';
import { administratorOnly, everythingAllowed } from './security/access.js';
import { certificateIn } from './security/certificate.js';
import { gossipOf, supportedMethods } from './services/about-the-node.js';
import { append, deleteStream, tombstoneStream } from './services/append.js';
import { batchAppend } from './services/batch-append.js';
import { read } from './services/read.js';
import { GossipService, ServerFeaturesService, StreamsService } from './wire/messages.js';

/** Clients send chunks of 3 MiB, and an append of 1 MiB may carry as much metadata again. */
const MAX_RECEIVE_BYTES = 16 * 1_048_576;
/** Calls at once on one connection; a real server stops at 100 without a word, this one refuses by protocol beyond this. */
const MAX_CALLS_PER_CONNECTION = 10_000;

/** Events leave as they are stored: the answer of a read is bytes already. */
const rawRead = { ...StreamsService.read, responseSerialize: (message: Buffer) => message };

/** Runs a node in this thread; `index.ts` runs it in one of its own. */
export const runNode = async (options: EventStoreNodeOptions): Promise<EventStoreNode> => {
  const { dataDir, host = '127.0.0.1', port = 0, security } = options;
  if (security === 'insecure' && !['127.0.0.1', '::1', 'localhost'].includes(host)) {
    throw new Error(`An insecure node listens on loopback only, not on ${host}: give it credentials`);
  }
  const unlock = dataDir === undefined ? () => undefined : lockFolder(dataDir);
  const scratch = dataDir === undefined && security !== 'insecure' ? mkdtempSync(join(tmpdir(), 'embedded-event-store-tls-')) : undefined;
  const log = new EventLog(dataDir);
  const writing = new Writing(log);
  const access = security === 'insecure' ? everythingAllowed : administratorOnly(security);

  const server = new Server({
    'grpc.max_receive_message_length': MAX_RECEIVE_BYTES,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': MAX_CALLS_PER_CONNECTION,
  });
  server.addService(
    { ...StreamsService, read: rawRead } as never,
    {
      read: read(log, access),
      append: append(writing, access),
      delete: deleteStream(writing, access),
      tombstone: tombstoneStream(writing, access),
      batchAppend: batchAppend(writing, access),
    } as UntypedServiceImplementation,
  );
  const address = { host, port };
  server.addService(GossipService, { read: gossipOf(() => address) } as UntypedServiceImplementation);
  server.addService(ServerFeaturesService, { getSupportedMethods: supportedMethods } as UntypedServiceImplementation);

  const tls = security === 'insecure' ? undefined : await certificateIn(dataDir ?? (scratch as string));
  const given = security === 'insecure' ? undefined : (security.certificate ?? tls);
  const credentials = given
    ? ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(given.cert), private_key: Buffer.from(given.key) }])
    : ServerCredentials.createInsecure();

  const close = async () => {
    server.forceShutdown();
    await log.close();
    if (scratch) rmSync(scratch, { recursive: true, force: true });
    unlock();
  };
  try {
    address.port = await new Promise<number>((resolve, reject) => {
      const shown = host.includes(':') ? `[${host}]` : host;
      server.bindAsync(`${shown}:${port}`, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
    });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...address,
    connectionString: `esdb://${host}:${address.port}?tls=${security !== 'insecure'}`,
    ...(tls && { caFile: tls.caFile }),
    stop: close,
  };
};
