import { intValue } from '../bson/build.js';
import { readNumber, toDouble } from '../bson/numbers.js';
import { parsePath } from '../bson/path.js';
import { BsonType, Elements, fieldsOf, itemsOf, RawValue } from '../bson/raw.js';
import { typeName } from '../bson/type-name.js';
import { encodeValue } from '../bson/values.js';
import { writeDocument } from '../bson/writer.js';
import { CommandError } from '../errors.js';
import { compileFilter } from '../query/compile-filter.js';
import { compileProjection } from '../query/projection.js';
import { parseSort } from '../query/sort.js';
import { Blocking, Filtering, Held, Limiting, Mapping, Skipping, Sorting, Unfolding, type Source } from '../query/source.js';
import type { Stage, StageFactory, Variables } from './environment.js';
import { compileExpression } from './expression.js';
import { compileGroup, Grouping } from './group.js';
import { JOINING } from './joining.js';
import { mingoStage } from './mingo-stages.js';
import type { Expression, Value } from './scope.js';
import { Shape } from './shape.js';
import { fieldAt, isNullish } from './values.js';

/** A whole number that a stage takes. @throws CommandError Location5107201, Location15958 */
export const stageLimit = (name: string, operand: RawValue, least: number): number => {
  const number = readNumber(operand);
  const whole = number ? toDouble(number) : NaN;
  if (!Number.isInteger(whole) || whole < 0)
    throw new CommandError(
      'Location5107201',
      `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${typeName(operand.type)}`,
    );
  if (whole < least) throw new CommandError('Location15958', 'the limit must be positive');
  return whole;
};

const requireObject = (name: string, operand: RawValue, code: `Location${number}`): RawValue => {
  if (operand.type !== BsonType.object)
    throw new CommandError(code, `${name} specification stage must be an object, got ${typeName(operand.type)}`);
  return operand;
};

/** A field path as text, with its dollar sign. */
const pathIn = (name: string, value: RawValue | undefined, code: `Location${number}`): string => {
  const text = value?.type === BsonType.string ? value.text() : '';
  if (!/^\$[^$]/.test(text)) throw new CommandError(code, `${name} needs a field path that begins with '$'`);
  return text.slice(1);
};

const match: StageFactory = (operand, { names }) => {
  requireObject('$match', operand, 'Location15959');
  // compiled here to be checked, and again with the values of the variables
  const compiled = compileFilter(operand, Object.fromEntries([...names].map((name) => [name, undefined])));
  return (from, variables) => new Filtering(from, names.size === 0 ? compiled : compileFilter(operand, variables));
};

const project: StageFactory = (operand, { names }) => {
  requireObject('$project', operand, 'Location15969');
  if (!Elements.of(operand).next())
    throw new CommandError('Location51272', 'Invalid $project :: caused by :: projection specification must have at least one field');
  const compiled = compileProjection(operand, { stage: true, names });
  return (from, variables) => new Mapping(from, (root) => compiled?.({ root, variables }) ?? root);
};

const unset: StageFactory = (operand) => {
  const paths = operand.type === BsonType.array ? itemsOf(operand) : [operand];
  if (paths.length === 0 || paths.some(({ type }) => type !== BsonType.string))
    throw new CommandError('Location31002', '$unset specification must be a string or an array with one or more string values');
  const shape = new Shape('exclude');
  for (const path of paths) shape.set(path.text(), { kind: 'named' });
  return (from, variables) => new Mapping(from, (root) => shape.apply({ root, variables }));
};

/** `{a: {b: 1}}` sets `a.b`; what begins with `$` is an expression. */
const setFields = (shape: Shape, specification: RawValue, prefix: string, names: ReadonlySet<string>): void => {
  for (const [name, value] of fieldsOf(specification)) {
    const first = value.type === BsonType.object ? Elements.of(value) : undefined;
    const nested = first?.next() && !first.name().startsWith('$');
    if (nested) setFields(shape, value, `${prefix}${name}.`, names);
    else shape.set(prefix + name, { kind: 'computed', expression: compileExpression(value, names) });
  }
};

