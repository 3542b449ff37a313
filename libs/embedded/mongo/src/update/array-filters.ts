import { BsonType, fieldsOf, itemsOf, RawValue } from '../bson/raw.js';
import { writeDocument, type Writable } from '../bson/writer.js';
import { CommandError } from '../errors.js';
import { compileFilter } from '../query/compile-filter.js';
import type { Filter } from '../query/filter.js';
import { treeValue, type Tree } from './tree.js';

const LOGICAL: ReadonlySet<string> = new Set(['$and', '$or', '$nor']);

/** The names a filter speaks of: `x` of `{'x.a': 1}`. */
const namesIn = (filter: RawValue): string[] =>
  [...fieldsOf(filter)].flatMap(([field, value]) =>
    LOGICAL.has(field) && value.type === BsonType.array ? itemsOf(value).flatMap(namesIn) : [field.split('.')[0] as string],
  );

/** The arrayFilters of an update: which items of an array each `$[name]` stands for. */
export class ArrayFilters {
  readonly #filters = new Map<string, Filter>();
  readonly #unused = new Set<string>();

  /** @throws CommandError FailedToParse, for a filter without a name, with several, or with one that has a filter already */
  constructor(filters: readonly RawValue[]) {
    for (const document of filters) {
      const names = [...new Set(namesIn(document))];
      const [name] = names;
      if (name === undefined) throw failed('Cannot use an expression without a top-level field name in arrayFilters');
      if (names.length > 1)
        throw failed(`Error parsing array filter :: caused by :: Expected a single top-level field name, found '${names.join("' and '")}'`);
      if (!/^[a-z]\w*$/.test(name))
        throw new CommandError(
          'BadValue',
          `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
        );
      if (this.#filters.has(name)) throw failed(`Found multiple array filters with the same top-level field name ${name}`);
      this.#filters.set(name, compileFilter(document));
      this.#unused.add(name);
    }
  }

  /** A step of an update's path. @throws CommandError BadValue, for a `$[name]` that has no filter */
  noteUse(step: string): void {
    if (!/^\$\[\w+\]$/.test(step)) return;
    const name = step.slice(2, -1);
    if (!this.#filters.has(name)) throw new CommandError('BadValue', `No array filter found for identifier '${name}' in path`);
    this.#unused.delete(name);
  }

  /** @throws CommandError FailedToParse, for a filter that no path speaks of */
  requireUsed(): void {
    const [name] = this.#unused;
    if (name !== undefined) throw failed(`The array filter for identifier '${name}' was not used in the update`);
  }

  /** The positions of the items that the filter of this name matches. */
  matching(name: string, items: readonly Tree[]): number[] {
    const filter = this.#filters.get(name) as Filter;
    return items.flatMap((item, at) =>
      filter.matches(RawValue.document(writeDocument({ [name]: treeValue(item) as Writable }))) ? [at] : [],
    );
  }
}

const failed = (message: string): CommandError => new CommandError('FailedToParse', message);
