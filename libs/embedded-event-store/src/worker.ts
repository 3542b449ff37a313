import { parentPort, workerData } from 'node:worker_threads';
import { runNode } from './core.js';
import type { EventStoreNodeOptions } from './options.js';

/** The thread of a node: says where it listens, and stops when it is told to. */
const node = await runNode(workerData as EventStoreNodeOptions);
const { host, port, connectionString, caFile } = node;
parentPort?.postMessage({ host, port, connectionString, caFile });
parentPort?.once('message', () => {
  void node.stop().then(() => parentPort?.close());
});
