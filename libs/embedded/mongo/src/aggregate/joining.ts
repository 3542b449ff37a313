import { arrayOf, documentOf } from '../bson/build.js';
import { parsePath } from '../bson/path.js';
import { BsonType, fieldsOf, itemsOf, RawValue } from '../bson/raw.js';
import { encodeValue } from '../bson/values.js';
import { writeDocument } from '../bson/writer.js';
import { CommandError } from '../errors.js';
import { keyOf } from '../keys/value-key.js';
import { Blocking, Chain, collect, Held, Mapping, type Source } from '../query/source.js';
import type { Inner, StageFactory, Variables } from './environment.js';
import { compileExpression } from './expression.js';
import { overMemory, MAX_STAGE_BYTES } from './group.js';
import type { Value } from './scope.js';
import { Shape } from './shape.js';
import { fieldAt } from './values.js';

/** Stages that bring documents of several collections, or several pipelines, together. */

const text = (stage: string, fields: ReadonlyMap<string, RawValue>, name: string): string | undefined => {
  const value = fields.get(name);
  if (value && value.type !== BsonType.string) throw new CommandError('FailedToParse', `${stage} argument '${name}' must be a string`);
  return value?.text();
};

const required = (stage: string, fields: ReadonlyMap<string, RawValue>, name: string): string => {
  const value = text(stage, fields, name);
  if (value === undefined) throw new CommandError('FailedToParse', `missing '${name}' option to ${stage} stage specification`);
  return value;
};

const allow = (stage: string, fields: ReadonlyMap<string, RawValue>, known: readonly string[]): void => {
  const stranger = [...fields.keys()].find((name) => !known.includes(name));
  if (stranger !== undefined) throw new CommandError('FailedToParse', `unknown argument to ${stage}: ${stranger}`);
};

/** Sets the field at a path, in document after document. */
const setter = (path: string): ((root: RawValue, value: RawValue) => RawValue) => {
  let current: RawValue;
  const shape = new Shape('keep');
  shape.set(path, { kind: 'computed', expression: () => current });
  return (root, value) => {
    current = value;
    return shape.apply({ root, variables: {} });
  };
};

/** The stage that finds by equality: of an array each item, of a missing field null. */
const equalTo = (field: string, local: Value): RawValue => {
  const values = local?.type === BsonType.array ? itemsOf(local) : [local ?? null];
  return RawValue.document(writeDocument({ $match: { [field]: { $in: values } } }));
};

const lookup: StageFactory = (operand, environment) => {
  const fields = fieldsOf(operand);
  allow('$lookup', fields, ['from', 'localField', 'foreignField', 'let', 'pipeline', 'as']);
  const [from, as] = [required('$lookup', fields, 'from'), required('$lookup', fields, 'as')];
  const [localField, foreignField] = [text('$lookup', fields, 'localField'), text('$lookup', fields, 'foreignField')];
  const pipeline = fields.get('pipeline');
  if ((localField === undefined) !== (foreignField === undefined) || (localField === undefined && !pipeline))
    throw new CommandError('FailedToParse', '$lookup requires both or neither of "localField" and "foreignField" to be specified');
  const letFields = fields.get('let');
  const bindings = letFields
    ? [...fieldsOf(letFields)].map(([name, value]) => [name, compileExpression(value, environment.names)] as const)
    : [];
  const names = bindings.map(([name]) => name);
  const stages = pipeline ? itemsOf(pipeline) : [];
  const inner = environment.inner(stages, names);
  const localPath = localField === undefined ? undefined : parsePath(localField);

  const setJoined = setter(as);
  const join = (root: RawValue, variables: Variables): RawValue => {
    const bound = { ...variables, ...Object.fromEntries(bindings.map(([name, value]) => [name, value({ root, variables })])) };
    const joined = localPath ? environment.inner([equalTo(foreignField as string, fieldAt(root, localPath)), ...stages], names) : inner;
    return setJoined(root, arrayOf(collect(joined.overCollection(from, bound))));
  };
  return (source, variables) => new Mapping(source, (root) => join(root, variables));
};

