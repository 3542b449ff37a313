import { BsonType, fieldsOf, RawValue } from '../bson/raw.js';
import { typeName } from '../bson/type-name.js';
import { decodeValue, idOf } from '../bson/values.js';
import { CommandError } from '../errors.js';
import type { ArrayFilters } from './array-filters.js';
import { operation, unknownModifier, UPDATE_OPERATORS, type Operation } from './operators.js';
import { ArrayTree, ObjectTree, open, treeBytes, treeValue, type Tree } from './tree.js';

/** The fields that an update touches, as a tree of path steps; operations are its leaves. */
interface Branch {
  readonly path: string;
  readonly children: Map<string, Branch>;
  operation?: Operation;
  /** Of $rename: where the value comes from. */
  source?: string;
}

/** A $rename is done before all else; its leaves keep other operators off both its fields. */
const RENAME_FROM: Operation = { operator: '$rename', creates: false, apply: (current) => current };
const RENAME_TO: Operation = { operator: '$rename', creates: true, apply: (current) => current };

const NULL = new RawValue(BsonType.null, Buffer.alloc(0), 0, 0);

/** Longest path of an update, in steps: as deep as a document may be nested. */
const MAX_STEPS = 180;

const failed = (message: string): CommandError => new CommandError('FailedToParse', message);

const checkPath = (path: string): string[] => {
  const steps = path.split('.');
  if (path === '') throw new CommandError('EmptyFieldName', 'An empty update path is not valid.');
  if (steps.includes(''))
    throw new CommandError('EmptyFieldName', `The update path '${path}' contains an empty field name, which is not allowed.`);
  if (steps.length > MAX_STEPS)
    throw new CommandError('BadValue', `The update path '${path.slice(0, 100)}…' has more than ${MAX_STEPS} steps`);
  const stranger = steps.find((step) => step.startsWith('$') && step !== '$' && !/^\$\[\w*\]$/.test(step));
  if (stranger !== undefined)
    throw new CommandError(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${stranger}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  return steps;
};

const plant = (root: Branch, path: string): Branch => {
  const conflict = (at: string) =>
    new CommandError('ConflictingUpdateOperators', `Updating the path '${path}' would create a conflict at '${at}'`);
  let branch = root;
  for (const step of checkPath(path)) {
    if (branch.operation) throw conflict(branch.path);
    let next = branch.children.get(step);
    if (!next) branch.children.set(step, (next = { path: branch.path === '' ? step : `${branch.path}.${step}`, children: new Map() }));
    branch = next;
  }
  if (branch.operation || branch.children.size > 0) throw conflict(path);
  return branch;
};

const numeric = /^\d+$/;

/** New fields are made in the order of their names, numbers by value. */
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  numeric.test(a) && numeric.test(b) ? Number(a) - Number(b) : a < b ? -1 : 1;

/** What one application of modifiers knows. */
interface Application {
  document: RawValue;
  inserting: boolean;
  /** The item that `$` stands for: the one that the query matched. */
  positional: () => number | undefined;
  /** What $rename took away, by the path it stood at. */
  moved: Map<string, Tree>;
}

/** The update operators of one statement, parsed; applied to any number of documents. */
export class Modifiers {
  readonly #root: Branch = { path: '', children: new Map() };
  readonly #arrayFilters: ArrayFilters;
  readonly #renamed: string[] = [];

  /** @throws CommandError for what is no update, or two operators that touch the same field */
  constructor(update: RawValue, arrayFilters: ArrayFilters, now: () => Date) {
    this.#arrayFilters = arrayFilters;
    for (const [operator, operand] of fieldsOf(update)) {
      if (operand.type !== BsonType.object)
        throw failed(
          `Modifiers operate on fields but we found type ${typeName(operand.type)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${JSON.stringify(decodeValue(operand))}}`,
        );
      for (const [path, value] of fieldsOf(operand))
        if (operator === '$rename') this.#rename(path, value);
        else plant(this.#root, path).operation = operation(operator, value, now);
      // an operator that does not exist is an error even without fields
      if (!UPDATE_OPERATORS.has(operator)) throw unknownModifier(operator);
    }
    this.#sort(this.#root);
    this.#arrayFilters.requireUsed();
  }

  #rename(source: string, target: RawValue): void {
    if (target.type !== BsonType.string)
      throw new CommandError('BadValue', `The 'to' field for $rename must be a string: ${source}: ${JSON.stringify(decodeValue(target))}`);
    const to = target.text();
    if (to === source) throw new CommandError('BadValue', `The source and target field for $rename must differ: ${source}: "${to}"`);
    if ([source, to].some((path) => path.split('.').some((step) => step.startsWith('$'))))
      throw new CommandError('BadValue', `The source and target field for $rename may not be dynamic: ${source}`);
    plant(this.#root, source).operation = RENAME_FROM;
    const branch = plant(this.#root, to);
    branch.operation = RENAME_TO;
    branch.source = source;
    this.#renamed.push(source);
  }

  #sort(branch: Branch): void {
    for (const step of branch.children.keys()) this.#arrayFilters.noteUse(step);
    const sorted = [...branch.children].sort(byName);
    branch.children.clear();
    for (const [step, child] of sorted) {
      branch.children.set(step, child);
      this.#sort(child);
    }
  }

  /** The document as it is afterwards. @throws CommandError where the update does not fit the document */
  apply(document: RawValue, options: { inserting: boolean; positional: () => number | undefined }): Buffer {
    const root = open(document) as ObjectTree;
    const moved = new Map<string, Tree>();
    for (const source of this.#renamed) {
      const value = take(root, source.split('.'), source, document);
      if (value !== undefined) moved.set(source, value);
    }
    this.#applyAll(root, this.#root, { document, moved, ...options });
    return treeBytes(root);
  }

  #applyAll(tree: ObjectTree | ArrayTree, branch: Branch, application: Application): void {
    for (const [step, child] of branch.children)
      if (tree instanceof ObjectTree) this.#applyToField(tree, step, child, application);
      else for (const index of this.#indexes(tree, step, child, application)) this.#applyToItem(tree, index, child, application);
  }

  #applyToField({ fields }: ObjectTree, name: string, branch: Branch, application: Application): void {
    if (name.startsWith('$[')) throw notAnArray(branch, application);
    const step = name === '$' ? String(matchedIndex(application)) : name;
    const current = fields.get(step);
    const next = this.#next(current, branch, application);
    if (next === undefined) fields.delete(step);
    else if (next !== current) fields.set(step, next);
  }

  #applyToItem({ items }: ArrayTree, index: number, branch: Branch, application: Application): void {
    const current = items[index];
    const next = this.#next(current, branch, application);
    if (next === current) return;
    for (let at = items.length; at < index; at++) items[at] = NULL;
    items[index] = next ?? NULL;
  }

  /** What is to stand where `current` stands. */
  #next(current: Tree | undefined, branch: Branch, application: Application): Tree | undefined {
    const { operation } = branch;
    if (operation) return this.#operate(current, branch, operation, application);
    if (current === undefined) {
      if ([...branch.children.keys()].some((step) => step.startsWith('$')))
        throw new CommandError('BadValue', `The path '${branch.path}' must exist in the document in order to apply array updates.`);
      if (!creates(branch, application)) return undefined;
      const made = new ObjectTree();
      this.#applyAll(made, branch, application);
      return made.fields.size > 0 ? made : undefined;
    }
    const opened = open(current);
    if (!(opened instanceof ObjectTree) && !(opened instanceof ArrayTree)) {
      if (!creates(branch, application)) return current;
      const [step = ''] = branch.children.keys();
      throw new CommandError(
        'PathNotViable',
        `Cannot create field '${step}' in element {${lastStep(branch.path)}: ${JSON.stringify(decodeValue(treeValue(current)))}}`,
      );
    }
    this.#applyAll(opened, branch, application);
    return opened;
  }

  #operate(current: Tree | undefined, { path, source }: Branch, operation: Operation, application: Application): Tree | undefined {
    const { document, inserting, moved } = application;
    if (operation.onInsert && !inserting) return current;
    if (source !== undefined) return moved.get(source) ?? current;
    if (current === undefined && !operation.creates) return undefined;
    return operation.apply(current, { document, path });
  }

  /** The items that a step stands for. */
  #indexes({ items }: ArrayTree, step: string, branch: Branch, application: Application): number[] {
    if (step === '$') return [matchedIndex(application)];
    if (step === '$[]') return items.map((_, at) => at);
    if (step.startsWith('$[')) return this.#arrayFilters.matching(step.slice(2, -1), items);
    if (/^(0|[1-9]\d{0,6})$/.test(step)) {
      const index = Number(step);
      if (index > items.length + MAX_PADDING)
        throw new CommandError('BadValue', `Cannot pad an array with more than ${MAX_PADDING} nulls: the path ${branch.path}`);
      return index < items.length || creates(branch, { inserting: true }) ? [index] : [];
    }
    if (!creates(branch, { inserting: true })) return [];
    const shown = JSON.stringify(decodeValue(treeValue(new ArrayTree(items))));
    const parent = branch.path.slice(0, -step.length - 1);
    throw new CommandError(
      'PathNotViable',
      `Cannot create field '${step}' in element {${lastStep(parent)}: ${shown}}${whose(application.document)}`,
    );
  }
}

