import { Query } from 'mingo';
import { compileExpression } from '../aggregate/expression.js';
import type { Expression, Scope } from '../aggregate/scope.js';
import { holds } from '../aggregate/values.js';
import { parsePath, visit, type Path } from '../bson/path.js';
import { BsonType, Elements, fieldsOf, itemsOf, RawValue } from '../bson/raw.js';
import { decode, decodeValue, isTruthy, wrap } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { compareWithKey, keyOf, Rank, rankOf } from '../keys/value-key.js';
import { MINGO_OPTIONS, viaMingo } from './mingo.js';
import { regexOf } from './regex.js';
import { typeSet } from './type-names.js';

export type CompareOp = 'eq' | 'lt' | 'lte' | 'gt' | 'gte';

/**
 * One condition of a filter. All are evaluated on the stored bytes, so that a value's exact BSON type counts and nothing is decoded;
 * only what needs an expression language goes to mingo.
 */
export type Predicate =
  | { kind: 'compare'; dotted: string; path: Path; op: CompareOp; value: RawValue; key: Buffer }
  | {
      kind: 'in';
      dotted: string;
      path: Path;
      values: readonly RawValue[];
      keys: readonly Buffer[];
      set: ReadonlySet<string>;
      missing: boolean;
    }
  | { kind: 'exists'; dotted: string; path: Path; wanted: boolean }
  | { kind: 'type'; dotted: string; path: Path; types: ReadonlySet<number> }
  | { kind: 'regex'; dotted: string; path: Path; regex: RegExp; key: Buffer | undefined }
  | { kind: 'mod'; dotted: string; path: Path; divisor: number; remainder: number }
  | { kind: 'size'; dotted: string; path: Path; size: number }
  | { kind: 'elemMatch'; dotted: string; path: Path; filter: Filter; items: 'documents' | 'values' }
  | { kind: 'and' | 'or' | 'nor'; parts: readonly Filter[] }
  | { kind: 'not'; part: Filter }
  | { kind: 'expression'; expression: Expression; variables: Scope['variables'] }
  | { kind: 'bits'; query: Query; path: Path; dotted: string };

const bad = (message: string): CommandError => new CommandError('BadValue', message);

const isNullish = (type: number): boolean => type === BsonType.null || type === BsonType.undefined;

/** How a value compares with a predicate's operand; `undefined` is a missing field. */
const compares = (value: RawValue | undefined, op: CompareOp, operand: RawValue, key: Buffer): boolean => {
  if (isNullish(operand.type)) return op !== 'lt' && op !== 'gt' && (value === undefined || isNullish(value.type));
  if (operand.type === BsonType.minKey || operand.type === BsonType.maxKey) {
    // MinKey and MaxKey compare with every type; everything else only with its own.
    const order = value ? compareWithKey(value, key) : Rank.null - rankOf(operand.type);
    return satisfies(order, op);
  }
  if (value === undefined || rankOf(value.type) !== rankOf(operand.type)) return false;
  const order = compareWithKey(value, key);
  if (order !== 0 && (isNaNValue(value) || isNaNValue(operand))) return false;
  return satisfies(order, op);
};

const isNaNValue = (value: RawValue): boolean =>
  (value.type === BsonType.double && Number.isNaN(value.bytes.readDoubleLE(value.start))) ||
  (value.type === BsonType.decimal && String(decodeValue(value)) === 'NaN');

const satisfies = (order: number, op: CompareOp): boolean => {
  switch (op) {
    case 'eq':
      return order === 0;
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
    default:
      return op satisfies never;
  }
};

