import { describe, expect } from '@jest/globals';
import type { CollationOptions, Document } from 'mongodb';
import type { Contract } from './contract.js';
import { stagesOf } from './explained.js';
import { failureOf } from './target.js';

const ANY_CASE: CollationOptions = { locale: 'en_US', strength: 2 };
const ANY_ACCENT: CollationOptions = { locale: 'en', strength: 1 };

const CITIES: readonly Document[] = [
  { _id: 1, name: 'oslo', n: 1, tags: ['Sea', 'north'] },
  { _id: 2, name: 'Zürich', n: 2, tags: ['lake'] },
  { _id: 3, name: 'OSLO', n: 3 },
  { _id: 4, name: 'Ålesund', n: 4, tags: ['sea'] },
  { _id: 5, name: 'zurich', n: 5 },
  { _id: 6, name: 7, n: 6 },
  { _id: 7, n: 7 },
];

/** What is found by a query under a collation (https://www.mongodb.com/docs/manual/reference/collation/). */
const FOUND: readonly (readonly [string, Document, CollationOptions, readonly number[]])[] = [
  ['an equality in any case', { name: 'Oslo' }, ANY_CASE, [1, 3]],
  ['an equality in its own case, at the default strength', { name: 'oslo' }, { locale: 'en' }, [1]],
  ['an equality with any accent', { name: 'ZURICH' }, ANY_ACCENT, [2, 5]],
  ['an accent where it counts', { name: 'ZURICH' }, ANY_CASE, [5]],
  ['an item of an array', { tags: 'SEA' }, ANY_CASE, [1, 4]],
  ['$in, of text and of other values', { name: { $in: ['OsLo', 7, null] } }, ANY_CASE, [1, 3, 6, 7]],
  ['$nin', { name: { $nin: ['OsLo', null] } }, ANY_CASE, [2, 4, 5, 6]],
  ['$ne', { name: { $ne: 'OSLO' } }, ANY_CASE, [2, 4, 5, 6, 7]],
  ['$gt by the order of the language', { name: { $gt: 'Oslo' } }, ANY_CASE, [2, 5]],
  ['$lte by the order of the language', { name: { $lte: 'b' } }, ANY_CASE, [4]],
  ['$or and $elemMatch', { $or: [{ name: 'OSLO' }, { tags: { $elemMatch: { $eq: 'LAKE' } } }] }, ANY_CASE, [1, 2, 3]],
  ['numbers as ever', { n: { $gte: 6 } }, ANY_CASE, [6, 7]],
];

export const collations = ({ it, target }: Contract): void => {
  describe('a collation', () => {
    for (const [name, query, collation, ids] of FOUND)
      it(`finds ${name}`, async () => {
        const things = await target().collection(...CITIES);
        await things.createIndex({ name: 1 });
        const found = await things.find(query, { collation, sort: { _id: 1 } }).toArray();
        expect(found.map(({ _id }) => _id as unknown)).toEqual(ids);
        expect(await things.countDocuments(query, { collation })).toBe(ids.length);
        const piped = await things.aggregate([{ $match: query }, { $sort: { _id: 1 } }], { collation }).toArray();
        expect(piped.map(({ _id }) => _id as unknown)).toEqual(ids);
      });

    it('sorts by the order of the language, backwards too', async () => {
      const things = await target().collection(...CITIES);
      const sorted = async (direction: 1 | -1) =>
        (await things.find({ name: { $type: 'string' } }, { collation: { locale: 'en' }, sort: { name: direction } }).toArray()).map(
          ({ name }) => name as unknown,
        );
      expect(await sorted(1)).toEqual(['Ålesund', 'oslo', 'OSLO', 'zurich', 'Zürich']);
      expect(await sorted(-1)).toEqual(['Zürich', 'zurich', 'OSLO', 'oslo', 'Ålesund']);
    });

    it('sorts by another language, and by the numbers within', async () => {
      const things = await target().collection(...CITIES, { _id: 8, name: 'oslo 10' }, { _id: 9, name: 'oslo 9' });
      const names = async (collation: CollationOptions) =>
        (await things.find({ name: /o/ }, { collation, sort: { name: 1 } }).toArray()).map(({ name }) => name as unknown);
      expect(await names({ locale: 'en', numericOrdering: true })).toEqual(['oslo', 'oslo 9', 'oslo 10']);
      const last = await things.findOne({ name: { $type: 'string' } }, { collation: { locale: 'nb' }, sort: { name: -1 } });
      expect(last?.['name']).toBe('Ålesund');
    });

    it('takes the same text for one value', async () => {
      const things = await target().collection(...CITIES);
      expect(await things.distinct('name', { n: { $lt: 6 } }, { collation: ANY_ACCENT })).toHaveLength(3);
    });

    it('is that of what is written, too', async () => {
      const things = await target().collection(...CITIES);
      const options = { collation: ANY_CASE };
      expect(await things.updateMany({ name: 'Oslo' }, { $set: { capital: true } }, options)).toMatchObject({ modifiedCount: 2 });
      expect(await things.findOneAndUpdate({ name: 'OSLO' }, { $set: { first: true } }, { ...options, sort: { n: -1 } })).toMatchObject({
        _id: 3,
      });
      expect(await things.replaceOne({ name: 'bergen' }, { name: 'Bergen' }, { ...options, upsert: true })).toMatchObject({
        upsertedCount: 1,
      });
      expect(await things.deleteMany({ name: 'osLO' }, options)).toMatchObject({ deletedCount: 2 });
    });

    it('is in no index that has none', async () => {
      const things = await target().collection(...CITIES);
      await things.createIndex({ name: 1 });
      expect(stagesOf(await things.find({ name: 'oslo' }, { collation: ANY_CASE }).explain('queryPlanner'))).toContain('COLLSCAN');
    });

    it('is refused where it is none', async () => {
      const things = await target().collection(...CITIES);
      expect(await failureOf(things.findOne({}, { collation: { locale: 'no such language' } }))).toMatchObject({ code: 2 });
      expect(await failureOf(things.findOne({}, { collation: { locale: 'en', strength: 9 } }))).toMatchObject({ code: 2 });
    });
  });
};