const addFields: StageFactory = (operand, { names }) => {
  requireObject('$addFields', operand, 'Location40272');
  const shape = new Shape('keep');
  setFields(shape, operand, '', names);
  return (from, variables) => new Mapping(from, (root) => shape.apply({ root, variables }));
};

const asDocument = (value: Value): RawValue => {
  if (value?.type !== BsonType.object)
    throw new CommandError(
      'Location40228',
      `'newRoot' expression must evaluate to an object, but resulting value was of type: ${value ? typeName(value.type) : 'missing'}`,
    );
  return RawValue.document(value.slice());
};

const replacing =
  (newRoot: Expression): Stage =>
  (from, variables) =>
    new Mapping(from, (root) => asDocument(newRoot({ root, variables })));

const replaceRoot: StageFactory = (operand, { names }) => {
  const newRoot = requireObject('$replaceRoot', operand, 'Location40229') && fieldsOf(operand).get('newRoot');
  if (!newRoot) throw new CommandError('Location40231', 'no newRoot specified for the $replaceRoot stage');
  return replacing(compileExpression(newRoot, names));
};

const unwind: StageFactory = (operand) => {
  const fields = operand.type === BsonType.object ? fieldsOf(operand) : new Map([['path', operand]]);
  const path = parsePath(pathIn('$unwind', fields.get('path'), 'Location28818'));
  const index = fields.get('includeArrayIndex')?.text();
  const keep = fields.get('preserveNullAndEmptyArrays')?.slice()[0] === 1;
  let current: { item: Value; at: number | null } = { item: undefined, at: null };
  const shape = new Shape('keep');
  shape.set(path.map(({ name }) => name).join('.'), { kind: 'computed', expression: () => current.item });
  if (index !== undefined)
    shape.set(index, { kind: 'computed', expression: () => encodeValue(current.at === null ? null : BigInt(current.at)) });
  const unfold = (root: RawValue, variables: Variables): readonly RawValue[] => {
    const value = plainField(root, path);
    const shaped = (item: Value, at: number | null) => {
      current = { item, at };
      return shape.apply({ root, variables });
    };
    const items = value?.type === BsonType.array ? itemsOf(value) : undefined;
    if (items && items.length > 0) return items.map(shaped);
    if (items || isNullish(value)) return keep ? [items || index !== undefined ? shaped(items ? undefined : value, null) : root] : [];
    return [index === undefined ? root : shaped(value, null)];
  };
  return (from, variables) => new Unfolding(from, (root) => unfold(root, variables));
};

/** The value at a path that passes through documents alone. */
const plainField = (root: RawValue, path: ReturnType<typeof parsePath>): Value => {
  let value: Value = root;
  for (let depth = 0; depth < path.length && value; depth++)
    value = value.type === BsonType.object ? fieldAt(value, path.slice(depth, depth + 1)) : undefined;
  return value;
};

const group: StageFactory = (operand, { names }) => {
  const specification = compileGroup(requireObject('$group', operand, 'Location15947'), (expression) =>
    compileExpression(expression, names),
  );
  return (from, variables) => new Grouping(from, specification, variables);
};

/** `{$count: 'n'}` and the like stand for a $group with more stages behind it. */
const short =
  (expand: (operand: RawValue) => readonly object[]): StageFactory =>
  (operand, environment) => {
    const stages = expand(operand).map((stage) => RawValue.document(writeDocument(stage)));
    const inner = environment.inner(stages);
    return (from, variables) => inner.over(from, variables);
  };

const count = short((operand) => {
  const name = operand.type === BsonType.string ? operand.text() : '';
  if (name === '' || name.startsWith('$') || name.includes('.'))
    throw new CommandError('Location40156', 'the count field must be a non-empty string that neither begins with $ nor contains a .');
  return [{ $group: { _id: null, [name]: { $sum: 1 } } }, { $project: { _id: 0 } }];
});

