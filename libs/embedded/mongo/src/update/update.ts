import { ObjectId } from 'bson';
import type { Variables } from '../aggregate/environment.js';
import { BsonType, Elements, RawValue } from '../bson/raw.js';
import { typeName } from '../bson/type-name.js';
import { decodeValue, encodeValue, idOf, withIdFirst } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { compareWithKey, keyOf } from '../keys/value-key.js';
import type { Filter } from '../query/filter.js';
import { matchedItem } from '../query/matched-item.js';
import { ArrayFilters } from './array-filters.js';
import { Modifiers } from './modifiers.js';
import { compileUpdatePipeline } from './pipeline.js';
import { seedOf } from './seed.js';

/** What one statement does to a document. */
export interface Update {
  kind: 'replacement' | 'modifiers' | 'pipeline';
  /**
   * The document as it is afterwards: the same bytes where nothing changes.
   * @throws CommandError where the update does not fit the document, or would change its `_id`
   */
  apply: (document: RawValue, filter: Filter) => Buffer;
  /** The document that an upsert inserts where the filter matches none. @throws CommandError */
  insert: (filter: Filter) => Buffer;
}

export interface UpdateOptions {
  arrayFilters?: readonly RawValue[] | undefined;
  /** What a pipeline may use: the `let` of the command, and the constants of the statement. */
  variables?: Variables;
  now: () => Date;
}

/**
 * Compiles the `u` of an update statement, or the `update` of findAndModify.
 * @throws CommandError FailedToParse and others, for what is no update
 */
export const compileUpdate = (update: RawValue, options: UpdateOptions): Update => {
  const { arrayFilters = [] } = options;
  if (update.type === BsonType.array) {
    if (arrayFilters.length > 0) throw new CommandError('FailedToParse', 'arrayFilters may not be specified for pipeline-style updates');
    return pipeline(update, options);
  }
  if (update.type !== BsonType.object)
    throw new CommandError('FailedToParse', `Update argument must be either an object or an array, not ${typeName(update.type)}`);
  const first = Elements.of(update);
  if (!first.next() || !first.name().startsWith('$')) {
    if (arrayFilters.length > 0) throw new CommandError('FailedToParse', 'arrayFilters may not be specified for replacement-style updates');
    return replacement(update);
  }
  return modifiers(new Modifiers(update, new ArrayFilters(arrayFilters), options.now));
};

const checkSameId = (before: RawValue, after: RawValue): void => {
  const [was, is] = [idOf(before), idOf(after)];
  if (was && (!is || compareWithKey(is, keyOf(was)) !== 0))
    throw new CommandError(
      'ImmutableField',
      is
        ? `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${JSON.stringify(decodeValue(is))}`
        : "After applying the update, the (immutable) field '_id' was removed",
    );
};

/** The document with its `_id` first; an upsert that was told none makes one. */
const inserted = (document: RawValue, seed: RawValue): Buffer => {
  const id = idOf(seed);
  if (id && idOf(document)) checkSameId(seed, document);
  const whole = withIdFirst(document, () => id ?? encodeValue(new ObjectId()));
  checkId(idOf(RawValue.document(whole)) as RawValue);
  return whole;
};

/** @throws CommandError InvalidIdField, DollarPrefixedFieldName, for what may not be an `_id` */
export const checkId = (id: RawValue): void => {
  const { type } = id;
  if (type === BsonType.array || type === BsonType.regex || type === BsonType.undefined)
    throw new CommandError('InvalidIdField', `The '_id' value cannot be of type ${typeName(type)}`);
  if (type !== BsonType.object) return;
  for (const element = Elements.of(id); element.next();)
    if (element.name().startsWith('$'))
      throw new CommandError(
        'DollarPrefixedFieldName',
        `_id fields may not contain '$'-prefixed fields: ${element.name()} is not valid for storage.`,
      );
};

const replacement = (document: RawValue): Update => {
  for (const element = Elements.of(document); element.next();)
    if (element.name().startsWith('$'))
      throw new CommandError(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${element.name()}' in '${element.name()}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
  return {
    kind: 'replacement',
    apply: (before) => {
      if (idOf(document)) checkSameId(before, document);
      return withIdFirst(document, () => idOf(before) as RawValue);
    },
    insert: (filter) => inserted(document, seedOf(filter, ['_id'])),
  };
};

const modifiers = (changes: Modifiers): Update => ({
  kind: 'modifiers',
  apply: (before, filter) => {
    const after = changes.apply(before, { inserting: false, positional: () => matchedItem(filter, before) });
    checkUntouchedId(before, RawValue.document(after));
    return after;
  },
  insert: (filter) => {
    const seed = seedOf(filter);
    return inserted(RawValue.document(changes.apply(seed, { inserting: true, positional: () => undefined })), seed);
  },
});

const checkUntouchedId = (before: RawValue, after: RawValue): void => {
  const [was, is] = [idOf(before), idOf(after)];
  if (was && (!is || !was.sameBytes(is)))
    throw new CommandError('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'");
};

const pipeline = (stages: RawValue, { variables = {}, now }: UpdateOptions): Update => {
  const run = compileUpdatePipeline(stages, variables, now);
  return {
    kind: 'pipeline',
    apply: (before) => {
      const after = run(before);
      if (idOf(after)) checkSameId(before, after);
      return withIdFirst(after, () => idOf(before) as RawValue);
    },
    insert: (filter) => {
      const seed = seedOf(filter);
      return inserted(run(seed), seed);
    },
  };
};
