import { documentOf } from '../bson/build.js';
import { readNumber } from '../bson/numbers.js';
import { BsonType, fieldsOf, type RawValue } from '../bson/raw.js';
import { SumState } from './sum.js';

const isConstant = (value: RawValue): boolean =>
  value.type === BsonType.string ? !value.text().startsWith('$') : value.type !== BsonType.object && value.type !== BsonType.array;

/** What a field of a $group adds for each document, where that is a whole number whatever the document. */
const addedEach = (specification: RawValue): number | undefined => {
  const [[operator, operand] = ['', undefined], ...more] = specification.type === BsonType.object ? fieldsOf(specification) : [];
  if (more.length > 0 || !operand) return undefined;
  if (operator === '$count' && operand.length === 5) return 1;
  const number = operator === '$sum' ? readNumber(operand) : undefined;
  return number?.type === 'int' ? number.value : undefined;
};

/**
 * Of a `$group` that does nothing but count (`{_id: 1, n: {$sum: 1}}`, as drivers write it), what it answers for a number of documents;
 * undefined for any other. So a count need not look at documents.
 */
export const countingGroup = (specification: RawValue): ((documents: number) => RawValue | undefined) | undefined => {
  if (specification.type !== BsonType.object) return undefined;
  const { _id: id, ...fields } = Object.fromEntries(fieldsOf(specification));
  if (!id || !isConstant(id)) return undefined;
  const added = Object.entries(fields).map(([name, value]) => [name, addedEach(value)] as const);
  if (added.some(([, each]) => each === undefined)) return undefined;
  return (documents) => {
    if (documents === 0) return undefined;
    const sums = added.map(([name, each]) => {
      const state = new SumState();
      state.addInt(each as number, documents);
      return [name, state.sum()] as const;
    });
    return documentOf([['_id', id], ...sums]);
  };
};
