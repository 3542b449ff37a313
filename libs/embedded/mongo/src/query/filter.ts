import type { Query } from 'mingo';
import type { Expression, Scope } from '../aggregate/scope.js';
import { holds } from '../aggregate/values.js';
import { visit, type Path } from '../bson/path.js';
import { BsonType, Elements, isNullType, itemsOf, RawValue } from '../bson/raw.js';
import { decode, decodeValue, wrap } from '../bson/values.js';
import { compareWithKey, keyOf, Rank, rankOf } from '../keys/value-key.js';
import { viaMingo } from './mingo.js';

export type CompareOp = 'eq' | 'lt' | 'lte' | 'gt' | 'gte';

/**
 * One condition of a filter. All are evaluated on the stored bytes, so that a value's exact BSON type counts and nothing is decoded;
 * only what needs an expression language goes to mingo.
 */
export type Predicate =
  | { kind: 'compare'; dotted: string; path: Path; op: CompareOp; value: RawValue; key: Buffer }
  /** As `compare`, of text, by the rules of a language. */
  | { kind: 'text'; dotted: string; path: Path; op: CompareOp; value: RawValue; text: string; collator: Intl.Collator }
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

/** How a value compares with a predicate's operand; `undefined` is a missing field. */
const compares = (value: RawValue | undefined, op: CompareOp, operand: RawValue, key: Buffer): boolean => {
  if (isNullType(operand.type)) return op !== 'lt' && op !== 'gt' && (value === undefined || isNullType(value.type));
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
    case 'text':
      return visit(
        document,
        predicate.path,
        (value) =>
          (value?.type === BsonType.string || value?.type === BsonType.symbol) &&
          satisfies(predicate.collator.compare(value.text(), predicate.text), predicate.op),
      );
    case 'in':
      return visit(document, predicate.path, (value) =>
        value === undefined || isNullType(value.type) ? predicate.missing : predicate.set.has(keyOf(value).toString('latin1')),
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
