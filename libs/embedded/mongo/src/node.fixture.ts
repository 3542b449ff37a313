import { MongoClient, type Collection, type Db, type Document, type MongoClientOptions } from 'mongodb';
import { startMongoNode, type MongoNode, type MongoNodeOptions } from './index.js';

/** A node for one test file, and the real driver to reach it. */
export class NodeFixture {
  #node: MongoNode | undefined;
  readonly #clients: MongoClient[] = [];
  #databases = 0;
  #client: MongoClient | undefined;

  constructor(private readonly options: Partial<MongoNodeOptions> = {}) {}

  async start(): Promise<void> {
    this.#node = await startMongoNode({ users: 'none', thread: 'same', ...this.options });
    this.#client = this.client();
  }

  get uri(): string {
    return (this.#node as MongoNode).uri;
  }

  get port(): number {
    return (this.#node as MongoNode).port;
  }

  client(options: MongoClientOptions = {}): MongoClient {
    const client = new MongoClient(this.uri, { serverSelectionTimeoutMS: 5_000, ...options });
    this.#clients.push(client);
    return client;
  }

  /** A database that no other test has. */
  database(): Db {
    return (this.#client as MongoClient).db(`test_${this.#databases++}`);
  }

  /** A collection that no other test has, with these documents. */
  async collection(...documents: readonly Document[]): Promise<Collection<Document>> {
    const collection = this.database().collection('things');
    if (documents.length > 0) await collection.insertMany([...documents]);
    return collection;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.#node?.stop();
  }
}

/** What a promise was rejected with. */
export const failureOf = async (promise: Promise<unknown>): Promise<Record<string, unknown>> => {
  try {
    await promise;
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error('It was expected to fail');
};
