import { find } from 'mingo';
import { BsonType, Elements, RawValue } from '../bson/raw.js';
import { decode, encode, isTruthy } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { MINGO_OPTIONS, viaMingo } from './mingo.js';

/** Which fields of a document go out. Without one a document goes out as it is stored. */
export type Projection = (document: RawValue) => Buffer;

/** The fields named, as a tree: `true` is the whole field. */
interface Branch {
  readonly name: Buffer;
  children: Branch[] | true;
}

/** Collects a document; grows as needed and is used again for the next. */
class Writer {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;

  begin(): number {
    const at = this.#length;
    this.#room(4);
    this.#length += 4;
    return at;
  }

  copy(source: Buffer, start: number, end: number): void {
    this.#room(end - start);
    source.copy(this.#bytes, this.#length, start, end);
    this.#length += end - start;
  }

  end(at: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = 0;
    this.#bytes.writeInt32LE(this.#length - at, at);
  }

  take(): Buffer {
    const document = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return document;
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#length + size) * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

const writer = new Writer();

const grow = (branches: Branch[], path: readonly string[]): void => {
  const [head = '', ...rest] = path;
  const name = Buffer.from(head);
  let branch = branches.find((each) => each.name.equals(name));
  if (!branch) branches.push((branch = { name, children: rest.length === 0 ? true : [] }));
  else if (branch.children === true || rest.length === 0) throw new CommandError('BadValue', `Path collision at ${path.join('.')}`);
  if (branch.children !== true) grow(branch.children, rest);
};

const named = (branches: readonly Branch[], element: Elements): Branch | undefined => {
  for (const branch of branches) if (element.nameIs(branch.name)) return branch;
  return undefined;
};

const isNested = (type: number): boolean => type === BsonType.object || type === BsonType.array;

/** Copies the elements that the tree names (or, to exclude, those it does not), byte for byte. In an array the tree holds for every item. */
const project = (bytes: Buffer, start: number, branches: readonly Branch[], include: boolean, inArray: boolean): void => {
  const at = writer.begin();
  for (const element = new Elements(bytes, start); element.next();) {
    if (inArray) {
      if (isNested(element.type)) nest(element, branches, include);
      else if (!include) writer.copy(bytes, element.nameStart - 1, element.valueEnd);
      continue;
    }
    const branch = named(branches, element);
    if (!branch || branch.children === true) {
      if ((branch !== undefined) === include) writer.copy(bytes, element.nameStart - 1, element.valueEnd);
    } else if (isNested(element.type)) nest(element, branch.children, include);
    else if (!include) writer.copy(bytes, element.nameStart - 1, element.valueEnd);
  }
  writer.end(at);
};

const nest = (element: Elements, branches: readonly Branch[], include: boolean): void => {
  writer.copy(element.bytes, element.nameStart - 1, element.valueStart);
  project(element.bytes, element.valueStart, branches, include, element.type === BsonType.array);
};

const raw =
  (branches: readonly Branch[], include: boolean): Projection =>
  (document) => {
    project(document.bytes, document.start, branches, include, false);
    return writer.take();
  };

/** Paths as they are nested in the projection: `{a: {b: 1}}` is `{'a.b': 1}`. Undefined where it holds an expression. */
const flatten = (document: RawValue, prefix: string, into: Map<string, boolean>): boolean => {
  for (const element = Elements.of(document); element.next();) {
    const name = prefix + element.name();
    const value = element.value();
    if (value.type === BsonType.object) {
      const first = Elements.of(value);
      if (!first.next() || first.name().startsWith('$') || !flatten(value, `${name}.`, into)) return false;
    } else if (value.isNumber || value.type === BsonType.bool) into.set(name, isTruthy(value));
    else return false;
  }
  return true;
};

/**
 * Compiles a projection; undefined where every document goes out whole.
 * Plain inclusions and exclusions copy bytes; `$slice`, `$elemMatch` and expressions are evaluated by mingo.
 * @throws CommandError BadValue
 */
export const compileProjection = (spec: RawValue | undefined): Projection | undefined => {
  if (!spec || spec.length === 5) return undefined;
  const paths = new Map<string, boolean>();
  if (!flatten(spec, '', paths)) {
    const projection = decode(spec);
    if (Object.keys(projection).some((name) => name.endsWith('.$') || name.includes('.$.')))
      throw new CommandError('NotImplemented', 'This node does not take the positional projection');
    return (document) => encode(viaMingo(() => find([decode(document)], {}, projection as never, MINGO_OPTIONS).all()[0] as object));
  }
  const withoutId = [...paths].filter(([name]) => name !== '_id');
  const include = withoutId[0]?.[1] ?? paths.get('_id') === true;
  if (withoutId.some(([, value]) => value !== include))
    throw new CommandError('BadValue', 'Cannot do exclusion on some fields and inclusion on others in one projection');
  const branches: Branch[] = [];
  for (const [name] of withoutId) grow(branches, name.split('.'));
  const id = paths.get('_id') ?? true;
  if (id === include) grow(branches, ['_id']);
  return raw(branches, include);
};