const test = (predicate: Predicate, document: RawValue): boolean => {
  switch (predicate.kind) {
    case 'compare':
      return visit(document, predicate.path, (value) => compares(value, predicate.op, predicate.value, predicate.key));
    case 'in':
      return visit(document, predicate.path, (value) =>
        value === undefined || isNullish(value.type) ? predicate.missing : predicate.set.has(keyOf(value).toString('latin1')),
      );
    case 'exists':
      return visit(document, predicate.path, (value) => value !== undefined) === predicate.wanted;
    case 'type':
      return visit(document, predicate.path, (value) => value !== undefined && predicate.types.has(value.type));
    case 'regex':
      return visit(document, predicate.path, (value) => {
        if (value?.type === BsonType.string || value?.type === BsonType.symbol) return predicate.regex.test(value.text());
        return value?.type === BsonType.regex && predicate.key !== undefined && compareWithKey(value, predicate.key) === 0;
      });
    case 'mod':
      return visit(document, predicate.path, (value) => {
        if (!value?.isNumber) return false;
        const number = Math.trunc(Number(decodeValue(value)));
        return Number.isFinite(number) && number % predicate.divisor === predicate.remainder;
      });
    case 'size':
      return visit(document, predicate.path, (value) => value?.type === BsonType.array && itemsOf(value).length === predicate.size, true);
    case 'elemMatch':
      return visit(document, predicate.path, (value) => value?.type === BsonType.array && someItem(value, predicate), true);
    case 'and':
      return predicate.parts.every((part) => part.matches(document));
    case 'or':
      return predicate.parts.some((part) => part.matches(document));
    case 'nor':
      return !predicate.parts.some((part) => part.matches(document));
    case 'not':
      return !predicate.part.matches(document);
    case 'expression':
      return holds(predicate.expression({ root: document, variables: predicate.variables }));
    case 'bits':
      return viaMingo(() => predicate.query.test(decode(document)));
    default:
      return predicate satisfies never;
  }
};

const someItem = (array: RawValue, { filter, items }: Extract<Predicate, { kind: 'elemMatch' }>): boolean => {
  for (const element = Elements.of(array); element.next();) {
    if (items === 'documents') {
      if ((element.type === BsonType.object || element.type === BsonType.array) && filter.matches(element.value())) return true;
    } else if (filter.matchesValue(element.value())) return true;
  }
  return false;
};

/** A compiled filter: conditions that must all hold. */
export class Filter {
  constructor(readonly predicates: readonly Predicate[]) {}

  matches(document: RawValue): boolean {
    for (const predicate of this.predicates) if (!test(predicate, document)) return false;
    return true;
  }

  /** Whether a lone value (an array's item) matches conditions that were compiled for the field `v`. */
  matchesValue(value: RawValue): boolean {
    return this.matches(RawValue.document(wrap(value)));
  }

  /** The first steps of all paths, or undefined where an expression may look anywhere. */
  get topFields(): Buffer[] | undefined {
    const names: Buffer[] = [];
    for (const predicate of this.predicates) {
      if (predicate.kind === 'expression') return undefined;
      if ('path' in predicate) names.push((predicate.path[0] as Path[number]).bytes);
      else
        for (const part of predicate.kind === 'not' ? [predicate.part] : predicate.parts) {
          const inner = part.topFields;
          if (!inner) return undefined;
          names.push(...inner);
        }
    }
    return names;
  }

  /** What remains to be tested when some conditions are known to hold. */
  without(known: ReadonlySet<Predicate>): Filter {
    return known.size === 0 ? this : new Filter(this.predicates.filter((predicate) => !known.has(predicate)));
  }
}

export const EVERYTHING = new Filter([]);

const compare = (dotted: string, op: CompareOp, value: RawValue): Predicate => {
  if (value.type === BsonType.regex) throw bad(`Can't have RegEx as arg to predicate over field '${dotted}'.`);
  return { kind: 'compare', dotted, path: parsePath(dotted), op, value, key: keyOf(value) };
};

const regex = (dotted: string, pattern: RawValue, options?: string): Predicate => ({
  kind: 'regex',
  dotted,
  path: parsePath(dotted),
  regex: regexOf(pattern, options),
  key: pattern.type === BsonType.regex ? keyOf(pattern) : undefined,
});

const requireArray = (operator: string, value: RawValue): RawValue[] => {
  if (value.type !== BsonType.array) throw bad(`${operator} needs an array`);
  return itemsOf(value);
};

