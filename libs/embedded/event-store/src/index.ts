import { Worker } from 'node:worker_threads';
import { FolderInUse } from './folder-lock.js';
import { DataDamaged } from './log/damage.js';
import type { BackupReport, EventStoreNode, EventStoreNodeOptions, VerifyReport } from './options.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

export { FolderInUse } from './folder-lock.js';
export { DataDamaged } from './log/damage.js';
export { backup, restore } from './maintenance/backup.js';
export { verify } from './maintenance/verify.js';
export type { BackupReport, EventStoreNode, EventStoreNodeOptions, Limits, Security, VerifyReport } from './options.js';
export type { Certificate } from './security/certificate.js';
export { hashPassword } from './security/password.js';
export type { UserAccount } from './security/users.js';

/** An error of the node's thread, as what it was there. */
const revived = (error: Error, name: string): Error => {
  if (name === 'DataDamaged') return new DataDamaged(error.message);
  if (name === 'FolderInUse') return FolderInUse.from(error.message);
  return error;
};

const startInWorker = async ({
  onFault = (error) => process.emitWarning(error),
  ...options
}: EventStoreNodeOptions): Promise<EventStoreNode> => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: options });
  const asked = new Map<number, Readonly<{ resolve: (value: unknown) => void; reject: (error: Error) => void }>>();
  let ids = 0;
  const ask = <Answer>(question: ToWorker['ask']): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const id = ++ids;
      asked.set(id, { resolve: (value) => resolve(value as Answer), reject });
      worker.postMessage({ id, ask: question } satisfies ToWorker);
    });
  let stopped: Promise<void> | undefined;
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  return new Promise((started, refused) => {
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'started':
          return started({
            ...message.node,
            backup: (folder) => ask<BackupReport>({ what: 'backup', folder }),
            verify: () => ask<VerifyReport>({ what: 'verify' }),
            stop: () => (stopped ??= ask<void>({ what: 'stop' }).then(() => exited)),
          });
        case 'refused':
          return void exited.then(() => refused(revived(message.error, message.name)));
        case 'fault':
          return onFault(message.error);
        case 'answer':
          asked.get(message.id)?.resolve(message.value);
          return void asked.delete(message.id);
        case 'failed':
          asked.get(message.id)?.reject(revived(message.error, message.name));
          return void asked.delete(message.id);
        default:
          return message satisfies never;
      }
    });
    // a node that fails later must not be missed: without a log there is no program
    worker.once('error', (error) => {
      refused(error);
      throw error;
    });
  });
};

/**
 * Starts a node that any EventStoreDB client can attach to, and resolves once it listens.
 * @throws FolderInUse when another process has the data folder; DataDamaged when acknowledged events are missing or damaged; Error when
 * the port is taken, or an insecure node is to leave loopback
 */
export const startEventStoreNode = async (options: EventStoreNodeOptions): Promise<EventStoreNode> => {
  if (options.thread !== 'same') return startInWorker(options);
  // loaded only where it runs
  const { runNode } = await import('./node.js');
  return runNode(options);
};
