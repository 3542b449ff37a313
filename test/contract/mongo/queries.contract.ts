import { Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, type Document } from 'mongodb';
import { describe, expect } from '@jest/globals';
import type { Contract } from './contract.js';
import { failureOf, typed } from './target.js';

/** A name, a query, and the documents it finds, by their _id. */
type Case = readonly [name: string, query: Document, ids: readonly number[]];

const DOCUMENTS: readonly Document[] = [
  { _id: 1, n: 1, s: 'apple', tags: ['red', 'round'], size: { h: 10, w: 5 }, at: new Date(1000) },
  { _id: 2, n: 2.5, s: 'Banana', tags: ['yellow'], size: { h: 20, w: 5 }, at: new Date(2000) },
  { _id: 3, n: Long.fromNumber(3), s: 'cherry', tags: [], size: { h: 5, w: 5 } },
  {
    _id: 4,
    n: null,
    s: 'date',
    tags: ['brown', 'sweet', 'red'],
    ratings: [
      { by: 'a', stars: 5 },
      { by: 'b', stars: 2 },
    ],
  },
  {
    _id: 5,
    s: 'egg',
    ratings: [
      { by: 'a', stars: 2 },
      { by: 'b', stars: 5 },
    ],
    flag: true,
  },
  { _id: 6, n: 'text', tags: 'red', flag: false },
];

const CASES: readonly Case[] = [
  ['an equality, whatever the type of number', { n: 3 }, [3]],
  ['an equality with null also finds what has no such field', { n: null }, [4, 5]],
  ['an equality with an embedded document is of the whole', { size: { h: 10, w: 5 } }, [1]],
  ['an equality with an embedded document in another order finds nothing', { size: { w: 5, h: 10 } }, []],
  ['an equality with an item of an array', { tags: 'red' }, [1, 4, 6]],
  ['an equality with a whole array', { tags: ['red', 'round'] }, [1]],
  ['a dotted path', { 'size.h': 20 }, [2]],
  ['a dotted path through an array', { 'ratings.stars': 5 }, [4, 5]],
  ['a position in an array', { 'tags.0': 'yellow' }, [2]],
  ['a position and a path', { 'ratings.1.stars': 5 }, [5]],
  ['$gt compares within its type', { n: { $gt: 1 } }, [2, 3]],
  ['$lte of text', { s: { $lte: 'apple' } }, [1, 2]],
  ['$gte of dates', { at: { $gte: new Date(1500) } }, [2]],
  ['$gte of null', { n: { $gte: null } }, [4, 5]],
  ['$ne', { n: { $ne: 1 } }, [2, 3, 4, 5, 6]],
  ['$ne of an item of an array', { tags: { $ne: 'red' } }, [2, 3, 5]],
  ['$in', { n: { $in: [1, 2.5, 'text'] } }, [1, 2, 6]],
  ['$in with null', { n: { $in: [null, 1] } }, [1, 4, 5]],
  ['$in with a pattern', { s: { $in: [/^a/, 'egg'] } }, [1, 5]],
  ['$nin', { n: { $nin: [1, null] } }, [2, 3, 6]],
  ['$exists', { ratings: { $exists: true } }, [4, 5]],
  ['$exists false', { tags: { $exists: false } }, [5]],
  ['$type by name', { n: { $type: 'string' } }, [6]],
  ['$type number', { n: { $type: 'number' } }, [1, 2, 3]],
  ['$type of an array and of its items', { tags: { $type: 'string' } }, [1, 2, 4, 6]],
  ['$size', { tags: { $size: 1 } }, [2]],
  ['$all', { tags: { $all: ['red', 'sweet'] } }, [4]],
  ['$elemMatch of documents', { ratings: { $elemMatch: { by: 'a', stars: 5 } } }, [4]],
  ['two conditions on an array may hold of different items', { 'ratings.by': 'a', 'ratings.stars': 2 }, [4, 5]],
  ['$elemMatch of values', { tags: { $elemMatch: { $gt: 'red', $lt: 's' } } }, [1]],
  ['$mod', { n: { $mod: [2, 1] } }, [1, 3]],
  ['a pattern', { s: /an/ }, [2]],
  ['$regex with options', { s: { $regex: '^b', $options: 'i' } }, [2]],
  ['$not', { n: { $not: { $gt: 1 } } }, [1, 4, 5, 6]],
  ['$and', { $and: [{ tags: 'red' }, { n: 1 }] }, [1]],
  ['$or', { $or: [{ n: 1 }, { s: 'egg' }] }, [1, 5]],
  ['$nor', { $nor: [{ n: { $exists: true } }, { flag: false }] }, [5]],
  ['$expr', { $expr: { $gt: ['$size.h', { $multiply: ['$size.w', 2] }] } }, [2]],
  ['$bitsAllSet', { n: { $bitsAllSet: [0] } }, [1, 3]],
  ['false and 0 are two things', { flag: false }, [6]],
];

/** One of each type in the order in which MongoDB compares them. */
const IN_ORDER: readonly unknown[] = [
  new MinKey(),
  null,
  Double.fromString('-1.5'),
  new Int32(0),
  new Long(5),
  Decimal128.fromString('5.5'),
  'a',
  'b',
  { a: 1 },
  { a: 2 },
  Buffer.from('x'),
  new ObjectId('000000000000000000000001'),
  false,
  true,
  new Date(-1),
  new Date(5),
  new Timestamp({ t: 1, i: 1 }),
  /x/,
  new MaxKey(),
];

