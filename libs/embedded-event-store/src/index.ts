import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { runNode } from './core.js';
import type { EventStoreNode, EventStoreNodeOptions } from './options.js';

export { FolderInUse } from './folder-lock.js';
export type { EventStoreNode, EventStoreNodeOptions } from './options.js';

/**
 * Starts a node that any EventStoreDB client can attach to, and resolves once it listens.
 * @throws FolderInUse when another process has the data folder; Error when the port is taken, or an insecure node is to leave loopback
 */
export const startEventStoreNode = async (options: EventStoreNodeOptions): Promise<EventStoreNode> => {
  if (options.thread === 'same') return runNode(options);

  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: options });
  const failed = new Promise<never>((_, reject) => worker.once('error', reject));
  const [address] = (await Promise.race([once(worker, 'message'), failed])) as [Omit<EventStoreNode, 'stop'>];
  // a node that fails later must not be missed: without a log there is no program
  failed.catch((error: unknown) => {
    throw error;
  });
  return {
    ...address,
    stop: async () => {
      const gone = once(worker, 'exit');
      worker.postMessage('stop');
      await gone;
    },
  };
};