const requireObject = (operator: string, value: RawValue): RawValue => {
  if (value.type !== BsonType.object) throw bad(`${operator} needs an object`);
  return value;
};

const number = (operator: string, value: RawValue | undefined): number => {
  if (!value?.isNumber) throw bad(`${operator} needs a number`);
  return Number(decodeValue(value));
};

const within = (dotted: string, operand: RawValue): Predicate => {
  const items = requireArray('$in', operand);
  const patterns = items.filter((item) => item.type === BsonType.regex);
  const values = items.filter((item) => item.type !== BsonType.regex);
  const keys = values.map(keyOf);
  const predicate: Predicate = {
    kind: 'in',
    dotted,
    path: parsePath(dotted),
    values,
    keys,
    set: new Set(keys.map((key) => key.toString('latin1'))),
    missing: values.some(({ type }) => isNullish(type)),
  };
  if (patterns.length === 0) return predicate;
  return { kind: 'or', parts: [new Filter([predicate]), ...patterns.map((pattern) => new Filter([regex(dotted, pattern)]))] };
};

const not = (...predicates: Predicate[]): Predicate => ({ kind: 'not', part: new Filter(predicates) });

const equality = (dotted: string, value: RawValue): Predicate =>
  value.type === BsonType.regex ? regex(dotted, value) : compare(dotted, 'eq', value);

const elemMatch = (dotted: string, operand: RawValue): Predicate => {
  requireObject('$elemMatch', operand);
  const base = { kind: 'elemMatch', dotted, path: parsePath(dotted) } as const;
  const first = Elements.of(operand);
  const byValue = first.next() && first.name().startsWith('$') && !LOGICAL.has(first.name());
  return byValue
    ? { ...base, items: 'values', filter: new Filter(operators('v', operand)) }
    : { ...base, items: 'documents', filter: compileFilter(operand) };
};

const all = (dotted: string, operand: RawValue): Predicate[] => {
  const items = requireArray('$all', operand);
  if (items.length === 0) return [{ kind: 'or', parts: [] }];
  return items.map((item) => {
    const nested = item.type === BsonType.object ? fieldsOf(item).get('$elemMatch') : undefined;
    return nested ? elemMatch(dotted, nested) : equality(dotted, item);
  });
};

/** The conditions that an object of operators (`{$gt: 1, $lt: 5}`) puts on one field. */
const operators = (dotted: string, object: RawValue): Predicate[] => {
  const fields = fieldsOf(object);
  const path = parsePath(dotted);
  const predicates: Predicate[] = [];
  for (const [operator, operand] of fields)
    switch (operator) {
      case '$eq':
        predicates.push(equality(dotted, operand));
        break;
      case '$ne':
        predicates.push(not(compare(dotted, 'eq', operand)));
        break;
      case '$gt':
      case '$gte':
      case '$lt':
      case '$lte':
        predicates.push(compare(dotted, operator.slice(1) as CompareOp, operand));
        break;
      case '$in':
        predicates.push(within(dotted, operand));
        break;
      case '$nin':
        predicates.push(not(within(dotted, operand)));
        break;
      case '$exists':
        predicates.push({ kind: 'exists', dotted, path, wanted: isTruthy(operand) });
        break;
      case '$type':
        predicates.push({ kind: 'type', dotted, path, types: typeSet(operand) });
        break;
      case '$regex':
        predicates.push(regex(dotted, operand, fields.get('$options')?.text()));
        break;
      case '$options':
        if (!fields.has('$regex')) throw bad('$options needs a $regex');
        break;
      case '$mod': {
        const [divisor, remainder] = requireArray('$mod', operand);
        const by = Math.trunc(number('$mod', divisor));
        if (by === 0) throw bad('divisor cannot be 0');
        predicates.push({ kind: 'mod', dotted, path, divisor: by, remainder: Math.trunc(number('$mod', remainder)) });
        break;
      }
      case '$size':
        predicates.push({ kind: 'size', dotted, path, size: number('$size', operand) });
        break;
      case '$all':
        predicates.push(...all(dotted, operand));
        break;
      case '$elemMatch':
        predicates.push(elemMatch(dotted, operand));
        break;
      case '$not':
        predicates.push(
          operand.type === BsonType.regex ? not(regex(dotted, operand)) : not(...operators(dotted, requireObject('$not', operand))),
        );
        break;
      case '$bitsAllClear':
      case '$bitsAllSet':
      case '$bitsAnyClear':
      case '$bitsAnySet': {
        const mask = decodeValue(operand);
        const query = viaMingo(() => new Query({ [dotted]: { [operator]: mask } }, MINGO_OPTIONS));
        predicates.push({ kind: 'bits', dotted, path, query });
        break;
      }
      default:
        throw bad(`unknown operator: ${operator}`);
    }
  return predicates;
};