const matchedIndex = ({ positional }: Application): number => {
  const index = positional();
  if (index === undefined) throw new CommandError('BadValue', 'The positional operator did not find the match needed from the query.');
  return index;
};

const notAnArray = ({ path }: Branch, { document }: Application): CommandError =>
  new CommandError('BadValue', `Cannot apply array updates to non-array element ${path}${whose(document)}`);

/** Takes the value away that $rename moves; undefined where there is none. @throws CommandError BadValue where it stands in an array */
const take = (root: ObjectTree, steps: readonly string[], source: string, document: RawValue): Tree | undefined => {
  let { fields } = root;
  for (const step of steps.slice(0, -1)) {
    const current = fields.get(step);
    const opened = current && open(current);
    if (opened instanceof ArrayTree)
      throw new CommandError(
        'BadValue',
        `The source field cannot be an array element, '${source}'${whose(document)} has an array field called '${step}'`,
      );
    if (!(opened instanceof ObjectTree)) return undefined;
    fields.set(step, opened);
    ({ fields } = opened);
  }
  const last = steps.at(-1) as string;
  const value = fields.get(last);
  fields.delete(last);
  return value;
};

/** An index far behind an array's end would make it that long. */
const MAX_PADDING = 1_500_000;

const lastStep = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

const whose = (document: RawValue): string => {
  const id = idOf(document);
  return id ? ` in document {_id: ${JSON.stringify(decodeValue(id))}}` : '';
};

const creates = ({ operation, children }: Branch, application: { inserting: boolean }): boolean => {
  if (operation) return operation.creates && (!operation.onInsert || application.inserting);
  for (const child of children.values()) if (creates(child, application)) return true;
  return false;
};
