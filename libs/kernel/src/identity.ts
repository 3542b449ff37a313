import { hash } from 'node:crypto';

/**
 * A UUID (RFC 9562, version 8: the content is ours) that the same parts always give.
 * Parts are length-prefixed, so `['ab', 'c']` and `['a', 'bc']` differ.
 */
export const derivedId = (...parts: readonly string[]): string => {
  const hex = hash('sha256', parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''), 'hex');
  // the version takes the place of one digit, the variant that of two bits
  const variant = (0x8 | (Number.parseInt(hex.charAt(16), 16) & 0x3)).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** JSON with keys in one order, so that equal input gives equal text. Undefined fields do not count; bigints are written as digits. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return inner.toString();
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

/** SHA-256 of a command's input, hex: what tells a resent command from another one under the same key. */
export const inputHash = (input: unknown): string => hash('sha256', canonicalJson(input), 'hex');
