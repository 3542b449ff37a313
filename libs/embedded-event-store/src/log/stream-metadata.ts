/** The event number of a tombstone, and the `$tb` of a soft-deleted stream: .NET's long.MaxValue. */
export const LONG_MAX = 9_223_372_036_854_775_807n;

/** What a stream's metadata says about reading it. */
export type StreamMetadata = Readonly<{
  maxCount?: bigint;
  maxAgeSeconds?: bigint;
  truncateBefore?: bigint;
  /** Everything, as it was written; numbers beyond 2^53 kept as text would be. */
  json: string;
}>;

export const NO_METADATA: StreamMetadata = { json: '{}' };

export const SOFT_DELETED = `{"$tb":${LONG_MAX}}`;

const truncation = /"\$tb"\s*:\s*(-?\d+)/;

const positiveInteger = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;

/**
 * Reads metadata as a server does: one invalid property, or text that is not a JSON object, and the whole of it does not count.
 * `$tb` is read from the text, for it may be larger than a double holds exactly.
 */
export const parseMetadata = (text: string): StreamMetadata => {
  let properties: Record<string, unknown>;
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return NO_METADATA;
    properties = parsed as Record<string, unknown>;
  } catch {
    return NO_METADATA;
  }
  const { $maxCount, $maxAge, $tb, $cacheControl, $acl } = properties;
  if ($maxCount !== undefined && !positiveInteger($maxCount)) return NO_METADATA;
  if ($maxAge !== undefined && !positiveInteger($maxAge)) return NO_METADATA;
  if ($cacheControl !== undefined && !positiveInteger($cacheControl)) return NO_METADATA;
  if ($tb !== undefined && !(Number.isInteger($tb) && ($tb as number) >= 0)) return NO_METADATA;
  if ($acl !== undefined && ($acl === null || typeof $acl !== 'object')) return NO_METADATA;
  const exact = truncation.exec(text)?.[1];
  return {
    json: text,
    ...($maxCount !== undefined && { maxCount: BigInt($maxCount) }),
    ...($maxAge !== undefined && { maxAgeSeconds: BigInt($maxAge) }),
    ...(exact !== undefined && { truncateBefore: BigInt(exact) }),
  };
};

export const isSoftDeleted = ({ truncateBefore }: StreamMetadata): boolean => truncateBefore === LONG_MAX;

/** The same metadata with another truncation point, other properties kept. */
export const truncatedBefore = ({ json }: StreamMetadata, revision: bigint): string => {
  const properties = JSON.parse(json) as Record<string, unknown>;
  return JSON.stringify({ ...properties, $tb: Number(revision) });
};
