import type { EventStoreNode } from './options.js';

/** What a node's thread and its owner say to each other. Errors lose their class on the way: their name goes with them. */
export type ToWorker = Readonly<{
  id: number;
  ask: Readonly<{ what: 'backup'; folder: string }> | Readonly<{ what: 'verify' | 'stop' }>;
}>;

export type FromWorker =
  | Readonly<{ kind: 'started'; node: Pick<EventStoreNode, 'host' | 'port' | 'connectionString' | 'caFile'> }>
  | Readonly<{ kind: 'refused'; error: Error; name: string }>
  | Readonly<{ kind: 'fault'; error: Error }>
  | Readonly<{ kind: 'answer'; id: number; value: unknown }>
  | Readonly<{ kind: 'failed'; id: number; error: Error; name: string }>;
