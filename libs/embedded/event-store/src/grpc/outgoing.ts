import type { ServerHttp2Stream } from 'node:http2';
import { Writer } from '../wire/protobuf.js';
import { FRAME_HEAD_BYTES } from './incoming.js';

const CHUNK_BYTES = 64 * 1_024;
const POOLED_CHUNKS = 64;

/** Chunks that were sent, to be written to again: memory of their size is costly to get and to give back. */
const pool: Buffer[] = [];

const chunkFor = (bytes: number): Buffer => (bytes <= CHUNK_BYTES && pool.pop()) || Buffer.allocUnsafeSlow(Math.max(bytes, CHUNK_BYTES));

const reuse = (chunk: Buffer): void => {
  if (chunk.length === CHUNK_BYTES && pool.length < POOLED_CHUNKS) pool.push(chunk);
};

/**
 * A call's messages on their way out. They are written next to each other into chunks, which HTTP/2 then takes as one: that, and not the
 * bytes, is what a message costs. Whoever writes many looks at `isFull`, and waits until it is not.
 */
export class Outgoing {
  private writer: Writer | undefined;
  private flushing: NodeJS.Immediate | undefined;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly open: () => void,
  ) {}

  /** Begins a message of so many bytes, which the caller then writes: exactly these. */
  begin(size: number): Writer {
    const frame = FRAME_HEAD_BYTES + size;
    if (this.writer && this.writer.at + frame > this.writer.buffer.length) this.flush();
    this.writer ??= new Writer(chunkFor(frame));
    const { buffer, at } = this.writer;
    buffer[at] = 0;
    buffer.writeUInt32BE(size, at + 1);
    this.writer.at += FRAME_HEAD_BYTES;
    return this.writer;
  }

  send(message: Uint8Array): void {
    this.begin(message.length).raw(message);
  }

  /** Hands over what was written. */
  flush(): void {
    if (!this.writer) return;
    const { buffer, at } = this.writer;
    this.writer = undefined;
    if (this.stream.destroyed || this.stream.writableEnded) return reuse(buffer);
    this.open();
    this.stream.write(buffer.subarray(0, at), (error) => {
      // of a write that failed a part may still be on its way
      if (!error) reuse(buffer);
    });
  }

  /** Hands over what is written in this turn of the event loop, at its end. */
  flushSoon(): void {
    this.flushing ??= setImmediate(() => {
      this.flushing = undefined;
      this.flush();
    });
  }

  /** More was handed over than the connection takes at the moment. */
  get isFull(): boolean {
    return this.stream.writableNeedDrain;
  }

  /** Resolves when the connection takes more, or nobody reads any more. */
  drained(): Promise<void> {
    if (!this.isFull || this.stream.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.stream.off('drain', done);
        this.stream.off('close', done);
        resolve();
      };
      this.stream.once('drain', done);
      this.stream.once('close', done);
    });
  }
}
