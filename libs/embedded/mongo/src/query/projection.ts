import { compileExpression, isOperator } from '../aggregate/expression.js';
import { Shape, type Mode } from '../aggregate/shape.js';
import type { Scope } from '../aggregate/scope.js';
import { arrayOf } from '../bson/build.js';
import { readNumber, toDouble } from '../bson/numbers.js';
import { BsonType, Elements, fieldsOf, itemsOf, RawValue } from '../bson/raw.js';
import { isTruthy } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { itemCondition } from './compile-filter.js';
import type { Filter } from './filter.js';
import { matchedItem } from './matched-item.js';

/** Which fields of a document go out, and in which form. Without one a document goes out as it is stored. */
export type Projection = (scope: Scope) => RawValue;

export interface ProjectionOptions {
  /** The query, whose match `$` stands for. */
  filter?: Filter;
  /** The variables that expressions may use. */
  names?: ReadonlySet<string>;
  /** As the stage $project, which knows neither `$slice` with a number nor `$elemMatch` nor `$`. */
  stage?: boolean;
}

const bad = (code: `Location${number}`, message: string): CommandError => new CommandError(code, message);

/** One field of a specification, paths flattened. */
interface Entry {
  dotted: string;
  value: RawValue;
}

const isFlag = ({ type, isNumber }: RawValue): boolean => isNumber || type === BsonType.bool;

/** `{a: {b: 1}}` means `{'a.b': 1}`, as long as what is nested is no expression. */
const flatten = (document: RawValue, prefix = ''): Entry[] =>
  [...fieldsOf(document)].flatMap(([name, value]) => {
    const dotted = prefix + name;
    if (value.type !== BsonType.object) return [{ dotted, value }];
    const first = Elements.of(value);
    if (!first.next()) throw bad('Location51270', 'An empty sub-projection is not a valid value. Found empty object at path');
    return first.name().startsWith('$') ? [{ dotted, value }] : flatten(value, `${dotted}.`);
  });

const wholeNumber = (value: RawValue | undefined): number => {
  const number = value && readNumber(value);
  if (!number) throw bad('Location28667', '$slice needs numbers');
  return Math.trunc(toDouble(number));
};

/** `{$slice: n}` or `{$slice: [skip, n]}` of a find. */
const slice = (operand: RawValue) => {
  const [first, second] = operand.type === BsonType.array ? itemsOf(operand) : [operand];
  const [from, count] = second ? [wholeNumber(first), wholeNumber(second)] : [undefined, wholeNumber(first)];
  if (from !== undefined && count <= 0) throw bad('Location28724', 'First argument to $slice must be positive');
  return (value: RawValue): RawValue => {
    if (value.type !== BsonType.array) return value;
    const items = itemsOf(value);
    if (from === undefined) return arrayOf(count >= 0 ? items.slice(0, count) : items.slice(count));
    const start = from >= 0 ? from : Math.max(0, items.length + from);
    return arrayOf(items.slice(start, start + count));
  };
};

const elemMatch = (operand: RawValue) => {
  const matches = itemCondition(operand);
  return (value: RawValue): RawValue | undefined => {
    const found = value.type === BsonType.array ? itemsOf(value).find(matches) : undefined;
    return found && arrayOf([found]);
  };
};

const positional = (filter: Filter | undefined) => (value: RawValue, root: RawValue) => {
  if (value.type !== BsonType.array) return value;
  const item = filter && itemsOf(value)[matchedItem(filter, root) ?? -1];
  if (!item)
    throw bad(
      'Location51246',
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    );
  return arrayOf([item]);
};

/** The operator and operand of `{$slice: …}` and the like. */
const operatorOf = (value: RawValue): readonly [string, RawValue] | undefined =>
  value.type === BsonType.object ? ([...fieldsOf(value)][0] as [string, RawValue]) : undefined;

/**
 * Compiles a projection; undefined where every document goes out whole.
 * @throws CommandError, with the code of a real server, for a specification that mixes inclusion and exclusion, or paths that collide
 */
export const compileProjection = (specification: RawValue | undefined, options: ProjectionOptions = {}): Projection | undefined => {
  if (!specification || specification.length === 5) return undefined;
  const { filter, names = new Set(), stage = false } = options;
  const entries = flatten(specification);
  const others = entries.filter(({ dotted }) => dotted !== '_id');
  const id = entries.find(({ dotted }) => dotted === '_id');
  const mode = modeOf(others, id, stage);

  const shape = new Shape(mode);
  // an inclusion takes the _id along unless it is told not to
  if (mode === 'include' && (!id || (isFlag(id.value) && isTruthy(id.value)))) shape.set('_id', { kind: 'named' });
  if (mode !== 'include' && id && isFlag(id.value) && !isTruthy(id.value)) shape.set('_id', { kind: 'named' });
  if (id && !isFlag(id.value)) shape.set('_id', { kind: 'computed', expression: compileExpression(id.value, names) });

  for (const { dotted, value } of others) {
    const [operator, operand] = operatorOf(value) ?? [];
    if (!stage && dotted.endsWith('.$')) shape.set(dotted.slice(0, -2), { kind: 'changed', change: positional(filter) });
    else if (!stage && operator === '$slice' && operand && isFindSlice(operand))
      shape.set(dotted, { kind: 'changed', change: slice(operand) });
    else if (!stage && operator === '$elemMatch' && operand) shape.set(dotted, { kind: 'changed', change: elemMatch(operand) });
    else if (isFlag(value)) shape.set(dotted, { kind: 'named' });
    else if (operator?.startsWith('$') && !isOperator(operator)) throw bad('Location31325', `Unknown expression ${operator}`);
    else shape.set(dotted, { kind: 'computed', expression: compileExpression(value, names) });
  }
  return (scope) => shape.apply(scope);
};

/** A find's `$slice` has plain numbers; as an expression its first argument is an array. */
const isFindSlice = (operand: RawValue): boolean =>
  operand.isNumber || (operand.type === BsonType.array && itemsOf(operand).every((item) => item.isNumber));

/** Whether the specification names what goes out or what does not. */
const modeOf = (others: readonly Entry[], id: Entry | undefined, stage: boolean): Mode => {
  let mode: Mode | undefined;
  for (const { dotted, value } of others) {
    const operator = operatorOf(value)?.[0];
    if (!stage && operator === '$slice') continue;
    const wanted: Mode = isFlag(value) && !isTruthy(value) ? 'exclude' : 'include';
    if (mode !== undefined && wanted !== mode)
      throw mode === 'include'
        ? bad('Location31254', `Cannot do exclusion on field ${dotted} in inclusion projection`)
        : bad('Location31253', `Cannot do inclusion on field ${dotted} in exclusion projection`);
    mode = wanted;
  }
  if (mode) return mode;
  return id && (!isFlag(id.value) || isTruthy(id.value)) ? 'include' : 'exclude';
};
