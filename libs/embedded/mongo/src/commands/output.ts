import { randomUUID } from 'node:crypto';
import { ObjectId } from 'bson';
import type { Variables } from '../aggregate/environment.js';
import { compileExpression } from '../aggregate/expression.js';
import type { Written } from '../aggregate/pipeline.js';
import { fieldAt } from '../aggregate/values.js';
import { merged } from '../bson/build.js';
import { parsePath } from '../bson/path.js';
import { BsonType, fieldsOf, itemsOf, RawValue } from '../bson/raw.js';
import { encodeValue, idOf, withIdFirst } from '../bson/values.js';
import { writeDocument } from '../bson/writer.js';
import type { CollectionInfo } from '../catalogue.js';
import { CommandError } from '../errors.js';
import type { Node } from '../node.js';
import { compileFilter } from '../query/compile-filter.js';
import { drain, type Source } from '../query/source.js';
import type { Patience } from '../slices.js';
import { checkId, compileUpdate } from '../update/update.js';
import { Arguments } from './command.js';
import { firstMatch } from './matching.js';

/** Documents that are written in one transaction. */
const SHARE = 1_000;

/** A stage that writes what comes to it into a collection; it can only be the last one. */
export const isOutput = ({ name }: Written): boolean => name === '$out' || name === '$merge';

/** Carries the stage out. @throws CommandError for a target or an option that does not exist, or where a document cannot be written */
export const runOutput = (node: Node, db: string, { name, operand }: Written, source: Source, patience: Patience): Promise<void> =>
  name === '$out' ? out(node, db, operand, source, patience) : merge(node, db, operand, source, patience);

const inShares = async (source: Source, patience: Patience, write: (share: readonly RawValue[]) => Promise<void>): Promise<void> => {
  for (let more = true; more;) {
    const share: RawValue[] = [];
    more = !(await drain(source, (document) => share.push(document) < SHARE, patience));
    if (share.length > 0) await write(share);
  }
};

/** The document with an `_id`. @throws CommandError InvalidIdField, DollarPrefixedFieldName */
const withId = (document: RawValue): Buffer => {
  const id = idOf(document);
  if (id) checkId(id);
  return withIdFirst(document, () => encodeValue(new ObjectId()));
};

const targetOf = (stage: string, value: RawValue, db: string): { db: string; name: string } => {
  if (value.type === BsonType.string) return { db, name: value.text() };
  if (value.type !== BsonType.object) throw new CommandError('Location16990', `${stage} needs a collection's name, or {db, coll}`);
  const target = new Arguments(stage, value);
  target.allow(new Set(['db', 'coll']));
  return { db: target.string('db') ?? db, name: target.string('coll') ?? target.require('coll').text() };
};

/**
 * $out puts the results in the place of a collection: they gather in one that nobody knows, with the indexes of the old one, which takes its
 * name at the end. Until then readers see the old one, and afterwards the new one, whole.
 */
const out = async (node: Node, from: string, operand: RawValue, source: Source, patience: Patience): Promise<void> => {
  const { db, name } = targetOf('$out', operand, from);
  const gathering = `tmp.out.${randomUUID()}`;
  const { catalogue, documents } = node;
  const gathered = await node.write(() => {
    let collection = catalogue.ensure(db, gathering);
    for (const index of catalogue.working(db, name)?.indexes ?? [])
      if (!index.building) ({ collection } = catalogue.addIndex(collection, index, false));
    return collection.id;
  });
  try {
    await inShares(source, patience, (share) =>
      node.write(() => {
        for (const document of share) documents.insert(catalogue.ensure(db, gathering), withId(document));
      }),
    );
    await node.write(() => {
      const old = catalogue.working(db, name);
      if (old) catalogue.drop(old);
      catalogue.rename(catalogue.working(db, gathering) as CollectionInfo, db, name);
    });
  } catch (error) {
    await node.write(() => {
      const left = catalogue.working(db, gathering);
      if (left?.id === gathered) catalogue.drop(left);
    });
    throw error;
  }
};

const MATCHED = ['replace', 'keepExisting', 'merge', 'fail'] as const;
type WhenMatched = (typeof MATCHED)[number] | readonly RawValue[];
type WhenNotMatched = 'insert' | 'discard' | 'fail';

const oneOf = <T extends string>(option: string, given: string, allowed: readonly T[]): T => {
  const found = allowed.find((each) => each === given);
  if (!found) throw new CommandError('BadValue', `Enumeration value '${given}' for field '$merge.${option}' is not a valid value.`);
  return found;
};

