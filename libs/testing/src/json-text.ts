const isPlain = (value: object) => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

const describe = (value: unknown) => (typeof value === 'object' ? (value?.constructor.name ?? 'object') : typeof value);

/** Where this value would come back from JSON as another one: the path and what stands there. Absent and undefined fields are the same. */
const lossIn = (value: unknown, path: string): string | undefined => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value !== 'object') return `${path} is ${value === undefined ? 'undefined' : `a ${describe(value)}`}`;
  if (!Array.isArray(value) && !isPlain(value)) return `${path} is a ${describe(value)}`;
  for (const [field, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    if (inner === undefined && !Array.isArray(value)) continue;
    const loss = lossIn(inner, `${path}.${field}`);
    if (loss) return loss;
  }
  return undefined;
};

/**
 * JSON of what survives JSON unchanged.
 * @throws TypeError that names the path, where something would not: a Date, a bigint, NaN, a class instance, a hole
 */
export const jsonText = (value: unknown, path: string): string => {
  const loss = lossIn(value, path);
  if (loss) throw new TypeError(`${loss}: that does not survive JSON`);
  return JSON.stringify(value);
};