const unionWith: StageFactory = (operand, environment) => {
  const fields = operand.type === BsonType.string ? new Map([['coll', operand]]) : fieldsOf(operand);
  allow('$unionWith', fields, ['coll', 'pipeline']);
  const name = required('$unionWith', fields, 'coll');
  const pipeline = fields.get('pipeline');
  const inner = environment.inner(pipeline ? itemsOf(pipeline) : []);
  return (source, variables) => new Chain([source, inner.overCollection(name, variables)]);
};

const graphLookup: StageFactory = (operand, environment) => {
  const fields = fieldsOf(operand);
  allow('$graphLookup', fields, [
    'from',
    'startWith',
    'connectFromField',
    'connectToField',
    'as',
    'maxDepth',
    'depthField',
    'restrictSearchWithMatch',
  ]);
  const [from, to, as] = ['from', 'connectToField', 'as'].map((name) => required('$graphLookup', fields, name)) as [string, string, string];
  const connectFrom = parsePath(required('$graphLookup', fields, 'connectFromField'));
  const startWith = fields.get('startWith');
  if (!startWith) throw new CommandError('FailedToParse', "missing 'startWith' option to $graphLookup stage specification");
  const start = compileExpression(startWith, environment.names);
  const maxDepth = fields.get('maxDepth')?.isNumber ? Number(String(fields.get('maxDepth')?.slice().readInt32LE(0))) : Infinity;
  const depthField = text('$graphLookup', fields, 'depthField');
  const restrict = fields.get('restrictSearchWithMatch');
  const restricted = restrict ? [RawValue.document(writeDocument({ $match: restrict }))] : [];

  const setDepth = depthField === undefined ? undefined : setter(depthField);
  const setFound = setter(as);
  const walk = (root: RawValue, variables: Variables): RawValue => {
    const found = new Map<string, RawValue>();
    let frontier: Value[] = [start({ root, variables })];
    for (let depth = 0; depth <= maxDepth && frontier.length > 0; depth++) {
      const next: Value[] = [];
      for (const value of frontier)
        for (const document of collect(environment.inner([equalTo(to, value), ...restricted]).overCollection(from, variables))) {
          const key = keyOf(fieldsOf(document).get('_id') as RawValue).toString('latin1');
          if (found.has(key)) continue;
          found.set(key, setDepth ? setDepth(document, encodeValue(BigInt(depth))) : document);
          next.push(fieldAt(document, connectFrom));
        }
      frontier = next;
    }
    return setFound(root, arrayOf(found.values()));
  };
  return (source, variables) => new Mapping(source, (root) => walk(root, variables));
};

/** Several pipelines over the same documents; what each gives is an array in one document. */
class Faceting extends Blocking {
  readonly #documents: RawValue[] = [];
  #bytes = 0;

  constructor(
    from: Source,
    private readonly facets: readonly (readonly [string, Inner])[],
    private readonly variables: Variables,
  ) {
    super(from);
  }

  protected take(document: RawValue): void {
    this.#documents.push(document);
    this.#bytes += document.length;
    if (this.#bytes > MAX_STAGE_BYTES) throw overMemory('$facet');
  }

  protected finish(): Source {
    const fields = this.facets.map(
      ([name, inner]) => [name, arrayOf(collect(inner.over(new Held(this.#documents), this.variables)))] as const,
    );
    return new Held([documentOf(fields)]);
  }
}

const facet: StageFactory = (operand, environment) => {
  if (operand.type !== BsonType.object) throw new CommandError('Location40169', 'the $facet specification must be a non-empty object');
  const facets = [...fieldsOf(operand)].map(([name, stages]) => {
    if (stages.type !== BsonType.array) throw new CommandError('Location40170', `arguments to $facet must be arrays, ${name} is not`);
    return [name, environment.inner(itemsOf(stages))] as const;
  });
  return (source, variables) => new Faceting(source, facets, variables);
};

export const JOINING: Readonly<Record<string, StageFactory>> = {
  $lookup: lookup,
  $unionWith: unionWith,
  $graphLookup: graphLookup,
  $facet: facet,
};
