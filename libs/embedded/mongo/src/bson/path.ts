import { BsonType, Elements, findField, RawValue } from './raw.js';

/** One step of a dotted path. */
export interface Segment {
  name: string;
  bytes: Buffer;
  /** The position it means in an array, or -1. */
  index: number;
}

export type Path = readonly Segment[];

/** Paths recur (in every query of a kind, in every statement of a bulk): parsed once. Bounded, for names are the client's. */
const known = new Map<string, Path>();
const KNOWN_MAX = 4096;

export const parsePath = (dotted: string): Path => {
  let path = known.get(dotted);
  if (!path) {
    path = dotted
      .split('.')
      .map((name) => ({ name, bytes: Buffer.from(name), index: /^(0|[1-9]\d{0,8})$/.test(name) ? Number(name) : -1 }));
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(dotted, path);
  }
  return path;
};

/** `undefined` stands for a missing field. Answer true to stop. */
export type Visitor = (value: RawValue | undefined) => boolean;

const itemAt = (array: RawValue, index: number): RawValue | undefined => {
  let at = 0;
  for (const element = Elements.of(array); element.next(); at++) if (at === index) return element.value();
  return undefined;
};

/**
 * Visits every value a query path reaches, as MongoDB does: through embedded documents, into the documents inside arrays on the way, and by
 * position where a step is a number. An array at the end is visited as its items first, then as itself; with `whole` as itself only.
 * Answers whether the visitor stopped it.
 */
export const visit = (document: RawValue, path: Path, visitor: Visitor, whole = false, depth = 0): boolean => {
  const segment = path[depth] as Segment;
  return descend(findField(document.bytes, document.start, segment.bytes), path, depth + 1, visitor, whole);
};

const descend = (value: RawValue | undefined, path: Path, depth: number, visitor: Visitor, whole: boolean): boolean => {
  if (depth === path.length) {
    if (value?.type === BsonType.array && !whole)
      for (const element = Elements.of(value); element.next();) if (visitor(element.value())) return true;
    return visitor(value);
  }
  if (value?.type === BsonType.object) return visit(value, path, visitor, whole, depth);
  if (value?.type !== BsonType.array) return visitor(undefined);
  const { index } = path[depth] as Segment;
  if (index >= 0) {
    const item = itemAt(value, index);
    if (item && descend(item, path, depth + 1, visitor, whole)) return true;
  }
  for (const element = Elements.of(value); element.next();)
    if (element.type === BsonType.object && visit(element.value(), path, visitor, whole, depth)) return true;
  return false;
};