const sortByCount = short((operand) => [{ $group: { _id: operand, count: { $sum: 1 } } }, { $sort: { count: -1 } }]);

const bucket = short((operand) => {
  const fields = fieldsOf(requireObject('$bucket', operand, 'Location40201'));
  const [by, boundaries] = [fields.get('groupBy'), fields.get('boundaries')];
  if (!by || boundaries?.type !== BsonType.array || itemsOf(boundaries).length < 2)
    throw new CommandError('Location40198', '$bucket requires groupBy, and boundaries, an array of at least 2 values');
  const edges = itemsOf(boundaries);
  const branches = edges.slice(0, -1).map((low, at) => ({
    case: { $and: [{ $gte: [by, { $literal: low }] }, { $lt: [by, { $literal: edges[at + 1] as RawValue }] }] },
    then: { $literal: low },
  }));
  const fallback = fields.get('default');
  return [
    {
      $group: {
        _id: { $switch: { branches, ...(fallback && { default: { $literal: fallback } }) } },
        ...bucketOutput(fields.get('output')),
      },
    },
    { $sort: { _id: 1 } },
  ];
});

const bucketOutput = (output: RawValue | undefined): object => (output ? Object.fromEntries(fieldsOf(output)) : { count: { $sum: 1 } });

class Sampling extends Blocking {
  readonly #held: RawValue[] = [];
  #seen = 0;

  constructor(
    from: Source,
    private readonly size: number,
  ) {
    super(from);
  }

  /** Reservoir sampling: every document has the same chance, whatever their number. */
  protected take(document: RawValue): void {
    const place = this.#seen < this.size ? this.#seen : Math.floor(Math.random() * (this.#seen + 1));
    this.#seen++;
    if (place < this.size) this.#held[place] = document;
  }

  protected finish(): Source {
    return new Held(this.#held);
  }
}

const sample: StageFactory = (operand) => {
  const size = fieldsOf(requireObject('$sample', operand, 'Location28745')).get('size') ?? intValue(0);
  const wanted = stageLimit('$sample', size, 1);
  return (from) => new Sampling(from, wanted);
};

const sort: StageFactory = (operand) => {
  const order = parseSort(requireObject('$sort', operand, 'Location15973'));
  if (!order) throw new CommandError('Location15976', '$sort stage must have at least one sort key');
  return (from) => new Sorting(from, order);
};

/** Stages that bring documents of their own are the command's matter: here they come too late. */
const onlyFirst =
  (name: string): StageFactory =>
  () => {
    throw new CommandError('Location40602', `${name} is only valid as the first stage in a pipeline.`);
  };

/** The stages that this node carries out on BSON; a few rare ones are mingo's. */
export const STAGES: Readonly<Record<string, StageFactory | undefined>> = {
  $match: match,
  $project: project,
  $unset: unset,
  $addFields: addFields,
  $set: addFields,
  $replaceRoot: replaceRoot,
  $replaceWith: (operand, { names }) => replacing(compileExpression(operand, names)),
  $unwind: unwind,
  $group: group,
  $count: count,
  $sortByCount: sortByCount,
  $bucket: bucket,
  $sample: sample,
  $sort: sort,
  $skip: (operand) => {
    const skipped = stageLimit('$skip', operand, 0);
    return (from) => new Skipping(from, skipped);
  },
  $limit: (operand) => {
    const limit = stageLimit('$limit', operand, 1);
    return (from) => new Limiting(from, limit);
  },
  ...JOINING,
  $changeStream: () => {
    throw new CommandError('Location40573', 'The $changeStream stage is only supported on replica sets');
  },
  $documents: onlyFirst('$documents'),
  $listLocalSessions: onlyFirst('$listLocalSessions'),
  $collStats: onlyFirst('$collStats'),
  $bucketAuto: mingoStage('$bucketAuto'),
  $redact: mingoStage('$redact'),
  $setWindowFields: mingoStage('$setWindowFields'),
  $densify: mingoStage('$densify'),
  $fill: mingoStage('$fill'),
};
