import { documentOf, NULL } from '../bson/build.js';
import { fieldsOf, type RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import { Blocking, Held, type Source } from '../query/source.js';
import { compileAccumulator, type Accumulator, type Gathering } from './accumulators.js';
import type { Expression, Scope } from './scope.js';
import { keyOfValue } from './values.js';

/** What a stage that holds documents may hold, in bytes (MongoDB's own limit without disk use). */
export const MAX_STAGE_BYTES = 100 * 1024 * 1024;
/** A group that gathers costs about so much beside its values. */
const GROUP_BYTES = 200;
/** Looking at what is held costs time, so it is done once in so many documents. */
const DOCUMENTS_PER_LOOK = 4096;

export const overMemory = (stage: string): CommandError =>
  new CommandError(
    'QueryExceededMemoryLimitNoDiskUseAllowed',
    `${stage} exceeded memory limit of ${MAX_STAGE_BYTES} bytes, and this node does not spill to disk`,
  );

/** One `$group`: its key, and what it gathers in which field. */
export interface GroupSpecification {
  id: Expression;
  fields: readonly (readonly [string, Accumulator])[];
}

/** @throws CommandError for a specification without `_id`, or with a field that is no accumulator */
export const compileGroup = (specification: RawValue, compile: (expression: RawValue) => Expression): GroupSpecification => {
  const fields = fieldsOf(specification);
  const id = fields.get('_id');
  if (!id) throw new CommandError('Location15955', 'a group specification must include an _id');
  return {
    id: compile(id),
    fields: [...fields]
      .filter(([name]) => name !== '_id')
      .map(([name, value]) => {
        if (name.includes('.')) throw new CommandError('Location40235', `The field name '${name}' cannot contain '.'`);
        return [name, compileAccumulator(name, value, compile)] as const;
      }),
  };
};

interface Group {
  id: RawValue;
  gatherings: readonly Gathering[];
}

export class Grouping extends Blocking {
  readonly #groups = new Map<string, Group>();
  #documents = 0;
  #keyBytes = 0;

  constructor(
    from: Source,
    private readonly specification: GroupSpecification,
    private readonly variables: Scope['variables'],
  ) {
    super(from);
  }

  protected take(root: RawValue): void {
    const scope: Scope = { root, variables: this.variables };
    // what is missing is in one group with null
    const id = this.specification.id(scope) ?? NULL;
    const key = keyOfValue(id).toString('latin1');
    let group = this.#groups.get(key);
    if (!group) {
      group = { id: id.owned(), gatherings: this.specification.fields.map(([, begin]) => begin()) };
      this.#groups.set(key, group);
      this.#keyBytes += key.length + id.length + GROUP_BYTES;
    }
    for (const gathering of group.gatherings) gathering.take(scope);
    if (++this.#documents % DOCUMENTS_PER_LOOK === 0) this.#checkMemory();
  }

  protected finish(): Source {
    this.#checkMemory();
    const { fields } = this.specification;
    const documents = [...this.#groups.values()].map(({ id, gatherings }) =>
      documentOf([['_id', id], ...fields.map(([name], at) => [name, (gatherings[at] as Gathering).result()] as const)]),
    );
    this.#groups.clear();
    return new Held(documents);
  }

  #checkMemory(): void {
    let bytes = this.#keyBytes;
    for (const { gatherings } of this.#groups.values()) for (const gathering of gatherings) bytes += gathering.bytes?.() ?? 0;
    if (bytes > MAX_STAGE_BYTES) throw overMemory('$group');
  }
}