interface Merge {
  db: string;
  name: string;
  on: readonly string[];
  whenMatched: WhenMatched;
  whenNotMatched: WhenNotMatched;
  /** The `let` of the stage. */
  given: RawValue | undefined;
}

const readMerge = (operand: RawValue, from: string): Merge => {
  const whole = operand.type === BsonType.string ? RawValue.document(writeDocument({ into: operand })) : operand;
  const given = new Arguments('$merge', whole);
  given.allow(new Set(['into', 'on', 'let', 'whenMatched', 'whenNotMatched']));
  const on = given.get('on');
  const matched = given.get('whenMatched');
  return {
    ...targetOf('$merge', given.require('into'), from),
    on: on === undefined ? ['_id'] : (on.type === BsonType.array ? itemsOf(on) : [on]).map((field) => field.text()),
    whenMatched:
      matched?.type === BsonType.array
        ? (itemsOf(matched) as WhenMatched)
        : oneOf('whenMatched', given.string('whenMatched') ?? 'merge', MATCHED),
    whenNotMatched: oneOf('whenNotMatched', given.string('whenNotMatched') ?? 'insert', ['insert', 'discard', 'fail']),
    given: given.object('let'),
  };
};

const checkUnique = (collection: CollectionInfo | undefined, on: readonly string[]): void => {
  if (on.length === 1 && on[0] === '_id') return;
  const wanted = [...on].sort().join();
  const isUnique = collection?.indexes.some(
    ({ unique, partial, building, pattern }) =>
      unique &&
      !partial &&
      !building &&
      pattern
        .map(([field]) => field)
        .sort()
        .join() === wanted,
  );
  if (!isUnique) throw new CommandError('Location51183', 'Cannot find index to verify that join fields will be unique');
};

const merge = async (node: Node, from: string, operand: RawValue, source: Source, patience: Patience): Promise<void> => {
  const specification = readMerge(operand, from);
  checkUnique(node.catalogue.find(specification.db, specification.name), specification.on);
  await inShares(source, patience, (share) =>
    node.write(() => {
      for (const document of share) mergeOne(node, specification, RawValue.document(withId(document)));
    }),
  );
};

const mergeOne = (node: Node, { db, name, on, whenMatched, whenNotMatched, given }: Merge, document: RawValue): void => {
  const collection = node.catalogue.ensure(db, name);
  const key = Object.fromEntries(
    on.map((field) => {
      const value = fieldAt(document, parsePath(field));
      if (!value || value.type === BsonType.null || value.type === BsonType.array)
        throw new CommandError('Location51132', `$merge write error: 'on' field '${field}' cannot be missing, null, undefined or an array`);
      return [field, { $eq: value }];
    }),
  );
  const filter = compileFilter(RawValue.document(writeDocument(key)));
  const there = firstMatch(node, collection, filter);
  if (!there) {
    if (whenNotMatched === 'fail')
      throw new CommandError(
        'Location13113',
        '$merge could not find a matching document in the target collection for at least one document in the source collection',
      );
    if (whenNotMatched === 'insert') node.documents.insert(collection, document.slice());
    return;
  }
  if (whenMatched === 'keepExisting') return;
  const id = idOf(there) as RawValue;
  const put = (after: Buffer) => node.documents.replace(collection, there, after);
  if (whenMatched === 'replace') {
    if (on.includes('_id') || !idOf(document)) put(document.slice());
    else put(withIdFirst(without(document, '_id'), () => id));
  } else if (whenMatched === 'merge') put(withIdFirst(merged([there, on.includes('_id') ? document : without(document, '_id')]), () => id));
  else if (whenMatched === 'fail') node.documents.insert(collection, document.slice());
  else {
    const variables = { new: document, ...letOf(given, document) };
    const pipeline = encodeValue([...whenMatched]);
    put(compileUpdate(pipeline, { variables, now: () => new Date() }).apply(there, filter));
  }
};

/** The variables of $merge's `let`, whose paths are those of the document that is merged in. */
const letOf = (given: RawValue | undefined, root: RawValue): Variables =>
  given ? Object.fromEntries([...fieldsOf(given)].map(([name, value]) => [name, compileExpression(value)({ root, variables: {} })])) : {};

const without = (document: RawValue, field: string): RawValue =>
  RawValue.document(writeDocument(Object.fromEntries([...fieldsOf(document)].filter(([name]) => name !== field))));
