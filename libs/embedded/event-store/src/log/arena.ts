const CHUNK_BYTES = 4 * 1_048_576;

/** Memory that records are laid out in, one behind the other, until they are written; then it is used again. */
export class Arena {
  private readonly chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private full: Buffer[] = [];
  private current = this.chunk;
  private at = 0;

  /** Room for so many bytes, behind what was taken before. */
  take(size: number): Buffer {
    if (this.at + size > this.current.length) {
      if (this.at > 0) this.full.push(this.current.subarray(0, this.at));
      this.current = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, size));
      this.at = 0;
    }
    const bytes = this.current.subarray(this.at, this.at + size);
    this.at += size;
    return bytes;
  }

  /** All that was taken, in order, in few pieces. */
  get pieces(): readonly Buffer[] {
    return this.at === 0 ? this.full : [...this.full, this.current.subarray(0, this.at)];
  }

  /** Begins again: what was taken is overwritten from now on. */
  reset(): void {
    this.full = [];
    this.current = this.chunk;
    this.at = 0;
  }
}
