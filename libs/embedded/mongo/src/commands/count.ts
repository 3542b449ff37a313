import { collated } from '../query/collation.js';
import { compileFilter } from '../query/compile-filter.js';
import { EVERYTHING } from '../query/filter.js';
import { countMatching } from '../query/count.js';
import type { Handler } from './call.js';
import { collatorOf } from './collation.js';
import { hintOf } from './find.js';

const FIELDS: ReadonlySet<string> = new Set(['query', 'limit', 'skip', 'hint', 'collation', 'fields']);

/** https://www.mongodb.com/docs/manual/reference/command/count/ */
export const count: Handler = async ({ node, command, patience }) => {
  command.allow(FIELDS);
  const collection = node.catalogue.find(command.db, command.collection());
  const query = command.object('query');
  const filter = collated(query ? compileFilter(query) : EVERYTHING, collatorOf(command));
  const [skip, limit, hint] = [command.integer('skip') ?? 0, Math.abs(command.integer('limit', -Infinity) ?? 0), hintOf(command)];
  if (!collection) return { n: 0 };
  const matching =
    filter.predicates.length === 0
      ? node.catalogue.size(collection).documents
      : await countMatching(node, collection, filter, hint, patience);
  return { n: Math.max(0, Math.min(matching - skip, limit === 0 ? Infinity : limit)) };
};
