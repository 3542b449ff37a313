import { parsePath, visit, type Path } from '../bson/path.js';
import { BsonType, Elements, type RawValue } from '../bson/raw.js';
import { decodeValue } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { invertKey, KEY_OF_NULL, KEY_OF_UNDEFINED, keyOf } from '../keys/value-key.js';

export interface SortField {
  dotted: string;
  path: Path;
  direction: 1 | -1;
}
export type Sort = readonly SortField[];

/** A blocking sort holds so much at most, in bytes of documents and keys (MongoDB's own limit without disk use). */
const MAX_SORT_BYTES = 100 * 1024 * 1024;

/** Reads a sort document; an empty one and `$natural` ask for nothing. @throws CommandError BadValue */
export const parseSort = (document: RawValue | undefined): Sort | undefined => {
  if (!document) return undefined;
  const fields: SortField[] = [];
  for (const element = Elements.of(document); element.next();) {
    const dotted = element.name();
    const direction = element.type === BsonType.object ? NaN : Number(decodeValue(element.value()));
    if (dotted === '$natural' && direction === 1) continue;
    if (direction !== 1 && direction !== -1) throw new CommandError('BadValue', `Sort takes 1 and -1, not what it has for ${dotted}`);
    if (dotted.startsWith('$')) throw new CommandError('BadValue', `Sort does not take ${dotted}`);
    fields.push({ dotted, path: parsePath(dotted), direction });
  }
  return fields.length > 0 ? fields : undefined;
};

/** The document's place in the order, as bytes. Of an array the least item counts, in descending order the greatest. */
export const sortKey = (document: RawValue, sort: Sort): Buffer =>
  Buffer.concat(
    sort.map(({ path, direction }) => {
      let found: Buffer | undefined;
      visit(document, path, (value) => {
        if (value?.type === BsonType.array && found !== undefined) return false;
        const key = value === undefined ? KEY_OF_NULL : value.type === BsonType.array ? KEY_OF_UNDEFINED : keyOf(value);
        if (found === undefined || (direction > 0 ? key.compare(found) < 0 : key.compare(found) > 0)) found = key;
        return false;
      });
      const key = found ?? KEY_OF_NULL;
      return direction > 0 ? key : invertKey(key);
    }),
  );

interface Held {
  key: Buffer;
  document: RawValue;
}

/** Sorts what it is given, keeping the first `limit` at any time (the rest can never be wanted). */
export class Sorter {
  #held: Held[] = [];
  #bytes = 0;
  readonly #sort: Sort;
  readonly #limit: number;

  constructor(sort: Sort, limit = Infinity) {
    this.#sort = sort;
    this.#limit = limit;
  }

  /** @throws CommandError QueryExceededMemoryLimitNoDiskUseAllowed */
  add(document: RawValue): void {
    const key = sortKey(document, this.#sort);
    this.#held.push({ key, document });
    this.#bytes += key.length + document.length;
    if (this.#held.length >= 2 * this.#limit + 64) this.#truncate();
    if (this.#bytes <= MAX_SORT_BYTES) return;
    this.#truncate();
    if (this.#bytes > MAX_SORT_BYTES)
      throw new CommandError(
        'QueryExceededMemoryLimitNoDiskUseAllowed',
        `Sort exceeded memory limit of ${MAX_SORT_BYTES} bytes; add an index that gives this order`,
      );
  }

  sorted(): RawValue[] {
    this.#truncate();
    return this.#held.map(({ document }) => document);
  }

  #truncate(): void {
    this.#held.sort((a, b) => a.key.compare(b.key));
    if (this.#held.length <= this.#limit) return;
    this.#held.length = this.#limit;
    this.#bytes = this.#held.reduce((sum, { key, document }) => sum + key.length + document.length, 0);
  }
}
