import type { CollectionInfo } from '../catalogue.js';
import { CommandError } from '../errors.js';
import type { Node } from '../node.js';
import type { Plan } from '../query/plan.js';
import type { Source } from '../query/source.js';
import type { Call, Reply } from './call.js';
import { sessionOf } from './session-id.js';

export interface Results {
  namespace: string;
  source: Source;
  batchSize?: number | undefined;
  /** All that is wanted comes in one batch. */
  single?: boolean;
  patient?: boolean;
  /** What the results are read from while the cursor is open. */
  from?: { collection: CollectionInfo; plan: Plan } | undefined;
}

/** @throws CommandError QueryPlanKilled, where the collection or the index that a cursor reads is gone */
const stillThere =
  ({ catalogue }: Node, from: Results['from']) =>
  (): void => {
    if (!from) return;
    const { collection, plan } = from;
    const now = catalogue.find(collection.db, collection.name);
    if (now?.id !== collection.id) throw new CommandError('QueryPlanKilled', `collection dropped. UUID ${collection.uuid.toString('hex')}`);
    const gone = plan.accesses.find(({ index }) => index && !now.indexes.some(({ id }) => id === index.id));
    if (gone) throw new CommandError('QueryPlanKilled', `query plan killed :: index '${gone.index?.name}' dropped`);
  };

/** Answers with the first batch of the results, and a cursor for the rest. */
export const cursorReply = async ({ node, client, command, patience }: Call, results: Results): Promise<Reply> => {
  const { namespace, source, batchSize, single = false, patient = false, from } = results;
  const options = { namespace, source, user: client.user?.name, session: sessionOf(command), check: stillThere(node, from), patient };
  const { id, documents } = await node.cursors.begin(options, batchSize, single, patience);
  return { cursor: { firstBatch: documents, id, ns: namespace } };
};
