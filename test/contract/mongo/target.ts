import { randomUUID } from 'node:crypto';
import { BSON, MongoClient, type Collection, type Db, type Document } from 'mongodb';

/** The MongoDB that the contract is tried on: any, by its connection string. Everything happens in one database, dropped at the end. */
export class Target {
  readonly client: MongoClient;
  readonly db: Db;
  /** Which product answers; FerretDB says so in its buildInfo. */
  product: 'MongoDB' | 'FerretDB' = 'MongoDB';
  #collections = 0;

  constructor(uri: string) {
    this.client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 });
    this.db = this.client.db(`contract_${randomUUID().slice(0, 8)}`);
  }

  async open(): Promise<void> {
    const build = await this.db.admin().buildInfo();
    if ('ferretdb' in build || 'ferretdbVersion' in build) this.product = 'FerretDB';
  }

  async close(): Promise<void> {
    await this.db.dropDatabase();
    await this.client.close();
  }

  /** A new collection with these documents. */
  async collection(...documents: readonly Document[]): Promise<Collection<Document>> {
    const collection = this.db.collection<Document>(`things_${this.#collections++}`);
    if (documents.length > 0) await collection.insertMany([...documents]);
    return collection;
  }
}

/** What a promise was rejected with; an error that carries a server's code. */
export const failureOf = async (promise: Promise<unknown>): Promise<{ code?: number; codeName?: string; message: string }> => {
  try {
    await promise;
  } catch (error) {
    return error as { code?: number; message: string };
  }
  throw new Error('It was expected to fail');
};

/** A document with the types of its values spelt out (canonical extended JSON), so that `5` and `5.0` are two things. */
export const typed = (document: Document | null | undefined): unknown => BSON.EJSON.serialize(document ?? {}, { relaxed: false });

/** All documents of a collection in the order of their ids, types spelt out. */
export const stored = async (collection: Collection<Document>): Promise<unknown[]> =>
  (await collection.find({}, { sort: { _id: 1 }, promoteValues: false }).toArray()).map(typed);
