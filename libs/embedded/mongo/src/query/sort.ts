import { parsePath, visit, type Path } from '../bson/path.js';
import { BsonType, Elements, type RawValue } from '../bson/raw.js';
import { decodeValue } from '../bson/values.js';
import { CommandError } from '../errors.js';
import { invertKey, KEY_OF_NULL, KEY_OF_UNDEFINED, keyOf } from '../keys/value-key.js';

export interface SortField {
  dotted: string;
  path: Path;
  direction: 1 | -1;
  /** Text is sorted by the rules of this language, not by its bytes. */
  collator?: Intl.Collator;
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

/** A document's place in the order of one field, where text counts by the rules of a language. */
interface Place {
  key: Buffer;
  text: string | undefined;
}

const placeOf = (value: RawValue | undefined): Place => ({
  key: value === undefined ? KEY_OF_NULL : value.type === BsonType.array ? KEY_OF_UNDEFINED : keyOf(value),
  text: value?.type === BsonType.string ? value.text() : undefined,
});

const comparePlaces = (a: Place, b: Place, collator: Intl.Collator): number =>
  a.text !== undefined && b.text !== undefined ? collator.compare(a.text, b.text) : a.key.compare(b.key);

/** The document's places, field by field, as `sortKey` has them in one. */
const placesOf = (document: RawValue, sort: Sort): Place[] =>
  sort.map(({ path, direction, collator }) => {
    let found: Place | undefined;
    visit(document, path, (value) => {
      if (value?.type === BsonType.array && found !== undefined) return false;
      const place = placeOf(value);
      if (found === undefined || comparePlaces(place, found, collator as Intl.Collator) * direction < 0) found = place;
      return false;
    });
    return found ?? placeOf(undefined);
  });

interface Held {
  key: Buffer;
  /** Instead of the key, where the order is that of a language. */
  places: readonly Place[];
  document: RawValue;
}

const NO_KEY = Buffer.alloc(0);

const sizeOf = ({ key, places, document }: Held): number =>
  places.reduce((sum, place) => sum + 2 * place.key.length, key.length + document.length);

/** Sorts what it is given, keeping the first `limit` at any time (the rest can never be wanted). */
export class Sorter {
  #held: Held[] = [];
  #bytes = 0;
  readonly #sort: Sort;
  readonly #collated: boolean;
  readonly #limit: number;

  constructor(sort: Sort, limit = Infinity) {
    this.#sort = sort;
    this.#collated = sort.some(({ collator }) => collator);
    this.#limit = limit;
  }

  /** @throws CommandError QueryExceededMemoryLimitNoDiskUseAllowed */
  add(document: RawValue): void {
    const held: Held = this.#collated
      ? { key: NO_KEY, places: placesOf(document, this.#sort), document }
      : { key: sortKey(document, this.#sort), places: [], document };
    this.#held.push(held);
    this.#bytes += sizeOf(held);
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
    this.#held.sort(this.#collated ? (a, b) => this.#comparePlaces(a, b) : (a, b) => a.key.compare(b.key));
    if (this.#held.length <= this.#limit) return;
    this.#held.length = this.#limit;
    this.#bytes = this.#held.reduce((sum, held) => sum + sizeOf(held), 0);
  }

  #comparePlaces(a: Held, b: Held): number {
    for (const [at, { direction, collator }] of this.#sort.entries()) {
      const order = comparePlaces(a.places[at] as Place, b.places[at] as Place, collator as Intl.Collator);
      if (order !== 0) return order * direction;
    }
    return 0;
  }
}
