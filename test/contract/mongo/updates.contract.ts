import { Decimal128, Double, Int32, Long, Timestamp, type Document, type UpdateFilter, type UpdateOptions } from 'mongodb';
import { describe, expect } from '@jest/globals';
import { failureOf, typed } from './target.js';
import type { Contract } from './contract.js';

const long = (value: number) => new Long(value);
const int = (value: number) => new Int32(value);
const double = (value: number) => new Double(value);
const decimal = (text: string) => Decimal128.fromString(text);

/** A name, the document before, the update, the document after (without its _id). */
type Case = readonly [
  name: string,
  before: Document,
  update: Document | Document[],
  after: Document,
  options?: UpdateOptions & { filter?: Document },
];

const NUMBERS: readonly Case[] = [
  ['$inc keeps an int', { a: int(1) }, { $inc: { a: int(2) } }, { a: int(3) }],
  ['$inc of an int beyond its range makes a long', { a: int(2147483647) }, { $inc: { a: int(1) } }, { a: long(2147483648) }],
  ['$inc of a long keeps it', { a: long(1) }, { $inc: { a: int(1) } }, { a: long(2) }],
  ['$inc by a double makes a double', { a: int(1) }, { $inc: { a: double(1) } }, { a: double(2) }],
  ['$inc of a missing field sets it', {}, { $inc: { a: long(5) } }, { a: long(5) }],
  ['$mul keeps an int', { a: int(6) }, { $mul: { a: int(7) } }, { a: int(42) }],
  ['$mul of a missing field is zero, of the same type', {}, { $mul: { a: double(3) } }, { a: double(0) }],
  ['$min takes the lesser', { a: int(5) }, { $min: { a: int(3) } }, { a: int(3) }],
  ['$min leaves the lesser', { a: int(5) }, { $min: { a: int(7) } }, { a: int(5) }],
  ['$max sets what is missing', {}, { $max: { a: int(7) } }, { a: int(7) }],
  ['$max compares types in their order', { a: int(5) }, { $max: { a: 'text' } }, { a: 'text' }],
  ['$bit', { a: int(13), b: int(3) }, { $bit: { a: { and: int(10) }, b: { xor: int(5) } } }, { a: int(8), b: int(6) }],
];

const FIELDS: readonly Case[] = [
  ['$set of a nested field makes what is missing', { x: int(1) }, { $set: { 'a.b.c': int(1) } }, { x: int(1), a: { b: { c: int(1) } } }],
  ['$set of what is there keeps its place', { a: int(1), b: int(2) }, { $set: { a: int(3) } }, { a: int(3), b: int(2) }],
  [
    '$set makes new fields in the order of their names',
    {},
    { $set: { b: int(1), a: int(2), c: int(3) } },
    { a: int(2), b: int(1), c: int(3) },
  ],
  ['$unset takes a field away', { a: int(1), b: { c: int(1), d: int(2) } }, { $unset: { a: '', 'b.c': '' } }, { b: { d: int(2) } }],
  ['$unset of a missing field does nothing', { a: int(1) }, { $unset: { 'b.c': '' } }, { a: int(1) }],
  ['$rename', { a: int(1), b: int(2) }, { $rename: { a: 'c' } }, { b: int(2), c: int(1) }],
  ['$rename into a nested field', { a: int(1) }, { $rename: { a: 'b.c' } }, { b: { c: int(1) } }],
  ['$rename of a missing field does nothing', { a: int(1) }, { $rename: { x: 'y' } }, { a: int(1) }],
];

