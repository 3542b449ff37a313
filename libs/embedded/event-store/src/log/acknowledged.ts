import { closeSync, constants, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const BYTES = 12;

/**
 * How far the log was acknowledged: written behind each sync, itself not synced. It outlives the process, whatever ends it. After a power
 * failure it may be behind, never ahead. A log that ends before it has lost events that clients rely on.
 */
export class Acknowledged {
  private readonly fd: number;
  private readonly bytes = Buffer.alloc(BYTES);

  constructor(folder: string) {
    this.fd = openSync(Acknowledged.pathIn(folder), constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  static pathIn(folder: string): string {
    return join(folder, 'acknowledged');
  }

  /** What was written last; 0 where nothing can be read. */
  static read(folder: string): number {
    const path = Acknowledged.pathIn(folder);
    if (!existsSync(path)) return 0;
    const bytes = readFileSync(path);
    return bytes.length === BYTES && bytes.readUInt32BE(8) === crc32(bytes.subarray(0, 8)) ? Number(bytes.readBigUInt64BE()) : 0;
  }

  write(position: number): void {
    this.bytes.writeBigUInt64BE(BigInt(position));
    this.bytes.writeUInt32BE(crc32(this.bytes.subarray(0, 8)), 8);
    writeSync(this.fd, this.bytes, 0, BYTES, 0);
  }

  close(): void {
    fsyncSync(this.fd);
    closeSync(this.fd);
  }
}