/** What queries find, in which order and form (https://www.mongodb.com/docs/manual/reference/operator/query/). */
export const queries = ({ it, target }: Contract): void => {
  describe('a query', () => {
    for (const [name, query, ids] of CASES)
      it(`finds by ${name}`, async () => {
        const things = await target().collection(...DOCUMENTS);
        const found = await things.find(query, { sort: { _id: 1 } }).toArray();
        expect(found.map(({ _id }) => _id as unknown)).toEqual(ids);
        expect(await things.countDocuments(query)).toBe(ids.length);
      });

    const refused: readonly (readonly [string, Document])[] = [
      ['an operator that does not exist', { n: { $frobnicate: 1 } }],
      ['one at the top that does not exist', { $frobnicate: [] }],
      ['$in without an array', { n: { $in: 1 } }],
      ['$or without alternatives', { $or: [] }],
      ['an empty $and', { $and: [] }],
      ['$size of a text', { tags: { $size: 'x' } }],
    ];
    for (const [name, query] of refused)
      it(`is refused as BadValue: ${name}`, async () => {
        const things = await target().collection();
        expect(await failureOf(things.findOne(query))).toMatchObject({ code: 2 });
      });
  });

  describe('an order', () => {
    it('is that of types first, then of values', async () => {
      const things = await target().collection(...[...IN_ORDER.keys()].reverse().map((_id) => ({ _id, v: IN_ORDER[_id] })));
      const up = await things
        .find({}, { sort: { v: 1, _id: 1 } })
        .map(({ _id }) => _id as unknown)
        .toArray();
      expect(up).toEqual([...IN_ORDER.keys()]);
      const down = await things
        .find({}, { sort: { v: -1, _id: 1 } })
        .map(({ _id }) => _id as unknown)
        .toArray();
      expect(down).toEqual([...IN_ORDER.keys()].reverse());
    });

    it('takes the least item of an array, downwards the greatest', async () => {
      const things = await target().collection({ _id: 1, v: [1, 9] }, { _id: 2, v: 5 }, { _id: 3, v: [2, 3] });
      expect(
        await things
          .find({}, { sort: { v: 1 } })
          .map(({ _id }) => _id as unknown)
          .toArray(),
      ).toEqual([1, 3, 2]);
      expect(
        await things
          .find({}, { sort: { v: -1 } })
          .map(({ _id }) => _id as unknown)
          .toArray(),
      ).toEqual([1, 2, 3]);
    });

    it('goes with skip and limit', async () => {
      const things = await target().collection(...Array.from({ length: 20 }, (_, n) => ({ _id: n, n: n % 7 })));
      const page = await things
        .find({}, { sort: { n: -1, _id: 1 }, skip: 3, limit: 4 })
        .map(({ _id }) => _id as unknown)
        .toArray();
      expect(page).toEqual([12, 19, 4, 11].sort((a, b) => (b % 7) - (a % 7) || a - b));
    });
  });

  describe('a projection', () => {
    const document = {
      _id: 1,
      a: 1,
      b: { c: 2, d: [3, 4, 5] },
      e: [
        { f: 1, g: 2 },
        { f: 3, g: 4 },
      ],
    };
    const cases: readonly (readonly [string, Document, Document])[] = [
      ['includes', { a: 1 }, { _id: 1, a: 1 }],
      ['includes without the _id', { a: 1, _id: 0 }, { a: 1 }],
      ['excludes', { b: 0, e: 0 }, { _id: 1, a: 1 }],
      ['includes a nested field', { 'b.c': 1 }, { _id: 1, b: { c: 2 } }],
      ['includes through an array', { 'e.f': 1 }, { _id: 1, e: [{ f: 1 }, { f: 3 }] }],
      ['excludes through an array', { 'e.f': 0, a: 0, b: 0 }, { _id: 1, e: [{ g: 2 }, { g: 4 }] }],
      ['takes a part of an array', { 'b.d': { $slice: 2 }, a: 0, e: 0 }, { _id: 1, b: { c: 2, d: [3, 4] } }],
      ['takes the first item that matches', { e: { $elemMatch: { f: { $gt: 1 } } } }, { _id: 1, e: [{ f: 3, g: 4 }] }],
      ['computes', { sum: { $add: ['$a', '$b.c'] } }, { _id: 1, sum: 3 }],
    ];
    for (const [name, projection, expected] of cases)
      it(name, async () => {
        const things = await target().collection(document);
        expect(await things.findOne({}, { projection })).toEqual(expected);
      });

    it('does not mix inclusion and exclusion', async () => {
      const things = await target().collection(document);
      expect(await failureOf(things.findOne({}, { projection: { a: 1, b: 0 } }))).toMatchObject({ code: 31254 });
    });
  });

  describe('distinct', () => {
    it('gives each value once, of arrays each item', async () => {
      const things = await target().collection({ v: 1 }, { v: [1, 2] }, { v: 'x' }, { v: null }, {});
      expect(new Set(await things.distinct('v'))).toEqual(new Set([1, 2, 'x', null]));
      expect(await things.distinct('v', { v: 'x' })).toEqual(['x']);
    });
  });

  describe('a document', () => {
    it('comes back with the types of its values', async () => {
      const document = {
        _id: 1,
        i: new Int32(1),
        l: new Long(1),
        d: new Double(1),
        e: Decimal128.fromString('1.0'),
        o: { z: 1, a: [true, null] },
      };
      const things = await target().collection(document);
      expect(typed(await things.findOne({}, { promoteValues: false }))).toEqual(
        typed({ ...document, _id: new Int32(1), o: { z: new Int32(1), a: [true, null] } }),
      );
    });
  });
};