const ARRAYS: readonly Case[] = [
  ['$push', { a: [1] }, { $push: { a: 2 } }, { a: [1, 2] }],
  ['$push makes the array', {}, { $push: { a: { b: 1 } } }, { a: [{ b: 1 }] }],
  ['$push $each $position', { a: [1, 4] }, { $push: { a: { $each: [2, 3], $position: 1 } } }, { a: [1, 2, 3, 4] }],
  ['$push $each $slice', { a: [1, 2] }, { $push: { a: { $each: [3, 4], $slice: -3 } } }, { a: [2, 3, 4] }],
  ['$push $each $sort', { a: [3, 1] }, { $push: { a: { $each: [2], $sort: -1 } } }, { a: [3, 2, 1] }],
  [
    '$push $each $sort by a field',
    { a: [{ n: 3 }] },
    { $push: { a: { $each: [{ n: 1 }, { n: 2 }], $sort: { n: 1 } } } },
    { a: [{ n: 1 }, { n: 2 }, { n: 3 }] },
  ],
  ['$addToSet adds what is not there', { a: [1, 2] }, { $addToSet: { a: { $each: [2, 3, 3] } } }, { a: [1, 2, 3] }],
  [
    '$addToSet compares documents whole',
    { a: [{ b: 1, c: 2 }] },
    { $addToSet: { a: { c: 2, b: 1 } } },
    {
      a: [
        { b: 1, c: 2 },
        { c: 2, b: 1 },
      ],
    },
  ],
  ['$pop from either end', { a: [1, 2, 3], b: [1, 2, 3] }, { $pop: { a: 1, b: -1 } }, { a: [1, 2], b: [2, 3] }],
  ['$pull a value', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
  ['$pull by a condition', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  ['$pull documents by a query', { a: [{ b: 1, c: 1 }, { b: 2 }] }, { $pull: { a: { b: 1 } } }, { a: [{ b: 2 }] }],
  ['$pullAll', { a: [1, 2, 3, 2] }, { $pullAll: { a: [2, 3] } }, { a: [1] }],
  ['a position in an array', { a: [{ b: 1 }, { b: 2 }] }, { $set: { 'a.1.b': 3 } }, { a: [{ b: 1 }, { b: 3 }] }],
  ['a position behind the end fills with null', { a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] }],
  [
    '$ stands for the item that matched',
    { a: [{ b: 1 }, { b: 2 }] },
    { $set: { 'a.$.c': 1 } },
    { a: [{ b: 1 }, { b: 2, c: 1 }] },
    { filter: { 'a.b': 2 } },
  ],
  ['$[] stands for every item', { a: [{ b: 1 }, { b: 2 }] }, { $inc: { 'a.$[].b': 10 } }, { a: [{ b: 11 }, { b: 12 }] }],
  [
    '$[name] stands for the items of its filter',
    { a: [{ b: 1 }, { b: 5 }, { b: 9 }] },
    { $set: { 'a.$[big].big': true } },
    { a: [{ b: 1 }, { b: 5, big: true }, { b: 9, big: true }] },
    { arrayFilters: [{ 'big.b': { $gt: 3 } }] },
  ],
];

const PIPELINES: readonly Case[] = [
  ['$set by an expression', { a: 1, b: 2 }, [{ $set: { c: { $add: ['$a', '$b'] } } }], { a: 1, b: 2, c: 3 }],
  ['$unset', { a: 1, b: 2 }, [{ $unset: 'a' }], { b: 2 }],
  ['$replaceWith, which keeps the _id', { a: { b: 2 } }, [{ $replaceWith: { $mergeObjects: ['$a', { c: 3 }] } }], { b: 2, c: 3 }],
];

/** What the update operators do (https://www.mongodb.com/docs/manual/reference/operator/update/). */
export const updates = ({ it, target }: Contract): void => {
  const applied = async ([, before, update, after, { filter = {}, ...options } = {}]: Case) => {
    const things = await target().collection({ _id: 1, ...before } as Document);
    await things.updateOne({ _id: 1 as never, ...filter }, update as UpdateFilter<Document>, options);
    const found = await things.findOne({}, { promoteValues: false });
    expect(typed(found)).toEqual(typed({ _id: int(1), ...after }));
    expect(Object.keys(found ?? {})).toEqual(['_id', ...Object.keys(after)]);
  };

  describe.each([
    ['numbers', NUMBERS],
    ['fields', FIELDS],
    ['arrays', ARRAYS],
    ['pipelines', PIPELINES],
  ])('updates of %s', (_, cases) => {
    for (const each of cases) it(each[0], () => applied(each));
  });

  describe('decimals', () => {
    it('$inc of a decimal', () => applied(['', { a: decimal('1.10') }, { $inc: { a: int(2) } }, { a: decimal('3.10') }]));
  });

  describe('$currentDate', () => {
    it('sets the time as date and as timestamp', async () => {
      const things = await target().collection({ _id: 1 as never });
      const update: Document = { $currentDate: { a: true, b: { $type: 'timestamp' } } };
      await things.updateOne({}, update);
      const found = await things.findOne({}, { promoteValues: false });
      expect(Math.abs((found?.['a'] as Date).getTime() - Date.now())).toBeLessThan(60_000);
      expect(found?.['b']).toBeInstanceOf(Timestamp);
    });
  });

  describe('an upsert', () => {
    it('takes the equalities of its query over, and applies the update', async () => {
      const things = await target().collection();
      const result = await things.updateOne(
        { _id: 'x' as never, a: 1, b: { $gt: 5 }, 'c.d': 2 },
        { $set: { e: 3 }, $setOnInsert: { f: 4 } },
        { upsert: true },
      );
      expect(result).toMatchObject({ matchedCount: 0, modifiedCount: 0, upsertedCount: 1, upsertedId: 'x' });
      expect(await things.findOne()).toEqual({ _id: 'x', a: 1, c: { d: 2 }, e: 3, f: 4 });
    });

    it('does not apply $setOnInsert where a document matches', async () => {
      const things = await target().collection({ _id: 'x' as never, a: 1 });
      await things.updateOne({ _id: 'x' as never }, { $set: { b: 1 }, $setOnInsert: { c: 1 } }, { upsert: true });
      expect(await things.findOne()).toEqual({ _id: 'x', a: 1, b: 1 });
    });

    it('by a replacement has the _id of the query', async () => {
      const things = await target().collection();
      await things.replaceOne({ _id: 'x' as never, a: 1 }, { b: 1 }, { upsert: true });
      expect(await things.findOne()).toEqual({ _id: 'x', b: 1 });
    });

    it('whose guard does not hold is a duplicate key', async () => {
      const things = await target().collection({ _id: 'x' as never, n: 5 });
      const failure = await failureOf(things.updateOne({ _id: 'x' as never, n: { $lt: 5 } }, { $set: { n: 5 } }, { upsert: true }));
      expect(failure).toMatchObject({ code: 11000 });
      expect(failure.message).toContain('index: _id_ dup key: { _id: "x" }');
    });
  });

  describe('counts', () => {
    it('tell what matched and what was changed', async () => {
      const things = await target().collection({ a: 1 }, { a: 1 }, { a: 2 });
      expect(await things.updateMany({ a: 1 }, { $set: { b: 1 } })).toMatchObject({ matchedCount: 2, modifiedCount: 2 });
      expect(await things.updateMany({ a: 1 }, { $set: { b: 1 } })).toMatchObject({ matchedCount: 2, modifiedCount: 0 });
      expect(await things.updateOne({ a: 3 }, { $set: { b: 1 } })).toMatchObject({ matchedCount: 0, modifiedCount: 0 });
      expect(await things.deleteOne({ a: 1 })).toMatchObject({ deletedCount: 1 });
      expect(await things.deleteMany({})).toMatchObject({ deletedCount: 2 });
    });
  });

  describe('what is no update', () => {
    const refused: readonly (readonly [string, Document, number])[] = [
      ['an operator that does not exist', { $frobnicate: { a: 1 } }, 9],
      ['two operators on one field', { $set: { a: 1 }, $inc: { a: 1 } }, 40],
      ['an operator on a field and one within it', { $set: { a: 1, 'a.b': 1 } }, 40],
      ['$inc of a text', { $inc: { text: 1 } }, 14],
      ['$inc by a text', { $inc: { n: 'x' } }, 14],
      ['$push to what is no array', { $push: { n: 1 } }, 2],
      ['a change of the _id', { $set: { _id: 2 } }, 66],
      ['a field within a number', { $set: { 'n.a': 1 } }, 28],
      ['a name within an array', { $set: { 'list.a': 1 } }, 28],
    ];
    for (const [name, update, code] of refused)
      it(`is refused: ${name}`, async () => {
        const things = await target().collection({ _id: 1 as never, n: 1, text: 'x', list: [1] });
        expect(await failureOf(things.updateOne({}, update))).toMatchObject({ code });
        expect(await things.findOne()).toEqual({ _id: 1, n: 1, text: 'x', list: [1] });
      });
  });

  describe('findOneAndUpdate and its like', () => {
    it('answer the document as it was or as it is, of the first in an order', async () => {
      const things = await target().collection({ _id: 1 as never, n: 1 }, { _id: 2 as never, n: 2 });
      expect(await things.findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: -1 } })).toEqual({ _id: 2, n: 2 });
      expect(await things.findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: -1 }, returnDocument: 'after' })).toEqual({
        _id: 2,
        n: 22,
      });
      expect(await things.findOneAndReplace({ _id: 1 as never }, { m: 1 }, { returnDocument: 'after', projection: { _id: 0 } })).toEqual({
        m: 1,
      });
      expect(await things.findOneAndDelete({}, { sort: { _id: 1 } })).toEqual({ _id: 1, m: 1 });
      expect(await things.findOneAndUpdate({ _id: 9 as never }, { $set: { n: 1 } })).toBeNull();
      expect(await things.findOneAndUpdate({ _id: 9 as never }, { $set: { n: 1 } }, { upsert: true, returnDocument: 'after' })).toEqual({
        _id: 9,
        n: 1,
      });
    });
  });
};
