const PAGE_BITS = 1 << 16;

/** A set of whole numbers at one bit each, in pages of 8 KiB where there are any: a million incidents take 128 KiB. */
export class NumberSet {
  private readonly pages = new Map<number, Uint8Array>();

  /** Adds a number, and answers whether it was new. */
  add(number: number): boolean {
    const at = Math.floor(number / PAGE_BITS);
    let page = this.pages.get(at);
    if (!page) this.pages.set(at, (page = new Uint8Array(PAGE_BITS / 8)));
    const bit = number % PAGE_BITS;
    const [byte, mask] = [bit >> 3, 1 << (bit & 7)];
    const isNew = ((page[byte] as number) & mask) === 0;
    page[byte] = (page[byte] as number) | mask;
    return isNew;
  }
}
