import { createServer, type Server as TcpServer } from 'node:net';
import type { Node } from '../node.js';
import { Connection } from './connection.js';

/** Connections at a time; more are closed as they come. */
const MAX_CONNECTIONS = 2_000;

/** Listens for clients. */
export class Server {
  readonly #server: TcpServer;
  readonly #connections = new Set<Connection>();

  constructor(node: Node) {
    this.#server = createServer((socket) => {
      const id = ++node.connections.totalCreated;
      const connection = new Connection(id, node, socket);
      this.#connections.add(connection);
      node.connections.current++;
      socket.once('close', () => {
        this.#connections.delete(connection);
        node.connections.current--;
      });
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Resolves with the port. @throws Error where the address cannot be had */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as { port: number }).port);
      });
    });
  }

  /** Takes no more clients, and ends those that are there. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const connection of this.#connections) connection.destroy();
    });
  }
}
