import { BsonType, Elements, RawValue } from '../bson/raw.js';
import { BsonWriter } from '../bson/writer.js';
import { CommandError } from '../errors.js';
import type { Expression, Scope, Value } from './scope.js';

/** What becomes of one field. */
export type Field =
  | { kind: 'named' }
  /** The value of an expression, which knows nothing of what stood there. */
  | { kind: 'computed'; expression: Expression }
  /** Another form of the value that stands there. */
  | { kind: 'changed'; change: (value: RawValue, root: RawValue) => Value }
  | { kind: 'nested'; fields: Branch[] };

interface Branch {
  name: string;
  bytes: Buffer;
  field: Field;
}

/**
 * `include`: the named fields alone. `exclude`: all but the named ones. `keep`: all. Computed and changed fields come to any of them.
 */
export type Mode = 'include' | 'exclude' | 'keep';

const hasComputed = (fields: readonly Branch[]): boolean =>
  fields.some(({ field }) => field.kind === 'computed' || (field.kind === 'nested' && hasComputed(field.fields)));

/**
 * A document's shape after a projection, $project or $addFields: a tree of field names. What is not computed is copied byte for byte, in the
 * order in which it stands; through an array the tree holds for each of its documents.
 */
export class Shape {
  readonly #fields: Branch[] = [];
  readonly #mode: Mode;
  readonly #writer = new BsonWriter();

  constructor(mode: Mode) {
    this.#mode = mode;
  }

  /** Says what becomes of the field at a dotted path. @throws CommandError Location31250, where a path passes through a field that is named as a whole */
  set(dotted: string, field: Field): void {
    const collision = () => new CommandError('Location31250', `Path collision at ${dotted}`);
    const steps = dotted.split('.');
    if (steps.includes('')) throw new CommandError('Location40353', `FieldPath '${dotted}' must not have empty field names`);
    let fields = this.#fields;
    for (const [at, name] of steps.entries()) {
      const found = fields.find((branch) => branch.name === name);
      if (at === steps.length - 1) {
        if (found) throw collision();
        fields.push({ name, bytes: Buffer.from(name), field });
        return;
      }
      if (found && found.field.kind !== 'nested') throw collision();
      const nested = found?.field ?? { kind: 'nested', fields: [] };
      if (!found) fields.push({ name, bytes: Buffer.from(name), field: nested });
      ({ fields } = nested as Extract<Field, { kind: 'nested' }>);
    }
  }

  apply(scope: Scope): RawValue {
    const writer = this.#writer;
    try {
      this.#document(scope.root, this.#fields, scope);
    } catch (error) {
      writer.reset();
      throw error;
    }
    return RawValue.document(writer.take());
  }

  #document(document: RawValue, fields: readonly Branch[], scope: Scope): void {
    const writer = this.#writer;
    const at = writer.begin();
    let seen: Set<Branch> | undefined;
    for (const element = Elements.of(document); element.next();) {
      const branch = named(fields, element);
      if (!branch) {
        if (this.#mode !== 'include') writer.copy(element.bytes, element.nameStart - 1, element.valueEnd);
        continue;
      }
      if (branch.field.kind !== 'named') (seen ??= new Set()).add(branch);
      this.#element(element, branch, scope, seen);
    }
    for (const branch of fields) if (branch.field.kind !== 'named' && !seen?.has(branch)) this.#missing(branch, scope);
    writer.end(at);
  }

  /** A field that stands in the document and in the tree. */
  #element(element: Elements, branch: Branch, scope: Scope, seen: Set<Branch> | undefined): void {
    const writer = this.#writer;
    const { field } = branch;
    switch (field.kind) {
      case 'named':
        if (this.#mode === 'include') writer.copy(element.bytes, element.nameStart - 1, element.valueEnd);
        return;
      case 'computed': {
        // among included fields, computed ones come last, in the order of the specification
        if (this.#mode === 'include') return void seen?.delete(branch);
        const value = field.expression(scope);
        if (value) writer.raw(branch.name, value);
        return;
      }
      case 'changed': {
        const value = field.change(element.value(), scope.root);
        if (value) writer.raw(branch.name, value);
        return;
      }
      case 'nested':
        this.#nested(branch.name, element.value(), field.fields, scope);
        return;
      default:
        field satisfies never;
    }
  }

  #nested(name: string, value: RawValue, fields: readonly Branch[], scope: Scope): void {
    const writer = this.#writer;
    if (value.type === BsonType.object) {
      writer.head(BsonType.object, name);
      this.#document(value, fields, scope);
    } else if (value.type === BsonType.array) {
      writer.head(BsonType.array, name);
      const at = writer.begin();
      let position = 0;
      for (const element = Elements.of(value); element.next();) {
        const before = writer.length;
        this.#nested(String(position), element.value(), fields, scope);
        if (writer.length > before) position++;
      }
      writer.end(at);
    } else if (hasComputed(fields)) this.#missing({ name, bytes: Buffer.alloc(0), field: { kind: 'nested', fields: [...fields] } }, scope);
    else if (this.#mode !== 'include') writer.raw(name, value);
  }

  /** A field of the tree that the document has not. */
  #missing({ name, field }: Branch, scope: Scope): void {
    const writer = this.#writer;
    if (field.kind === 'computed') {
      const value = field.expression(scope);
      if (value) writer.raw(name, value);
    } else if (field.kind === 'nested' && hasComputed(field.fields)) {
      writer.head(BsonType.object, name);
      const at = writer.begin();
      for (const branch of field.fields) this.#missing(branch, scope);
      writer.end(at);
    }
  }
}

const named = (fields: readonly Branch[], element: Elements): Branch | undefined => {
  for (const branch of fields) if (element.nameIs(branch.bytes)) return branch;
  return undefined;
};
