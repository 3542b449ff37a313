import type { Document } from 'mongodb';
import { projections } from '#projections';
import type { ReadModels } from '#adapters/read-models';

/** What one collection holds in the end, and the indexes over it. */
export type Stored = Readonly<{ name: string; documents: readonly Document[]; indexes: readonly Document[] }>;

/** How many documents go in one bulkWrite. */
const AT_ONCE = 1_000;

const isIdIndex = ({ name }: Document) => name === '_id_';

/** The documents of every view as they are now. */
export const documentsOf = async ({ db }: ReadModels): Promise<Stored[]> => {
  const ours = new Set(projections.flatMap(({ collections, version }) => Object.keys(collections).map((name) => `${name}_v${version}`)));
  const found: Stored[] = [];
  for (const { name } of await db.listCollections().toArray()) {
    if (!ours.has(name)) continue;
    const collection = db.collection(name);
    const indexes = (await collection.indexes()).filter((index) => !isIdIndex(index));
    found.push({ name, documents: await collection.find().toArray(), indexes });
  }
  return found;
};

/** Empty collections with the same indexes, so that what is written in the end is what the views are. */
export const createCollections = async ({ db }: ReadModels, stored: readonly Stored[]): Promise<void> => {
  for (const { name, indexes } of stored) {
    const collection = await db.createCollection(name);
    if (indexes.length > 0) await collection.createIndexes(indexes.map(({ v: _, ...index }) => index) as never);
  }
};

/** Inserts the documents by the driver's own bulkWrite, all collections at once. */
export const bulkWrite = async ({ db }: ReadModels, stored: readonly Stored[]): Promise<void> => {
  await Promise.all(
    stored.map(async ({ name, documents }) => {
      for (let from = 0; from < documents.length; from += AT_ONCE) {
        const writes = documents.slice(from, from + AT_ONCE).map((document) => ({ insertOne: { document } }));
        await db.collection(name).bulkWrite(writes, { ordered: false });
      }
    }),
  );
};
