import { BSON, type Collection, type Document } from 'mongodb';

/** What one stored document is, against what it should be. `missing`: not in the live view; `unexpected`: only there. */
export type Difference = Readonly<{
  collection: string;
  id: string;
  kind: 'missing' | 'unexpected' | 'different';
  /** The first-level fields that differ; of documents that hold the same in another order, none. */
  fields: readonly string[];
}>;

/** One document of both sides; `undefined` where a side has none. */
export type Pair = Readonly<{ id: string; live: Buffer | undefined; built: Buffer | undefined }>;

/** Most documents that one read brings along. */
const BATCH_SIZE = 500;

type Raw = Readonly<{ id: string; bytes: Buffer }>;

const decode = (bytes: Buffer): Document => BSON.deserialize(bytes, { useBigInt64: true });

const rawDocuments = async function* (collection: Collection<Document>, ids?: readonly string[]): AsyncGenerator<Buffer> {
  const filter = ids ? { _id: { $in: ids as never[] } } : {};
  const cursor = collection.find(filter, { sort: { _id: 1 }, raw: true, batchSize: BATCH_SIZE });
  for await (const bytes of cursor) yield bytes as unknown as Buffer;
};

const next = async (documents: AsyncIterator<Buffer>): Promise<Buffer | undefined> => {
  const { value, done } = await documents.next();
  return done ? undefined : value;
};

const named = (bytes: Buffer): Raw => ({ id: String(decode(bytes)['_id']), bytes });

/** MongoDB orders strings by their bytes in UTF-8, which JavaScript does not. */
const order = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * Walks two collections side by side, in the order of their ids, and hands over every document that is not the same in both, byte for byte.
 * Holds one read's documents of each side at a time. `counted` is told of each document.
 */
export const differingPairs = async function* (
  live: Collection<Document>,
  built: Collection<Document>,
  counted: () => void,
  ids?: readonly string[],
): AsyncGenerator<Pair> {
  const [ofLive, ofBuilt] = [rawDocuments(live, ids), rawDocuments(built, ids)];
  try {
    let [a, b] = await Promise.all([next(ofLive), next(ofBuilt)]);
    while (a ?? b) {
      counted();
      if (a && b && a.equals(b)) {
        [a, b] = await Promise.all([next(ofLive), next(ofBuilt)]);
        continue;
      }
      const [left, right] = [a && named(a), b && named(b)];
      const side = !left ? 1 : !right ? -1 : order(left.id, right.id);
      yield {
        id: (side <= 0 ? left : right)?.id as string,
        live: side <= 0 ? left?.bytes : undefined,
        built: side >= 0 ? right?.bytes : undefined,
      };
      if (side <= 0) a = await next(ofLive);
      if (side >= 0) b = await next(ofBuilt);
    }
  } finally {
    await Promise.all([ofLive.return(undefined), ofBuilt.return(undefined)]);
  }
};

/** The position of the last event that moved a stored document. */
export const positionOf = (bytes: Buffer): bigint => decode(bytes)['position'] as bigint;

const bytesOf = (value: unknown) => Buffer.from(BSON.serialize({ value }));

/** Says in which way a pair differs. */
export const differenceOf = (collection: string, { id, live, built }: Pair): Difference => {
  if (!live || !built) return { collection, id, kind: live ? 'unexpected' : 'missing', fields: [] };
  const [a, b] = [decode(live), decode(built)];
  const fields = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((field) => !bytesOf(a[field]).equals(bytesOf(b[field])));
  return { collection, id, kind: 'different', fields };
};
