import { createHash } from 'node:crypto';

/**
 * A UUID (RFC 9562, version 8: the content is ours) that the same parts always give.
 * Parts are length-prefixed, so `['ab', 'c']` and `['a', 'bc']` differ.
 */
export const derivedId = (...parts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** JSON with keys in one order, so that equal input gives equal text. Undefined fields do not count; bigints are written as digits. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return inner.toString();
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

/** SHA-256 of a command's input, hex: what tells a resent command from another one under the same key. */
export const inputHash = (input: unknown): string => createHash('sha256').update(canonicalJson(input)).digest('hex');
