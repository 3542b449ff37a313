import { BsonType, Elements, RawValue } from '../bson/raw.js';
import { BsonWriter, positionName } from '../bson/writer.js';

/**
 * A document that is being changed: only what a change passes through is opened, everything else stays the bytes it was. So whatever an
 * update does not touch is kept exactly.
 */
export type Tree = RawValue | ObjectTree | ArrayTree;

export class ObjectTree {
  constructor(readonly fields: Map<string, Tree> = new Map()) {}
}

export class ArrayTree {
  constructor(readonly items: Tree[] = []) {}
}

/** Opens a document or array by one level; anything else is answered as it is. */
export const open = (value: Tree): Tree => {
  if (!(value instanceof RawValue)) return value;
  if (value.type === BsonType.object) {
    const fields = new Map<string, Tree>();
    for (const element = Elements.of(value); element.next();) fields.set(element.name(), element.value());
    return new ObjectTree(fields);
  }
  if (value.type === BsonType.array) {
    const items: Tree[] = [];
    for (const element = Elements.of(value); element.next();) items.push(element.value());
    return new ArrayTree(items);
  }
  return value;
};

const writer = new BsonWriter();

const write = (name: string, tree: Tree): void => {
  if (tree instanceof RawValue) writer.raw(name, tree);
  else if (tree instanceof ObjectTree)
    writer.document(name, () => {
      for (const [field, value] of tree.fields) write(field, value);
    });
  else writer.document(name, () => tree.items.forEach((item, at) => write(positionName(at), item)), BsonType.array);
};

/** The whole as BSON. */
export const treeBytes = ({ fields }: ObjectTree): Buffer => {
  const at = writer.begin();
  for (const [field, value] of fields) write(field, value);
  writer.end(at);
  return writer.take();
};

/** A part of it as a value. */
export const treeValue = (tree: Tree): RawValue => {
  if (tree instanceof RawValue) return tree;
  const element = new Elements(treeBytes(new ObjectTree(new Map([['v', tree]]))), 0);
  element.next();
  return element.value();
};
