/** Loaded before a program (`node --import`): a role that runs on a thread of its own meets a fault, a while after it began. */
import { isMainThread, workerData } from 'node:worker_threads';

if (!isMainThread && workerData?.settings) {
  setTimeout(() => {
    throw new Error('a fault on purpose');
  }, 2_000);
}
