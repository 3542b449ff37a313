import type { ServerWritableStream } from '@grpc/grpc-js';

/** One server stream at its reader's pace: whoever sends waits while the connection is full. */
export class Outgoing {
  private readonly aborted = new AbortController();

  constructor(private readonly call: ServerWritableStream<unknown, Buffer>) {
    const abort = () => this.aborted.abort();
    call.on('cancelled', abort);
    call.on('close', abort);
    call.on('error', abort);
  }

  /** Aborted when nobody reads any more. */
  get signal(): AbortSignal {
    return this.aborted.signal;
  }

  /** Hands one message to the connection. `false`: it is full, wait for `drained` before the next one. */
  send(message: Buffer): boolean {
    return this.signal.aborted || this.call.write(message);
  }

  /** Resolves when the connection takes more, or nobody reads any more. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.call.off('drain', done);
        this.signal.removeEventListener('abort', done);
        resolve();
      };
      this.call.once('drain', done);
      this.signal.addEventListener('abort', done, { once: true });
      if (this.signal.aborted) done();
    });
  }
}
