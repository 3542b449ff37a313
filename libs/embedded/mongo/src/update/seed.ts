import { RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import type { Filter } from '../query/filter.js';
import { ObjectTree, treeBytes, type Tree } from './tree.js';

/** The values that a filter fixes, by path: its equalities, those within $and and those of a lone $or branch included. */
const fixedValues = (filter: Filter, into: Map<string, RawValue>): Map<string, RawValue> => {
  for (const predicate of filter.predicates)
    if ((predicate.kind === 'compare' || predicate.kind === 'text') && predicate.op === 'eq') {
      if (into.has(predicate.dotted)) throw matchedTwice(predicate.dotted);
      into.set(predicate.dotted, predicate.value);
    } else if ((predicate.kind === 'or' || predicate.kind === 'and') && predicate.parts.length === 1)
      fixedValues(predicate.parts[0] as Filter, into);
  return into;
};

const matchedTwice = (path: string): CommandError =>
  new CommandError('NotSingleValueField', `cannot infer query fields to set, path '${path}' is matched twice`);

/**
 * The document that an upsert starts from: what the query says that it is. `only` names the fields that count.
 * @throws CommandError NotSingleValueField, where the query gives a field two values
 */
export const seedOf = (filter: Filter, only?: readonly string[]): RawValue => {
  const root = new ObjectTree();
  const fixed = [...fixedValues(filter, new Map())].filter(([path]) => !only || only.includes(path));
  // the _id comes first in every document
  fixed.sort(([a], [b]) => Number(b === '_id') - Number(a === '_id'));
  for (const [path, value] of fixed) {
    const steps = path.split('.');
    let { fields } = root;
    for (const step of steps.slice(0, -1)) {
      const next: Tree = fields.get(step) ?? new ObjectTree();
      if (!(next instanceof ObjectTree)) throw matchedTwice(path);
      fields.set(step, next);
      ({ fields } = next);
    }
    const last = steps.at(-1) as string;
    if (fields.has(last)) throw matchedTwice(path);
    fields.set(last, value);
  }
  return RawValue.document(treeBytes(root));
};
