import { Decimal128, Double, Int32, Long, type Document } from 'mongodb';
import { describe, expect } from '@jest/globals';
import type { Contract } from './contract.js';
import { failureOf, typed } from './target.js';

const ORDERS: readonly Document[] = [
  { _id: 1, customer: 'ann', total: 10, items: ['pen', 'ink'], at: new Date('2024-01-05T10:00:00Z'), address: { city: 'Bonn' } },
  { _id: 2, customer: 'ben', total: 20, items: ['cup'], at: new Date('2024-01-20T12:30:00Z'), address: { city: 'Kiel' } },
  { _id: 3, customer: 'ann', total: 5, items: [], at: new Date('2024-02-01T00:00:00Z') },
  { _id: 4, customer: 'eve', total: 40, items: ['pen', 'cup', 'bag'], at: new Date('2024-02-10T23:59:59Z'), address: { city: 'Bonn' } },
];

type Case = readonly [name: string, pipeline: Document[], result: Document[]];

const STAGES: readonly Case[] = [
  [
    '$match and $sort',
    [{ $match: { total: { $gte: 10 } } }, { $sort: { total: -1 } }, { $project: { total: 1 } }],
    [
      { _id: 4, total: 40 },
      { _id: 2, total: 20 },
      { _id: 1, total: 10 },
    ],
  ],
  ['$skip and $limit', [{ $sort: { _id: 1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { _id: 1 } }], [{ _id: 2 }, { _id: 3 }]],
  ['$limit before $match', [{ $sort: { _id: 1 } }, { $limit: 2 }, { $match: { customer: 'eve' } }], []],
  ['$count', [{ $match: { customer: 'ann' } }, { $count: 'n' }], [{ n: 2 }]],
  ['$count of nothing', [{ $match: { customer: 'zoe' } }, { $count: 'n' }], []],
  [
    '$unwind',
    [{ $match: { _id: 1 } }, { $unwind: '$items' }, { $project: { items: 1 } }],
    [
      { _id: 1, items: 'pen' },
      { _id: 1, items: 'ink' },
    ],
  ],
  [
    '$unwind that keeps the empty',
    [{ $match: { _id: 3 } }, { $unwind: { path: '$items', preserveNullAndEmptyArrays: true } }, { $project: { customer: 1 } }],
    [{ _id: 3, customer: 'ann' }],
  ],
  [
    '$addFields',
    [
      { $match: { _id: 2 } },
      { $addFields: { double: { $multiply: ['$total', 2] }, 'address.zip': 1 } },
      { $project: { double: 1, address: 1 } },
    ],
    [{ _id: 2, address: { city: 'Kiel', zip: 1 }, double: 40 }],
  ],
  ['$unset', [{ $match: { _id: 2 } }, { $unset: ['items', 'at', 'address.city'] }], [{ _id: 2, customer: 'ben', total: 20, address: {} }]],
  ['$replaceRoot', [{ $match: { _id: 2 } }, { $replaceRoot: { newRoot: '$address' } }], [{ city: 'Kiel' }]],
  ['$sortByCount', [{ $sortByCount: '$customer' }, { $limit: 1 }], [{ _id: 'ann', count: 2 }]],
  [
    '$bucket',
    [{ $bucket: { groupBy: '$total', boundaries: [0, 10, 30], default: 'more', output: { n: { $sum: 1 } } } }],
    [
      { _id: 0, n: 1 },
      { _id: 10, n: 2 },
      { _id: 'more', n: 1 },
    ],
  ],
  [
    '$facet',
    [{ $facet: { all: [{ $count: 'n' }], ann: [{ $match: { customer: 'ann' } }, { $sort: { _id: 1 } }, { $project: { _id: 1 } }] } }],
    [{ all: [{ n: 4 }], ann: [{ _id: 1 }, { _id: 3 }] }],
  ],
];

const GROUPS: readonly Case[] = [
  [
    '$sum and $avg',
    [{ $group: { _id: '$customer', sum: { $sum: '$total' }, mean: { $avg: '$total' } } }, { $sort: { _id: 1 } }],
    [
      { _id: 'ann', sum: 15, mean: 7.5 },
      { _id: 'ben', sum: 20, mean: 20 },
      { _id: 'eve', sum: 40, mean: 40 },
    ],
  ],
  [
    '$min, $max, $first and $last',
    [
      { $sort: { _id: 1 } },
      { $group: { _id: null, min: { $min: '$total' }, max: { $max: '$total' }, first: { $first: '$total' }, last: { $last: '$total' } } },
    ],
    [{ _id: null, min: 5, max: 40, first: 10, last: 40 }],
  ],
  [
    '$push and $addToSet',
    [{ $sort: { _id: 1 } }, { $group: { _id: null, all: { $push: '$customer' } } }],
    [{ _id: null, all: ['ann', 'ben', 'ann', 'eve'] }],
  ],
  [
    'by a document',
    [{ $group: { _id: { city: '$address.city' }, n: { $count: {} } } }, { $sort: { n: -1, '_id.city': 1 } }],
    [
      { _id: { city: 'Bonn' }, n: 2 },
      { _id: {}, n: 1 },
      { _id: { city: 'Kiel' }, n: 1 },
    ],
  ],
  [
    'by what some have not',
    [{ $group: { _id: '$address.city', n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
    [
      { _id: null, n: 1 },
      { _id: 'Bonn', n: 2 },
      { _id: 'Kiel', n: 1 },
    ],
  ],
  [
    'by a month',
    [{ $group: { _id: { $dateToString: { date: '$at', format: '%Y-%m' } }, n: { $sum: 1 } } }, { $sort: { _id: 1 } }],
    [
      { _id: '2024-01', n: 2 },
      { _id: '2024-02', n: 2 },
    ],
  ],
  ['$stdDevPop', [{ $group: { _id: null, spread: { $stdDevPop: '$total' } } }], [{ _id: null, spread: 13.40475661845451 }]],
];

/** An expression over `{a: 5, b: 2, s: 'Text', list: [3, 1, 2], at: …, none: null}`, and its value with its type. */
const EXPRESSIONS: readonly (readonly [name: string, expression: unknown, value: unknown])[] = [
  ['$add of ints is an int', { $add: ['$a', '$b'] }, new Int32(7)],
  ['$add of an int and a double is a double', { $add: ['$a', new Double(1)] }, new Double(6)],
  ['$add of an int and a long is a long', { $add: ['$a', new Long(1)] }, new Long(6)],
  ['$add of null is null', { $add: ['$a', '$none'] }, null],
  ['$add of a date', { $add: ['$at', 1000] }, new Date('2024-03-01T12:30:46Z')],
  ['$subtract of dates is a long', { $subtract: ['$at', new Date('2024-03-01T12:30:45Z')] }, new Long(0)],
  ['$divide is a double', { $divide: ['$a', '$b'] }, new Double(2.5)],
  ['$mod', { $mod: ['$a', '$b'] }, new Int32(1)],
  ['$round takes the even neighbour', { $round: [{ $literal: new Double(2.5) }] }, new Double(2)],
  ['$floor', { $floor: new Double(-2.5) }, new Double(-3)],
  ['$abs', { $abs: new Int32(-3) }, new Int32(3)],
  ['$eq is of values, not of their types', { $eq: ['$a', new Double(5)] }, true],
  ['$cmp', { $cmp: ['$a', '$b'] }, new Int32(1)],
  ['$gt between types', { $gt: ['$s', '$a'] }, true],
  ['$cond', { $cond: [{ $gt: ['$a', 3] }, 'big', 'small'] }, 'big'],
  ['$ifNull', { $ifNull: ['$missing', '$none', 'otherwise'] }, 'otherwise'],
  [
    '$switch',
    {
      $switch: {
        branches: [
          { case: { $eq: ['$b', 1] }, then: 'one' },
          { case: { $eq: ['$b', 2] }, then: 'two' },
        ],
      },
    },
    'two',
  ],
  ['$concat', { $concat: ['$s', '-', 'x'] }, 'Text-x'],
  ['$toUpper', { $toUpper: '$s' }, 'TEXT'],
  ['$substrCP', { $substrCP: ['$s', 1, 2] }, 'ex'],
  ['$split', { $split: ['a-b', '-'] }, ['a', 'b']],
  ['$strLenCP', { $strLenCP: '$s' }, new Int32(4)],
  ['$size', { $size: '$list' }, new Int32(3)],
  ['$arrayElemAt', { $arrayElemAt: ['$list', -1] }, new Int32(2)],
  ['$in', { $in: [1, '$list'] }, true],
  ['$map', { $map: { input: '$list', as: 'n', in: { $multiply: ['$$n', 2] } } }, [new Int32(6), new Int32(2), new Int32(4)]],
  ['$filter', { $filter: { input: '$list', as: 'n', cond: { $gt: ['$$n', 1] } } }, [new Int32(3), new Int32(2)]],
  ['$reduce', { $reduce: { input: '$list', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, new Int32(6)],
  ['$let', { $let: { vars: { x: '$a' }, in: { $add: ['$$x', 1] } } }, new Int32(6)],
  ['$sum of an array', { $sum: '$list' }, new Int32(6)],
  ['$max of an array', { $max: '$list' }, new Int32(3)],
  ['$avg is a double', { $avg: '$list' }, new Double(2)],
  ['$year and its like', { $add: [{ $year: '$at' }, { $month: '$at' }, { $dayOfMonth: '$at' }] }, new Int32(2028)],
  ['$dateTrunc', { $dateTrunc: { date: '$at', unit: 'hour' } }, new Date('2024-03-01T12:00:00Z')],
  ['$toInt', { $toInt: '12' }, new Int32(12)],
  ['$toLong', { $toLong: '$a' }, new Long(5)],
  ['$toDouble', { $toDouble: '$a' }, new Double(5)],
  ['$toDecimal', { $toDecimal: '$a' }, Decimal128.fromString('5')],
  ['$toString', { $toString: '$a' }, '5'],
  ['$type', { $type: '$list' }, 'array'],
  ['$type of a missing field', { $type: '$missing' }, 'missing'],
  ['$mergeObjects', { $mergeObjects: [{ x: 1 }, { y: 2 }] }, { x: new Int32(1), y: new Int32(2) }],
  ['$objectToArray', { $objectToArray: { x: 1 } }, [{ k: 'x', v: new Int32(1) }]],
  ['$literal', { $literal: '$a' }, '$a'],
];

/** What pipelines give (https://www.mongodb.com/docs/manual/reference/operator/aggregation-pipeline/). */
export const aggregation = ({ it, target }: Contract): void => {
  const runs = (cases: readonly Case[]) => {
    for (const [name, pipeline, result] of cases)
      it(name, async () => {
        const orders = await target().collection(...ORDERS);
        expect(await orders.aggregate(pipeline).toArray()).toEqual(result);
      });
  };
  describe('a stage', () => runs(STAGES));
  describe('$group', () => {
    runs(GROUPS);

    it('keeps the types of what it adds up', async () => {
      const things = await target().collection(
        { i: new Int32(2147483647), l: new Long(1), d: new Double(1) },
        { i: new Int32(1), l: new Long(2), d: new Double(2) },
      );
      const sums = { _id: null, i: { $sum: '$i' }, l: { $sum: '$l' }, d: { $sum: '$d' }, n: { $sum: 1 } };
      const [result] = await things.aggregate([{ $group: sums }], { promoteValues: false }).toArray();
      expect(typed(result)).toEqual(typed({ _id: null, i: new Long(2147483648), l: new Long(3), d: new Double(3), n: new Int32(2) }));
    });

    it('takes numbers of all types for the same key', async () => {
      const things = await target().collection({ v: new Int32(1) }, { v: new Long(1) }, { v: new Double(1) });
      expect(await things.aggregate([{ $group: { _id: '$v', n: { $sum: 1 } } }]).toArray()).toEqual([{ _id: 1, n: 3 }]);
    });
  });

  describe('an expression', () => {
    const document = { _id: 1, a: 5, b: 2, s: 'Text', list: [3, 1, 2], at: new Date('2024-03-01T12:30:45Z'), none: null };
    for (const [name, expression, value] of EXPRESSIONS)
      it(name, async () => {
        const things = await target().collection(document);
        const [result] = await things.aggregate([{ $project: { _id: 0, value: expression } }], { promoteValues: false }).toArray();
        expect(typed(result)).toEqual(typed({ value }));
      });
  });

  describe('$lookup', () => {
    it('joins by equality, an array by each of its items', async () => {
      const products = await target().collection({ _id: 'pen', price: 1 }, { _id: 'cup', price: 2 });
      const orders = await target().collection(...ORDERS);
      const joined = await orders
        .aggregate([
          { $match: { _id: 4 } },
          { $lookup: { from: products.collectionName, localField: 'items', foreignField: '_id', as: 'products' } },
          { $project: { products: 1 } },
        ])
        .toArray();
      expect(joined[0]?.['products']).toHaveLength(2);
    });

    it('joins by a pipeline with variables', async () => {
      const limits = await target().collection({ _id: 1, least: 15 }, { _id: 2, least: 100 });
      const orders = await target().collection(...ORDERS);
      const pipeline = [{ $match: { $expr: { $gte: ['$total', '$$least'] } } }, { $count: 'n' }];
      const joined = await limits
        .aggregate([{ $sort: { _id: 1 } }, { $lookup: { from: orders.collectionName, let: { least: '$least' }, pipeline, as: 'reached' } }])
        .toArray();
      expect(joined.map(({ reached }) => reached as unknown)).toEqual([[{ n: 2 }], []]);
    });
  });

  describe('$out and $merge', () => {
    it('$out replaces a collection by the result', async () => {
      const orders = await target().collection(...ORDERS);
      const out = await target().collection({ _id: 'old' as never });
      await orders.aggregate([{ $group: { _id: '$customer', n: { $sum: 1 } } }, { $out: out.collectionName }]).toArray();
      expect(await out.find({}, { sort: { _id: 1 } }).toArray()).toEqual([
        { _id: 'ann', n: 2 },
        { _id: 'ben', n: 1 },
        { _id: 'eve', n: 1 },
      ]);
    });

    it('$merge puts the result into a collection', async () => {
      const orders = await target().collection(...ORDERS);
      const into = await target().collection({ _id: 'ann' as never, old: true });
      await orders.aggregate([{ $group: { _id: '$customer', n: { $sum: 1 } } }, { $merge: { into: into.collectionName } }]).toArray();
      expect(await into.findOne({ _id: 'ann' as never })).toEqual({ _id: 'ann', old: true, n: 2 });
      expect(await into.countDocuments()).toBe(3);
    });
  });

  describe('what is no pipeline', () => {
    const refused: readonly (readonly [string, Document[], number])[] = [
      ['a stage that does not exist', [{ $frobnicate: 1 }], 40324],
      ['a stage of two fields', [{ $match: {}, $limit: 1 }], 40323],
      ['an operator that does not exist', [{ $project: { a: { $frobnicate: 1 } } }], 31325],
      ['$group without an _id', [{ $group: { n: { $sum: 1 } } }], 15955],
      ['an accumulator that does not exist', [{ $group: { _id: null, n: { $frobnicate: 1 } } }], 15952],
      ['$limit 0', [{ $limit: 0 }], 15958],
      ['a change stream', [{ $changeStream: {} }], 40573],
    ];
    for (const [name, pipeline, code] of refused)
      it(`is refused: ${name}`, async () => {
        const orders = await target().collection(...ORDERS);
        expect(await failureOf(orders.aggregate(pipeline).toArray())).toMatchObject({ code });
      });
  });
};
