import { parsePath, visit, type Path } from '../bson/path.js';
import { BsonType, itemsOf, MAX_DOCUMENT_BYTES, type RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import { keyOf } from '../keys/value-key.js';
import { collated } from '../query/collation.js';
import { compileFilter } from '../query/compile-filter.js';
import { EVERYTHING } from '../query/filter.js';
import { find } from '../query/find.js';
import { drain } from '../query/source.js';
import type { Handler } from './call.js';
import { collatorOf } from './collation.js';
import { hintOf } from './find.js';

const FIELDS: ReadonlySet<string> = new Set(['key', 'query', 'collation', 'hint']);

/** The different values of one field, in the order in which they are found; of an array each item counts. */
class Values {
  readonly found = new Map<string, RawValue>();
  #bytes = 0;

  /** Texts that have been found, in the order of the collator. */
  readonly #texts: string[] = [];

  constructor(
    private readonly path: Path,
    private readonly collator: Intl.Collator | undefined,
  ) {}

  add(document: RawValue): boolean {
    visit(document, this.path, (value) => (value && this.#note(value), false), true);
    return true;
  }

  #note(value: RawValue): void {
    for (const each of value.type === BsonType.array ? itemsOf(value) : [value]) {
      const key = keyOf(each).toString('latin1');
      if (this.found.has(key) || this.#isKnownText(each)) continue;
      this.found.set(key, each.owned());
      this.#bytes += each.length + 8;
      if (this.#bytes > MAX_DOCUMENT_BYTES) throw new CommandError('Location17217', 'distinct too big, 16mb cap');
    }
  }

  /** Whether a text that the collator takes for the same has been found; if not, it has now. */
  #isKnownText(value: RawValue): boolean {
    if (!this.collator || value.type !== BsonType.string) return false;
    const text = value.text();
    let [low, high] = [0, this.#texts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = this.collator.compare(this.#texts[middle] as string, text);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    this.#texts.splice(low, 0, text);
    return false;
  }
}

/** https://www.mongodb.com/docs/manual/reference/command/distinct/ */
export const distinct: Handler = async ({ node, command, patience }) => {
  command.allow(FIELDS);
  const collator = collatorOf(command);
  const collection = node.catalogue.find(command.db, command.collection());
  const key = command.string('key') ?? command.require('key').text();
  const query = command.object('query');
  const filter = collated(query ? compileFilter(query) : EVERYTHING, collator);
  const values = new Values(parsePath(key), collator);
  if (collection)
    await drain(find(node, collection, filter, { hint: hintOf(command) }).source, (document) => values.add(document), patience);
  return { values: [...values.found.values()] };
};
