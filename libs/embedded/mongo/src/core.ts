import { Expiry } from './expiry.js';
import { Node } from './node.js';
import type { MongoNode, MongoNodeOptions } from './options.js';
import { Users } from './security/users.js';
import { Server } from './wire/server.js';

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** Runs a node in this thread; `index.ts` runs it in one of its own. */
export const runNode = async (options: MongoNodeOptions): Promise<MongoNode> => {
  const { dataDir, host = '127.0.0.1', port = 0, users } = options;
  if (users === 'none' && !LOOPBACK.has(host))
    throw new Error(`A node without users listens on loopback only, not on ${host}: give it an owner`);
  const node = new Node(dataDir, new Users(users));
  const server = new Server(node);
  try {
    await node.recover();
    const bound = await server.listen(host, port);
    const expiry = new Expiry(node);
    const shown = host.includes(':') ? `[${host}]` : host;
    return {
      host,
      port: bound,
      uri: `mongodb://${shown}:${bound}/`,
      stop: async () => {
        await server.close();
        await expiry.stop();
        await node.close();
      },
    };
  } catch (error) {
    await node.close();
    throw error;
  }
};
