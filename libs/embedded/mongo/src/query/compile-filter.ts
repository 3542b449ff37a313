import { Query } from 'mingo';
import { compileExpression } from '../aggregate/expression.js';
import type { Scope } from '../aggregate/scope.js';
import { parsePath } from '../bson/path.js';
import { BsonType, Elements, fieldsOf, isNullType, itemsOf, type RawValue } from '../bson/raw.js';
import { decodeValue, isTruthy } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { compareWithKey, keyOf } from '../keys/value-key.js';
import { Filter, type CompareOp, type Predicate } from './filter.js';
import { MINGO_OPTIONS, viaMingo } from './mingo.js';
import { regexOf } from './regex.js';
import { typeSet } from './type-names.js';

const bad = (message: string): CommandError => new CommandError('BadValue', message);

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
    missing: values.some(({ type }) => isNullType(type)),
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
