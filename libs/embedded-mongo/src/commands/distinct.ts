import { parsePath, visit, type Path } from '../bson/path.js';
import { BsonType, itemsOf, MAX_DOCUMENT_BYTES, type RawValue } from '../bson/raw.js';
import { CommandError } from '../errors.js';
import { keyOf } from '../keys/value-key.js';
import { compileFilter } from '../query/compile-filter.js';
import { EVERYTHING } from '../query/filter.js';
import { find } from '../query/find.js';
import { drain } from '../query/source.js';
import type { Handler } from './call.js';
import { checkCollation } from './concerns.js';
import { hintOf } from './find.js';

const FIELDS: ReadonlySet<string> = new Set(['key', 'query', 'collation', 'hint']);

/** The different values of one field, in the order in which they are found; of an array each item counts. */
class Values {
  readonly found = new Map<string, RawValue>();
  #bytes = 0;

  constructor(private readonly path: Path) {}

  add(document: RawValue): boolean {
    visit(document, this.path, (value) => (value && this.#note(value), false), true);
    return true;
  }

  #note(value: RawValue): void {
    for (const each of value.type === BsonType.array ? itemsOf(value) : [value]) {
      const key = keyOf(each).toString('latin1');
      if (this.found.has(key)) continue;
      this.found.set(key, each.owned());
      this.#bytes += each.length + 8;
      if (this.#bytes > MAX_DOCUMENT_BYTES) throw new CommandError('Location17217', 'distinct too big, 16mb cap');
    }
  }
}

/** https://www.mongodb.com/docs/manual/reference/command/distinct/ */
export const distinct: Handler = async ({ node, command, patience }) => {
  command.allow(FIELDS);
  checkCollation(command);
  const collection = node.catalogue.find(command.db, command.collection());
  const key = command.string('key') ?? command.require('key').text();
  const query = command.object('query');
  const filter = query ? compileFilter(query) : EVERYTHING;
  const values = new Values(parsePath(key));
  if (collection)
    await drain(find(node, collection, filter, { hint: hintOf(command) }).source, (document) => values.add(document), patience);
  return { values: [...values.found.values()] };
};
