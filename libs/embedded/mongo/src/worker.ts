import { parentPort, workerData } from 'node:worker_threads';
import { runNode } from './core.js';
import type { MongoNodeOptions } from './options.js';

/** The thread of a node: says where it listens, and stops when it is told to. */
const node = await runNode(workerData as MongoNodeOptions);
const { host, port, uri } = node;
parentPort?.postMessage({ host, port, uri });
parentPort?.once('message', () => {
  void node.stop().then(() => parentPort?.close());
});
