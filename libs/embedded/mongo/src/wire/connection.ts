import type { Socket } from 'node:net';
import { Double } from 'bson';
import { writeDocument } from '../bson/writer.js';
import type { Client } from '../commands/call.js';
import { Command } from '../commands/command.js';
import { checkConcerns } from '../commands/concerns.js';
import { handlerOf } from '../commands/registry.js';
import { sessionOf } from '../commands/session-id.js';
import { CommandError, errorReply } from '../errors.js';
import type { Node } from '../node.js';
import { Patience } from '../slices.js';
import { Framing, headOf, readRequest, writeReply, type Request } from './message.js';

/** Requests that wait on one connection before it is read no further. Drivers send one at a time. */
const MAX_WAITING = 8;

/** What OP_QUERY may still carry. */
const LEGACY: ReadonlySet<string> = new Set(['hello', 'isMaster', 'ismaster']);

let lastReplyId = 0;

/** One client's connection: its requests are answered one after another, in their order. */
export class Connection implements Client {
  readonly remote: string;
  user: Client['user'];
  conversation: Client['conversation'];
  readonly #framing = new Framing();
  readonly #waiting: Buffer[] = [];
  readonly #gone = new AbortController();
  #busy = false;

  constructor(
    readonly id: number,
    private readonly node: Node,
    private readonly socket: Socket,
  ) {
    this.remote = `${socket.remoteAddress}:${socket.remotePort}`;
    socket.setNoDelay(true);
    socket.on('data', (piece) => this.#receive(piece as Buffer));
    socket.on('close', () => this.#gone.abort());
    // the 'close' that follows says all there is to say
    socket.on('error', () => undefined);
  }

  /** Ends the connection, whatever is under way. */
  destroy(): void {
    this.socket.destroy();
  }

  #receive(piece: Buffer): void {
    try {
      this.#waiting.push(...this.#framing.push(piece));
    } catch {
      // what follows cannot be told apart any more
      this.destroy();
      return;
    }
    if (this.#waiting.length > MAX_WAITING) this.socket.pause();
    if (!this.#busy) void this.#answerAll();
  }

  async #answerAll(): Promise<void> {
    this.#busy = true;
    for (let message = this.#waiting.shift(); message && !this.#gone.signal.aborted; message = this.#waiting.shift()) {
      if (this.#waiting.length <= MAX_WAITING && this.socket.isPaused()) this.socket.resume();
      // a reply that cannot be made is a defect: the client must not wait for it
      if (!(await this.#answer(message).catch(() => false))) this.destroy();
    }
    this.#busy = false;
  }

  /** Answers one message; false where it breaks the protocol. */
  async #answer(message: Buffer): Promise<boolean> {
    let request: Request;
    let reply: object;
    try {
      request = readRequest(message);
      reply = await this.#run(request);
    } catch (error) {
      if (!(error instanceof CommandError)) return false;
      request = headOf(message);
      reply = errorReply(error);
    }
    if (request.silent) return true;
    this.socket.cork();
    for (const part of writeReply(request, ++lastReplyId & 0x7fff_ffff, writeDocument(reply))) this.socket.write(part);
    this.socket.uncork();
    if (this.socket.writableNeedDrain) await this.#drained();
    return true;
  }

  async #run(request: Request): Promise<object> {
    try {
      const command = new Command(request);
      if (request.legacy && !LEGACY.has(command.name))
        throw new CommandError(
          'UnsupportedOpQueryCommand',
          `Unsupported OP_QUERY command: ${command.name}. The client driver may require an upgrade.`,
        );
      const handler = handlerOf({ node: this.node, client: this, command });
      checkConcerns(command);
      const session = sessionOf(command);
      if (session !== undefined) this.node.sessions.use(session, this.user?.name);
      const patience = new Patience(this.#gone.signal, command.integer('maxTimeMS'));
      return { ...(await handler({ node: this.node, client: this, command, patience })), ok: new Double(1) };
    } catch (error) {
      return errorReply(error);
    }
  }

  /** Waits until the client has taken what was sent, or is gone. */
  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.socket.off('drain', done);
        this.socket.off('close', done);
        resolve();
      };
      this.socket.on('drain', done);
      this.socket.on('close', done);
    });
  }
}
