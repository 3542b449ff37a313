import { LONG_MAX, TOMBSTONE } from './revision.js';

/** Who may do what with a stream. A kind that is absent falls back to the system's defaults. */
export type StreamAcl = Readonly<Partial<Record<'$r' | '$w' | '$d' | '$mr' | '$mw', readonly string[]>>>;
const ACL_KINDS = ['$r', '$w', '$d', '$mr', '$mw'] as const;

/** What a stream's metadata says about reading it. */
export type StreamMetadata = Readonly<{
  maxCount?: number;
  maxAgeMs?: number;
  truncateBefore?: number;
  acl?: StreamAcl;
  /** Everything, as it was written. */
  json: string;
}>;

export const NO_METADATA: StreamMetadata = { json: '{}' };

/** The metadata of a soft-deleted stream: it replaces whatever was there. */
export const SOFT_DELETED = `{"$tb":${LONG_MAX}}`;

/** `$tb` of the outermost object, with the digits it was written with. */
const truncation = /"\$tb"\s*:\s*(-?\d+)/;

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value);

const isPositive = (value: unknown): value is number | undefined =>
  value === undefined || (Number.isInteger(value) && (value as number) > 0);

const rolesOf = (value: unknown): readonly string[] | undefined => {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && value.every((role) => typeof role === 'string') ? value : undefined;
};

/** Reads an access control list; `undefined` where it cannot be one. */
export const parseAcl = (value: unknown): StreamAcl | undefined => {
  if (!isObject(value)) return undefined;
  const acl: Record<string, readonly string[]> = {};
  for (const kind of ACL_KINDS) {
    if (value[kind] === undefined || value[kind] === null) continue;
    const roles = rolesOf(value[kind]);
    if (!roles) return undefined;
    acl[kind] = roles;
  }
  return acl;
};

/** `$tb` may be larger than a double holds exactly, so it is read from the text. */
const truncateBeforeOf = (text: string): number => {
  const exact = BigInt(truncation.exec(text)?.[1] ?? 0);
  return exact === LONG_MAX ? TOMBSTONE : Math.min(Number(exact), TOMBSTONE - 1);
};

/** Reads metadata as a server does: one invalid property, or text that is not a JSON object, and the whole of it does not count. */
export const parseMetadata = (text: string): StreamMetadata => {
  let properties: unknown;
  try {
    properties = JSON.parse(text);
  } catch {
    return NO_METADATA;
  }
  if (!isObject(properties)) return NO_METADATA;
  const { $maxCount, $maxAge, $tb, $cacheControl, $acl } = properties;
  if (!isPositive($maxCount) || !isPositive($maxAge) || !isPositive($cacheControl)) return NO_METADATA;
  if ($tb !== undefined && !(Number.isInteger($tb) && ($tb as number) >= 0)) return NO_METADATA;
  const acl = $acl === undefined ? {} : parseAcl($acl);
  if (!acl) return NO_METADATA;
  return {
    json: text,
    ...($maxCount !== undefined && { maxCount: $maxCount }),
    ...($maxAge !== undefined && { maxAgeMs: $maxAge * 1_000 }),
    ...($tb !== undefined && { truncateBefore: truncateBeforeOf(text) }),
    ...($acl !== undefined && { acl }),
  };
};

export const isSoftDeleted = ({ truncateBefore }: StreamMetadata): boolean => truncateBefore === TOMBSTONE;

/** The same metadata with another truncation point, other properties kept. */
export const truncatedBefore = ({ json }: StreamMetadata, revision: number): string => {
  const properties = JSON.parse(json) as Record<string, unknown>;
  return JSON.stringify({ ...properties, $tb: revision });
};
