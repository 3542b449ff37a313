import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { deserialize, serialize, type Document } from 'bson';
import { crc32c } from './crc32c.js';
import { Framing } from './message.js';

const OP_MSG = 2013;

const cstring = (text: string): Buffer => Buffer.from(`${text}\0`);

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

export const messageOf = (opCode: number, body: Buffer, requestId = 1): Buffer =>
  Buffer.concat([int32(16 + body.length), int32(requestId), int32(0), int32(opCode), body]);

export interface MsgOptions {
  flags?: number;
  checksum?: boolean;
  sequences?: Readonly<Record<string, readonly Document[]>>;
}

/** An OP_MSG, for what no driver sends. */
export const opMsg = (command: Document, { flags = 0, checksum = false, sequences = {} }: MsgOptions = {}): Buffer => {
  const lists = Object.entries(sequences).map(([name, documents]) => {
    const content = Buffer.concat([cstring(name), ...documents.map((document) => Buffer.from(serialize(document)))]);
    return Buffer.concat([Buffer.from([1]), int32(content.length + 4), content]);
  });
  const sections = Buffer.concat([int32(flags | (checksum ? 1 : 0)), Buffer.from([0]), serialize(command), ...lists]);
  if (!checksum) return messageOf(OP_MSG, sections);
  const whole = messageOf(OP_MSG, Buffer.concat([sections, int32(0)]));
  whole.writeUInt32LE(crc32c(whole.subarray(0, -4)), whole.length - 4);
  return whole;
};

/** A client that speaks the protocol byte by byte. */
export class WireClient {
  readonly #framing = new Framing();
  readonly #replies: Buffer[] = [];
  #wake: () => void = () => undefined;
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (piece) => {
      this.#replies.push(...this.#framing.push(piece as Buffer));
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async connect(port: number): Promise<WireClient> {
    const socket = createConnection({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return new WireClient(socket);
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** The next message from the node; undefined where it closed the connection instead. */
  async message(): Promise<Buffer | undefined> {
    while (this.#replies.length === 0 && !this.closed) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#replies.shift();
  }

  async reply(): Promise<Document | undefined> {
    const message = await this.message();
    if (!message) return undefined;
    const isMsg = message.readInt32LE(12) === OP_MSG;
    return deserialize(message.subarray(isMsg ? 21 : 36));
  }

  /** Sends a command and answers its reply. @throws Error where the node closed the connection */
  async command(command: Document, options?: MsgOptions): Promise<Document> {
    this.send(opMsg({ ...command, $db: 'test' }, options));
    const reply = await this.reply();
    if (!reply) throw new Error('The node closed the connection');
    return reply;
  }

  close(): void {
    this.socket.destroy();
  }
}
