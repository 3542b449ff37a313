import { startMongoNode, type MongoNode } from '@faultline/embedded-mongo';
import { connectReadModels, type ReadModels } from './connection.js';

/** A MongoDB for one test file: the embedded node, reached by the real driver. */
export class MongoFixture {
  #node: MongoNode | undefined;
  readonly #connected: ReadModels[] = [];

  async start(): Promise<void> {
    this.#node = await startMongoNode({ users: 'none', thread: 'same' });
  }

  /** A database that nobody else has. */
  database(): ReadModels {
    const models = connectReadModels({ uri: this.uri, database: `test_${this.#connected.length}` });
    this.#connected.push(models);
    return models;
  }

  get uri(): string {
    if (!this.#node) throw new Error('The fixture has not been started');
    return this.#node.uri;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#connected.map((models) => models.close()));
    await this.#node?.stop();
  }
}
