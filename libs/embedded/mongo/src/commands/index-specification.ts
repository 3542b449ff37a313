import { BsonType, fieldsOf, type RawValue } from '../bson/raw.js';
import { readNumber, toDouble } from '../bson/numbers.js';
import type { IndexSpec } from '../catalogue.js';
import { CommandError } from '../errors.js';
import { refuseCollated } from '../query/collation.js';
import { compileFilter } from '../query/compile-filter.js';
import type { Filter } from '../query/filter.js';
import { Arguments } from './command.js';
import { collatorOf } from './collation.js';

/** Every collection has it: its documents lie in the order of their `_id`. */
export const ID_INDEX: IndexSpec = { name: '_id_', pattern: [['_id', 1]], unique: false, sparse: false };

/** Indexes of a collection beside that on `_id`, at most (MongoDB's own limit, less one). */
export const MAX_INDEXES = 63;
/** Fields of an index at most. */
const MAX_FIELDS = 32;

const KNOWN: ReadonlySet<string> = new Set(
  'key name unique sparse background hidden partialFilterExpression expireAfterSeconds collation v ns dropDups'.split(' '),
);

const cannot = (message: string): CommandError => new CommandError('CannotCreateIndex', message);

const direction = (field: string, value: RawValue): 1 | -1 => {
  if (value.type === BsonType.string) throw cannot(`This node has no index of the type '${value.text()}', which ${field} asks for`);
  const number = readNumber(value);
  if (!number)
    throw new CommandError(
      'TypeMismatch',
      `Values in v:2 index key pattern cannot be of type ${String(value.type)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
    );
  const given = toDouble(number);
  if (given === 0 || Number.isNaN(given)) throw cannot('Values in the index key pattern cannot be 0.');
  return given > 0 ? 1 : -1;
};

const patternOf = (key: RawValue): (readonly [string, 1 | -1])[] => {
  const fields = [...fieldsOf(key)];
  if (fields.length === 0) throw cannot('Index keys cannot be empty.');
  if (fields.length > MAX_FIELDS) throw cannot(`An index has at most ${MAX_FIELDS} fields`);
  return fields.map(([field, value]) => {
    if (field.split('.').includes('')) throw cannot('Index keys cannot contain an empty field.');
    if (field.split('.').some((step) => step.startsWith('$')))
      throw cannot(`Index key contains an illegal field name: field name starts with '$' or is a wildcard: ${field}`);
    return [field, direction(field, value)] as const;
  });
};

/** What a partial index may ask of its documents: conditions that bytes alone decide. */
const checkPartial = (filter: Filter): void => {
  for (const predicate of filter.predicates)
    switch (predicate.kind) {
      case 'compare':
      case 'in':
      case 'type':
        break;
      case 'exists':
        if (!predicate.wanted) throw cannot('Expression not supported in partial index: $exists: false');
        break;
      case 'and':
      case 'or':
        predicate.parts.forEach(checkPartial);
        break;
      default:
        throw cannot(`Expression not supported in partial index: $${predicate.kind}`);
    }
};

/**
 * An index as createIndexes is told it.
 * @throws CommandError CannotCreateIndex and others, for what is no index of this node
 */
export const readIndex = (given: RawValue): IndexSpec => {
  const fields = new Arguments('createIndexes.indexes', given);
  for (const field of fields.fields.keys())
    if (!KNOWN.has(field))
      throw new CommandError(
        'InvalidIndexSpecificationOption',
        `The field '${field}' is not valid for an index specification. Specification: ${field}`,
      );
  if (collatorOf(fields)) refuseCollated('indexes');
  if (fields.boolean('hidden')) throw cannot('This node has no hidden indexes');
  const key = fields.object('key');
  if (!key) throw new CommandError('FailedToParse', "The 'key' field is a required property of an index specification");
  const pattern = patternOf(key);
  const name = fields.string('name');
  if (!name) throw new CommandError('FailedToParse', "The 'name' field is a required property of an index specification");
  const [partial, sparse] = [fields.object('partialFilterExpression'), fields.boolean('sparse')];
  if (partial && sparse) throw cannot('cannot mix "partialFilterExpression" and "sparse" options');
  if (partial) checkPartial(compileFilter(partial));
  const expireAfterSeconds = fields.integer('expireAfterSeconds');
  if (expireAfterSeconds !== undefined && pattern.length !== 1)
    throw cannot('TTL indexes are single-field indexes, compound indexes do not support TTL.');
  return {
    ...{ name, pattern, sparse },
    unique: fields.boolean('unique'),
    ...(partial && { partial: partial.owned() }),
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
  };
};

/** An index as listIndexes tells it. */
export const specificationOf = ({ name, pattern, unique, sparse, partial, expireAfterSeconds }: IndexSpec): object => ({
  v: 2,
  key: Object.fromEntries(pattern),
  name,
  ...(unique && { unique }),
  ...(sparse && { sparse }),
  ...(partial && { partialFilterExpression: partial }),
  ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
});

const text = (spec: IndexSpec): string => JSON.stringify(spec.pattern);

const sameOptions = (a: IndexSpec, b: IndexSpec): boolean =>
  a.unique === b.unique &&
  a.sparse === b.sparse &&
  a.expireAfterSeconds === b.expireAfterSeconds &&
  (a.partial && b.partial ? a.partial.sameBytes(b.partial) : a.partial === b.partial);

/**
 * Whether there is such an index already.
 * @throws CommandError IndexKeySpecsConflict or IndexOptionsConflict, where there is another one of this name, or this one under another name
 */
export const isThere = (existing: readonly IndexSpec[], wanted: IndexSpec): boolean => {
  const named = existing.find(({ name }) => name === wanted.name);
  if (named && text(named) === text(wanted) && sameOptions(named, wanted)) return true;
  if (named)
    throw new CommandError(
      text(named) === text(wanted) ? 'IndexOptionsConflict' : 'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${wanted.name}, existing index: ${named.name}`,
    );
  const alike = existing.find(
    (each) => text(each) === text(wanted) && (each.partial ? wanted.partial?.sameBytes(each.partial) : !wanted.partial),
  );
  if (!alike) return false;
  throw new CommandError(
    'IndexOptionsConflict',
    sameOptions(alike, wanted)
      ? `Index already exists with a different name: ${alike.name}`
      : `An equivalent index already exists with the same name but different options. Requested index: ${wanted.name}, existing index: ${alike.name}`,
  );
};
