import { EventStoreDBClient } from '@eventstore/db-client';
import { randomBytes, scryptSync } from 'node:crypto';
import { startEventStoreNode, type EventStoreNode, type EventStoreNodeOptions } from './index.js';
import { scratchFolder } from './log/log.fixture.js';

export type Credentials = Readonly<{ username: string; password: string }>;

/** A password's hash that takes no time to check, as no real one should be. */
export const cheapHash = (password: string): string => {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N: 2, r: 1, p: 1 });
  return `scrypt$2$1$1$${salt.toString('base64')}$${hash.toString('base64')}`;
};

/** A node for one test, on disk, and the real client to reach it. */
export class NodeFixture {
  private readonly scratch = scratchFolder();
  private readonly clients: EventStoreDBClient[] = [];
  private running: EventStoreNode | undefined;

  constructor(private readonly options: Partial<EventStoreNodeOptions> = {}) {}

  get folder(): string {
    return this.scratch.path;
  }

  get node(): EventStoreNode {
    return this.running as EventStoreNode;
  }

  async start(): Promise<void> {
    this.running = await startEventStoreNode({ dataDir: this.folder, security: 'insecure', thread: 'same', ...this.options });
  }

  /** Stops the node and starts it again, with other clients. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  client(credentials?: Credentials): EventStoreDBClient {
    const { connectionString, caFile } = this.node;
    const user = credentials ? `${credentials.username}:${credentials.password}@` : '';
    const trusting = caFile === undefined ? '' : `&tlsCAFile=${encodeURIComponent(caFile)}`;
    const client = EventStoreDBClient.connectionString(connectionString.replace('://127.0.0.1', `://${user}localhost`) + trusting);
    this.clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.splice(0).map((client) => client.dispose()));
    await this.running?.stop();
    this.running = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    this.scratch.remove();
  }
}

/** Everything that an iteration gives. */
export const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

/** Waits for a condition, looking every few milliseconds. @throws when it does not come to hold in time */
export const until = async (condition: () => Promise<boolean> | boolean, limitMs = 10_000): Promise<void> => {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`It did not come to hold within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
