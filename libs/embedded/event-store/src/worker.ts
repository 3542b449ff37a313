import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { runNode } from './node.js';
import type { EventStoreNodeOptions } from './options.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** The thread of a node: says where it listens, does what it is asked, and stops when it is told to. */
const port = parentPort as MessagePort;
const tell = (message: FromWorker) => port.postMessage(message);
const onFault = (error: Error) => tell({ kind: 'fault', error });

const start = async () => {
  const node = await runNode({ ...(workerData as EventStoreNodeOptions), onFault });
  const { host, port: listening, connectionString, caFile } = node;
  port.on('message', ({ id, ask }: ToWorker) => {
    const answer = async () => {
      if (ask.what === 'backup') return node.backup(ask.folder);
      if (ask.what === 'verify') return node.verify();
      return node.stop();
    };
    answer()
      .then(
        (value) => tell({ kind: 'answer', id, value }),
        (error: Error) => tell({ kind: 'failed', id, error, name: error.name }),
      )
      .finally(() => {
        if (ask.what === 'stop') port.close();
      });
  });
  tell({ kind: 'started', node: { host, port: listening, connectionString, ...(caFile !== undefined && { caFile }) } });
};

start().catch((error: Error) => {
  tell({ kind: 'refused', error, name: error.name });
  port.close();
});
