import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { runNode } from './core.js';
import type { MongoNode, MongoNodeOptions } from './options.js';
import { DataDamaged } from './storage/data-file.js';
import { FolderInUse } from './storage/folder-lock.js';

export { backup, restore, verify } from './maintenance.js';
export type { Verified } from './verification.js';
export type { MongoNode, MongoNodeOptions } from './options.js';
export type { Credentials } from './security/users.js';
export { DataDamaged, FolderInUse };

/**
 * Starts a node that any MongoDB client can attach to, and resolves once it listens.
 * @throws FolderInUse when another process has the data folder; DataDamaged when its file cannot be read; Error when the port is taken, or a node without users is to leave loopback
 */
export const startMongoNode = async (options: MongoNodeOptions): Promise<MongoNode> => {
  if (options.thread === 'same') return runNode(options);

  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: options });
  const failed = new Promise<never>((_, reject) => worker.once('error', (error) => reject(ofThisThread(error))));
  const [address] = (await Promise.race([once(worker, 'message'), failed])) as [Omit<MongoNode, 'stop'>];
  // a node that fails later must not be missed: without its data there is no program
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

/** An error crosses threads as its fields: here it is of its class again. */
const ofThisThread = (error: unknown): unknown => {
  const { name, folder, pid, path, message } = error as Partial<FolderInUse & DataDamaged>;
  if (name === 'FolderInUse' && folder !== undefined && pid !== undefined) return new FolderInUse(folder, pid);
  return name === 'DataDamaged' && path !== undefined ? Object.assign(new DataDamaged(path, ''), { message }) : error;
};
