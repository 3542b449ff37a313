import type { ServerHttp2Stream } from 'node:http2';
import { Writer } from '../wire/protobuf.js';
import { FRAME_HEAD_BYTES } from './incoming.js';

const SMALLEST_CHUNK = 2 * 1_024;
const LARGEST_CHUNK = 64 * 1_024;

/**
 * A call's messages on their way out. They are written next to each other into chunks, which HTTP/2 then takes as one: that, and not the
 * bytes, is what a message costs. Whoever writes many looks at `isFull`, and waits until it is not.
 */
export class Outgoing {
  private writer: Writer | undefined;
  private chunkBytes = SMALLEST_CHUNK;
  private flushing: NodeJS.Immediate | undefined;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly open: () => void,
  ) {}

  /** Begins a message of so many bytes, which the caller then writes: exactly these. */
  begin(size: number): Writer {
    const frame = FRAME_HEAD_BYTES + size;
    if (this.writer && this.writer.at + frame > this.writer.buffer.length) {
      this.flush();
      this.chunkBytes = Math.min(this.chunkBytes * 4, LARGEST_CHUNK);
    }
    this.writer ??= new Writer(Buffer.allocUnsafe(Math.max(this.chunkBytes, frame)));
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
    if (at < buffer.length / 2) this.chunkBytes = SMALLEST_CHUNK;
    if (this.stream.destroyed || this.stream.writableEnded) return;
    this.open();
    this.stream.write(buffer.subarray(0, at));
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
