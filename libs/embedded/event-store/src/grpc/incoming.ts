import { RpcError, status } from './status.js';

/** gRPC's frame: whether the message is compressed, its size, the message. */
export const FRAME_HEAD_BYTES = 5;

/** Takes a call's bytes apart into messages, however they come in chunks. */
export class Incoming {
  private chunks: Buffer[] = [];
  private bytes = 0;
  /** Bytes without which there is no next message. */
  private wanted = FRAME_HEAD_BYTES;

  constructor(private readonly maxBytes: number) {}

  /** @throws RpcError for a message that is compressed or too large: neither is taken */
  push(chunk: Buffer, take: (message: Buffer) => void): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes < this.wanted) return;
    const buffer = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks, this.bytes);
    let at = 0;
    this.wanted = FRAME_HEAD_BYTES;
    while (buffer.length - at >= FRAME_HEAD_BYTES) {
      if (buffer[at] !== 0) throw new RpcError(status.UNIMPLEMENTED, 'Compressed messages are not taken here: send them as they are');
      const size = buffer.readUInt32BE(at + 1);
      if (size > this.maxBytes) {
        throw new RpcError(status.RESOURCE_EXHAUSTED, `A message has at most ${this.maxBytes} bytes, this one has ${size}`);
      }
      const end = at + FRAME_HEAD_BYTES + size;
      if (end > buffer.length) {
        this.wanted = FRAME_HEAD_BYTES + size;
        break;
      }
      take(buffer.subarray(at + FRAME_HEAD_BYTES, end));
      at = end;
    }
    this.chunks = at === buffer.length ? [] : [buffer.subarray(at)];
    this.bytes = buffer.length - at;
  }
}
