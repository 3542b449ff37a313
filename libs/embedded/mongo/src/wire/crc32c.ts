/** CRC-32C (Castagnoli, RFC 3720 appendix B.4), which OP_MSG messages may carry. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f6_3b78 : remainder >>> 1;
  return remainder >>> 0;
});

export const crc32c = (...parts: readonly Buffer[]): number => {
  let crc = 0xffff_ffff;
  for (const part of parts) for (const byte of part) crc = (TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
};
