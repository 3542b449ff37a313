import { BsonType, itemsOf, fieldsOf, type RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import { Filter, type Predicate } from './filter.js';
import type { Sort } from './sort.js';

/** @throws CommandError NotImplemented: what would otherwise be answered as if there were no collation */
export const refuseCollated = (what: string): never => {
  throw new CommandError('NotImplemented', `This node has no collation other than 'simple' for ${what}`);
};

const isText = ({ type }: RawValue): boolean => type === BsonType.string || type === BsonType.symbol;

const holdsText = (value: RawValue): boolean => {
  if (value.type === BsonType.array) return itemsOf(value).some((item) => isText(item) || holdsText(item));
  return value.type === BsonType.object && [...fieldsOf(value).values()].some((item) => isText(item) || holdsText(item));
};

/**
 * The filter as it holds where text is compared by the rules of a language. No index is in that order: the planner knows nothing of such
 * conditions.
 * @throws CommandError NotImplemented, for text within documents and arrays, and for expressions
 */
export const collated = (filter: Filter, collator: Intl.Collator | undefined): Filter =>
  collator ? new Filter(filter.predicates.map((predicate) => collatedPredicate(predicate, collator))) : filter;

const collatedPredicate = (predicate: Predicate, collator: Intl.Collator): Predicate => {
  switch (predicate.kind) {
    case 'compare': {
      const { dotted, path, op, value } = predicate;
      if (holdsText(value)) return refuseCollated('whole documents and arrays');
      return isText(value) ? { kind: 'text', dotted, path, op, value, text: value.text(), collator } : predicate;
    }
    case 'in': {
      const { dotted, path, values, keys } = predicate;
      if (values.some(holdsText)) return refuseCollated('whole documents and arrays');
      const texts = values
        .filter(isText)
        .map((value) => new Filter([{ kind: 'text', dotted, path, op: 'eq', value, text: value.text(), collator }]));
      if (texts.length === 0) return predicate;
      const others = values.flatMap((value, at) => (isText(value) ? [] : [{ value, key: keys[at] as Buffer }]));
      const rest: Predicate = {
        ...predicate,
        values: others.map(({ value }) => value),
        keys: others.map(({ key }) => key),
        set: new Set(others.map(({ key }) => key.toString('latin1'))),
      };
      return { kind: 'or', parts: [new Filter([rest]), ...texts] };
    }
    case 'elemMatch':
      return { ...predicate, filter: collated(predicate.filter, collator) };
    case 'and':
    case 'or':
    case 'nor':
      return { ...predicate, parts: predicate.parts.map((part) => collated(part, collator)) };
    case 'not':
      return { ...predicate, part: collated(predicate.part, collator) };
    case 'expression':
      return refuseCollated('$expr');
    default:
      return predicate;
  }
};

/** The order as it is where text is sorted by the rules of a language. */
export const collatedSort = (sort: Sort | undefined, collator: Intl.Collator | undefined): Sort | undefined =>
  collator ? sort?.map((field) => ({ ...field, collator })) : sort;
