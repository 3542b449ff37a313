import { BsonType, Elements, findField, itemsOf, type RawValue } from '../bson/raw.js';
import { parsePath, type Path } from '../bson/path.js';
import { CommandError } from '../errors.js';
import { KEY_OF_NULL, KEY_OF_UNDEFINED, KeyWriter, writeValueKey } from './value-key.js';

/** What of an index decides a document's entries. */
export interface KeyShape {
  fields: readonly { path: Path; dotted: string; direction: 1 | -1 }[];
  sparse: boolean;
}

export const keyShape = (pattern: readonly (readonly [string, 1 | -1])[], sparse: boolean): KeyShape => ({
  fields: pattern.map(([dotted, direction]) => ({ path: parsePath(dotted), dotted, direction })),
  sparse,
});

export interface IndexKeys {
  keys: Buffer[];
  /** An array was on the way: the document may have any number of entries. */
  multikey: boolean;
}

/** A value to be put into a key: one of the document's, nothing (null), or an empty array (which MongoDB indexes as undefined). */
type Part = RawValue | 'missing' | 'emptyArray';

const writer = new KeyWriter();

const write = (part: Part, direction: 1 | -1): void => {
  const from = writer.length;
  if (part === 'missing') writer.raw(KEY_OF_NULL);
  else if (part === 'emptyArray') writer.raw(KEY_OF_UNDEFINED);
  else writeValueKey(writer, part.type, part.bytes, part.start, part.end);
  if (direction < 0) writer.invert(from);
};

/** The value at the path, or the array that stands in the way, with the steps that remain behind it. */
type Found = { at: 'value'; value: Part } | { at: 'array'; array: RawValue; depth: number };

const MISSING: Found = { at: 'value', value: 'missing' };

const follow = (start: RawValue, path: Path, from: number): Found => {
  let value: RawValue | undefined = start;
  for (let depth = from; ; depth++) {
    if (value.type === BsonType.array) {
      const index: number = path[depth]?.index ?? -1;
      if (index < 0) return { at: 'array', array: value, depth };
      value = itemsOf(value)[index];
      if (!value) return MISSING;
      continue;
    }
    if (depth === path.length) return { at: 'value', value };
    if (value.type !== BsonType.object) return MISSING;
    value = findField(value.bytes, value.start, (path[depth] as Path[number]).bytes);
    if (!value) return MISSING;
  }
};

/** Field by field the parts of each key, arrays unfolded. Fields that pass through the same array are unfolded together. */
const unfold = (found: readonly Found[], shape: KeyShape): Part[][] => {
  const first = found.find((each) => each.at === 'array');
  if (first?.at !== 'array') return [found.map((each) => (each as { value: Part }).value)];
  const items = itemsOf(first.array);
  const sharing = (each: Found): boolean =>
    each.at === 'array' && each.array.bytes === first.array.bytes && each.array.start === first.array.start;
  for (const each of found)
    if (each.at === 'array' && !sharing(each)) throw new CommandError('CannotIndexParallelArrays', 'cannot index parallel arrays');
  const unfolded = (item: RawValue | undefined): Part[][] =>
    unfold(
      found.map((each, i): Found => {
        if (each.at !== 'array') return each;
        const path = shape.fields[i]?.path as Path;
        if (!item) return { at: 'value', value: each.depth === path.length ? 'emptyArray' : 'missing' };
        // An array straight inside an array is a value, not unfolded again.
        if (each.depth === path.length) return { at: 'value', value: item };
        return item.type === BsonType.object ? follow(item, path, each.depth) : MISSING;
      }),
      shape,
    );
  return items.length === 0 ? unfolded(undefined) : items.flatMap((item) => unfolded(item));
};

/**
 * The entries of a document in an index: one, or one for each item of an array ("multikey"), or none (sparse, and no field is there).
 * @throws CommandError CannotIndexParallelArrays, when two fields of the index are different arrays
 */
export const indexKeys = (document: RawValue, shape: KeyShape): IndexKeys => {
  const { fields, sparse } = shape;
  const found: Found[] = [];
  let arrays = false;
  let present = false;
  for (const { path } of fields) {
    const each = follow(document, path, 0);
    if (each.at === 'array') arrays = true;
    if (each !== MISSING) present = true;
    found.push(each);
  }
  if (sparse && !present) return { keys: [], multikey: false };
  if (!arrays) {
    writer.reset();
    for (let i = 0; i < found.length; i++) write((found[i] as { value: Part }).value, (fields[i] as KeyShape['fields'][number]).direction);
    return { keys: [writer.take()], multikey: false };
  }
  const seen = new Map<string, Buffer>();
  for (const parts of unfold(found, shape)) {
    writer.reset();
    parts.forEach((part, i) => write(part, (fields[i] as KeyShape['fields'][number]).direction));
    const key = writer.take();
    seen.set(key.toString('latin1'), key);
  }
  return { keys: [...seen.values()], multikey: true };
};

/** The first step of every path of the shapes: the fields of a document that its entries depend on. */
export const topFields = (shapes: readonly KeyShape[]): Buffer[] => {
  const names = new Map<string, Buffer>();
  for (const { fields } of shapes) for (const { path } of fields) if (path[0]) names.set(path[0].name, path[0].bytes);
  return [...names.values()];
};

/** Whether two versions of a document agree, byte for byte, in all of the given fields. */
export const agreeIn = (before: RawValue, after: RawValue, names: readonly Buffer[]): boolean => {
  const [a, b] = [slots(before, names), slots(after, names)];
  return a.every((value, i) => {
    const other = b[i];
    return value === undefined || other === undefined ? value === other : value.sameBytes(other);
  });
};

const slots = (document: RawValue, names: readonly Buffer[]): (RawValue | undefined)[] => {
  const found = new Array<RawValue | undefined>(names.length).fill(undefined);
  for (const element = Elements.of(document); element.next();)
    for (let i = 0; i < names.length; i++)
      if (found[i] === undefined && element.nameIs(names[i] as Buffer)) {
        found[i] = element.value();
        break;
      }
  return found;
};
