import { describe, expect } from '@jest/globals';
import type { Collection, Document } from 'mongodb';
import type { Contract } from './contract.js';
import { stagesOf } from './explained.js';
import { failureOf } from './target.js';

const planOf = async (things: Collection<Document>, query: Document, sort: Document = {}): Promise<string[]> => {
  const explained = await things.find(query, { sort: sort as never }).explain('queryPlanner');
  return stagesOf((explained['queryPlanner'] as Document)['winningPlan']);
};

/** Indexes: what they are called, what they refuse, and that they are used (https://www.mongodb.com/docs/manual/indexes/). */
export const indexes = ({ it, target }: Contract): void => {
  describe('an index', () => {
    it('is made, listed and dropped', async () => {
      const things = await target().collection({ a: 1 });
      expect(await things.createIndex({ a: 1, b: -1 })).toBe('a_1_b_-1');
      expect(await things.createIndex({ c: 1 }, { unique: true, name: 'mine' })).toBe('mine');
      expect(await things.indexes()).toEqual([
        { v: 2, key: { _id: 1 }, name: '_id_' },
        { v: 2, key: { a: 1, b: -1 }, name: 'a_1_b_-1' },
        { v: 2, key: { c: 1 }, name: 'mine', unique: true },
      ]);
      await things.dropIndex('mine');
      expect((await things.indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1_b_-1']);
      await things.dropIndexes();
      expect((await things.indexes()).map(({ name }) => name)).toEqual(['_id_']);
    });

    it('that is there already is no error', async () => {
      const things = await target().collection({ a: 1 });
      await things.createIndex({ a: 1 });
      await things.createIndex({ a: 1 });
      expect(await things.indexes()).toHaveLength(2);
    });

    const refused: readonly (readonly [string, (things: Collection<Document>) => Promise<unknown>, number])[] = [
      ['another index of the same name', (things) => things.createIndex({ b: 1 }, { name: 'a_1' }), 86],
      ['the same index under another name', (things) => things.createIndex({ a: 1 }, { name: 'other' }), 85],
      ['dropping one that is not there', (things) => things.dropIndex('none'), 27],
      ['dropping that on _id', (things) => things.dropIndex('_id_'), 72],
      ['a direction of 0', (things) => things.createIndex({ z: 0 } as never), 67],
    ];
    for (const [name, act, code] of refused)
      it(`is refused: ${name}`, async () => {
        const things = await target().collection({ a: 1 });
        await things.createIndex({ a: 1 });
        expect(await failureOf(act(things))).toMatchObject({ code });
      });

    it('of a collection that does not exist cannot be listed', async () => {
      const things = await target().collection();
      expect(await failureOf(things.listIndexes().toArray())).toMatchObject({ code: 26 });
    });
  });

  describe('a unique index', () => {
    it('refuses a second document with the same key, and says which', async () => {
      const things = await target().collection({ _id: 1 as never, a: 1, b: 'x' });
      await things.createIndex({ a: 1, b: 1 }, { unique: true });
      const failure = await failureOf(things.insertOne({ a: 1, b: 'x' }));
      expect(failure).toMatchObject({ code: 11000 });
      expect(failure.message).toBe(`E11000 duplicate key error collection: ${things.namespace} index: a_1_b_1 dup key: { a: 1, b: "x" }`);
      expect(failure).toMatchObject({ keyPattern: { a: 1, b: 1 }, keyValue: { a: 1, b: 'x' } });
      await things.insertOne({ a: 1, b: 'y' });
      expect(await failureOf(things.updateOne({ b: 'y' }, { $set: { b: 'x' } }))).toMatchObject({ code: 11000 });
      expect(await things.countDocuments({ b: 'y' })).toBe(1);
    });

    it('holds a missing field as null, once', async () => {
      const things = await target().collection({ a: null });
      await things.createIndex({ a: 1 }, { unique: true });
      expect(await failureOf(things.insertOne({}))).toMatchObject({ code: 11000 });
    });

    it('cannot be made over documents that have the same key', async () => {
      const things = await target().collection({ a: 1 }, { a: 1 });
      expect(await failureOf(things.createIndex({ a: 1 }, { unique: true }))).toMatchObject({ code: 11000 });
      expect(await things.indexes()).toHaveLength(1);
    });
  });

  describe('a sparse index', () => {
    it('leaves documents without its field out of its uniqueness, and in every answer', async () => {
      const things = await target().collection({ _id: 1 as never }, { _id: 2 as never }, { _id: 3 as never, a: 1 });
      await things.createIndex({ a: 1 }, { unique: true, sparse: true });
      expect(await things.countDocuments({ a: null })).toBe(2);
      expect(await things.find({}, { sort: { a: 1 } }).toArray()).toHaveLength(3);
      expect(await failureOf(things.insertOne({ a: 1 }))).toMatchObject({ code: 11000 });
    });
  });

  describe('a partial index', () => {
    it('is unique among its documents, and changes no answer', async () => {
      const things = await target().collection({ a: 1, open: true }, { a: 1, open: false });
      await things.createIndex({ a: 1 }, { unique: true, partialFilterExpression: { open: true } });
      expect(await things.countDocuments({ a: 1 })).toBe(2);
      await things.insertOne({ a: 1, open: false });
      expect(await failureOf(things.insertOne({ a: 1, open: true }))).toMatchObject({ code: 11000 });
      expect(await failureOf(things.updateMany({ open: false }, { $set: { open: true } }))).toMatchObject({ code: 11000 });
    });
  });

  describe('a query with a fitting index', () => {
    const fitting: readonly (readonly [string, Document, Document])[] = [
      ['an equality', { a: 5 }, {}],
      ['a range', { a: { $gt: 5, $lt: 9 } }, {}],
      ['$in', { a: { $in: [1, 2] } }, {}],
      ['a prefix and an order', { a: 5 }, { b: 1 }],
      ['an order alone', {}, { a: -1, b: -1 }],
      ['an item of an array', { tags: 'x3' }, {}],
    ];
    for (const [name, query, sort] of fitting)
      it(`never scans the collection: ${name}`, async () => {
        const documents = Array.from({ length: 50 }, (_, n) => ({ _id: n, a: n % 10, b: n, tags: [`x${n % 5}`, `y${n % 7}`] }));
        const things = await target().collection(...documents);
        await things.createIndex({ a: 1, b: 1 });
        await things.createIndex({ tags: 1 });
        const stages = await planOf(things, query, sort);
        expect(stages).toContain('IXSCAN');
        expect(stages).not.toContain('COLLSCAN');
        expect(stages).not.toContain('SORT');
      });

    it('by _id is found without a scan', async () => {
      const things = await target().collection({ _id: 1 as never });
      expect(await planOf(things, { _id: 1 })).not.toContain('COLLSCAN');
    });
  });
};