const LOGICAL: ReadonlySet<string> = new Set(['$and', '$or', '$nor']);
/** An object that begins with one of these is a DBRef, a value like any other. */
const DB_REF: ReadonlySet<string> = new Set(['$ref', '$id', '$db']);

const isOperators = (value: RawValue): boolean => {
  if (value.type !== BsonType.object) return false;
  const first = Elements.of(value);
  if (!first.next() || value.bytes[first.nameStart] !== 0x24) return false;
  return !DB_REF.has(first.name());
};

const clauses = (operator: string, value: RawValue, variables: Scope['variables']): Filter[] => {
  const parts = requireArray(operator, value);
  if (parts.length === 0) throw bad(`${operator} argument must be a non-empty array`);
  return parts.map((part) => compileFilter(requireObject(operator, part), variables));
};

/**
 * Compiles a query document; `variables` are those that its `$expr` may use.
 * @throws CommandError BadValue, for an operator that does not exist or an operand it does not take
 */
export const compileFilter = (query: RawValue, variables: Scope['variables'] = {}): Filter => {
  const predicates: Predicate[] = [];
  for (const element = Elements.of(query); element.next();) {
    const name = element.name();
    const value = element.value();
    if (!name.startsWith('$')) {
      if (isOperators(value)) predicates.push(...operators(name, value));
      else predicates.push(equality(name, value));
      continue;
    }
    switch (name) {
      case '$and':
        for (const part of clauses(name, value, variables)) predicates.push(...part.predicates);
        break;
      case '$or':
      case '$nor':
        predicates.push({ kind: name === '$or' ? 'or' : 'nor', parts: clauses(name, value, variables) });
        break;
      case '$expr': {
        const names = new Set(Object.keys(variables));
        predicates.push({ kind: 'expression', expression: compileExpression(value, names), variables });
        break;
      }
      case '$comment':
        break;
      default:
        throw bad(`unknown top level operator: ${name}`);
    }
  }
  return new Filter(predicates);
};

/** What $pull takes away: items equal to a value, or that satisfy its operators, or, of documents, its query. */
export const itemMatcher = (condition: RawValue): ((item: RawValue) => boolean) => {
  const first = condition.type === BsonType.object ? Elements.of(condition) : undefined;
  if (isOperators(condition) && !(first?.next() && LOGICAL.has(first.name()))) {
    const filter = new Filter(operators('v', condition));
    return (item) => filter.matchesValue(item);
  }
  if (condition.type === BsonType.object) {
    const filter = compileFilter(condition);
    return (item) => item.type === BsonType.object && filter.matches(item);
  }
  const predicate = new Filter([equality('v', condition)]);
  return condition.type === BsonType.regex
    ? (item) => predicate.matchesValue(item)
    : (item) => compareWithKey(item, keyOf(condition)) === 0;
};

/** What $elemMatch asks of one item of an array. */
export const itemCondition = (operand: RawValue): ((item: RawValue) => boolean) => {
  const { filter, items } = elemMatch('v', operand) as Extract<Predicate, { kind: 'elemMatch' }>;
  return (item) => (items === 'values' ? filter.matchesValue(item) : item.type === BsonType.object && filter.matches(item));
};
