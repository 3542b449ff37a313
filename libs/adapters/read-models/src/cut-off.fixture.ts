import { MongoNetworkError, type AnyBulkWriteOperation, type Collection, type Db, type Document } from 'mongodb';
import type { ReadModels } from './connection.js';

export type CutOff = Readonly<{ models: ReadModels; /** Single writes made so far, of those there was an end to. */ writes: () => number }>;

/**
 * The same database, to which the connection breaks behind so many single writes; from then on nothing gets through. A bulk that is cut
 * off has made some of its writes: the last ones first, if `backwards`, since an unordered bulk may be made in any order.
 */
export const cutOff = (models: ReadModels, afterWrites: number, { backwards = false } = {}): CutOff => {
  let left = afterWrites;
  let made = 0;
  const broken = () => new MongoNetworkError('the connection broke');

  const take = (wanted: number) => {
    const taken = Math.min(wanted, left);
    left -= taken;
    made += taken;
    return taken;
  };

  const wrapped = (collection: Collection): Pick<Collection, 'bulkWrite' | 'updateOne' | 'findOne' | 'find'> => ({
    find: collection.find.bind(collection) as Collection['find'],
    findOne: (async (...args: Parameters<Collection['findOne']>) => {
      if (left === 0) throw broken();
      return collection.findOne(...args);
    }) as Collection['findOne'],
    updateOne: async (...args) => {
      if (take(1) === 0) throw broken();
      return collection.updateOne(...args);
    },
    bulkWrite: async (operations, options) => {
      const all = operations as AnyBulkWriteOperation<Document>[];
      const count = take(all.length);
      const some = backwards ? all.slice(all.length - count) : all.slice(0, count);
      const result = count > 0 ? await collection.bulkWrite(some, options) : undefined;
      if (count < all.length || !result) throw broken();
      return result;
    },
  });

  const db = new Proxy(models.db, {
    get: (target, name) => {
      if (name !== 'collection') return Reflect.get(target, name) as unknown;
      return (collection: string) => {
        const original = target.collection(collection);
        const replaced = wrapped(original) as unknown as Record<string | symbol, unknown>;
        return new Proxy(original, {
          get: (of, method) => {
            if (method in replaced) return replaced[method];
            const value = Reflect.get(of, method) as unknown;
            return typeof value === 'function' ? (value.bind(of) as unknown) : value;
          },
        });
      };
    },
  }) as Db;

  return { models: { ...models, db }, writes: () => made };
};
