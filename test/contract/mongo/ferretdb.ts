import type { Difference } from './contract.js';

const MANUAL = 'https://www.mongodb.com/docs/manual/reference';

/** Where FerretDB 1.24 differs from MongoDB's documentation. Most of it is not there, and refused. */
export const FERRETDB: readonly Difference[] = [
  {
    does: 'has no expression operators in pipelines but $type and $sum',
    documentation: `${MANUAL}/operator/aggregation/`,
    tests: [
      ...['$a', '$subtract', '$divide', '$mod', '$round', '$floor', '$eq', '$cmp', '$gt', '$cond', '$ifNull', '$switch', '$concat', '$to'],
      ...['$substrCP', '$split', '$strLenCP', '$size', '$in', '$map', '$filter', '$reduce', '$let', '$max', '$year', '$dateTrunc'],
      ...['$mergeObjects', '$objectToArray', '$literal'],
    ].map((operator) => `an expression ${operator}`),
  },
  {
    does: 'has no $expr with operators',
    documentation: `${MANUAL}/operator/query/expr/`,
    tests: ['a query finds by $expr'],
  },
  {
    does: 'has neither these stages nor their options',
    documentation: `${MANUAL}/operator/aggregation-pipeline/`,
    tests: [
      ...['$unwind that keeps', '$addFields', '$replaceRoot', '$sortByCount', '$bucket', '$facet'].map((stage) => `a stage ${stage}`),
      '$lookup',
      '$out and $merge',
    ],
  },
  {
    does: 'has no accumulators but $sum and $count, which it takes for null where a field is missing, and whose sums of longs are ints',
    documentation: `${MANUAL}/operator/aggregation/group/`,
    tests: ['$sum and', '$min', '$push', 'by a document', 'by a month', '$stdDevPop', 'keeps the types'].map((name) => `$group ${name}`),
  },
  {
    does: 'answers other codes for what is no pipeline',
    documentation: `${MANUAL}/error-codes/`,
    tests: ['a stage that does not exist', 'an accumulator', 'a change stream'].map((name) => `what is no pipeline is refused: ${name}`),
  },
  {
    does: 'has no $elemMatch of documents by equality, and takes its conditions on values for conditions on several items',
    documentation: `${MANUAL}/operator/query/elemMatch/`,
    tests: ['a query finds by $elemMatch', 'a search finds by'],
  },
  {
    does: 'answers queries that are none on a collection that does not exist',
    documentation: `${MANUAL}/operator/query/`,
    tests: ['a query is refused as BadValue'],
  },
  {
    does: 'has no Decimal128, and closes the connection',
    documentation: `${MANUAL}/bson-types/#decimal128`,
    tests: ['an order is that of types first', 'a document comes back with the types', 'decimals'],
  },
  {
    does: 'has no collations',
    documentation: `${MANUAL}/collation/`,
    tests: ['a collation'],
  },
  {
    does: 'has no projection by $slice, $elemMatch or expressions',
    documentation: `${MANUAL}/operator/projection/`,
    tests: ['a projection takes', 'a projection computes'],
  },
  {
    does: 'leaves $position, $slice and $sort of $push out',
    documentation: `${MANUAL}/operator/update/push/`,
    tests: ['updates of arrays $push $each $'],
  },
  {
    does: 'takes the condition of $pull for a value',
    documentation: `${MANUAL}/operator/update/pull/`,
    tests: ['updates of arrays $pull by', 'updates of arrays $pull documents'],
  },
  {
    does: 'has no positional operators',
    documentation: `${MANUAL}/operator/update-array/`,
    tests: ['updates of arrays $ ', 'updates of arrays $['],
  },
  {
    does: 'has no updates by pipelines',
    documentation: `${MANUAL}/command/update/#update-with-an-aggregation-pipeline`,
    tests: ['updates of pipelines'],
  },
  {
    does: 'tells a duplicate key without its value',
    documentation: `${MANUAL}/error-codes/`,
    tests: ['an upsert whose guard', 'a unique index refuses a second document'],
  },
  {
    does: 'has no fields of findAndModify',
    documentation: `${MANUAL}/command/findAndModify/`,
    tests: ['findOneAndUpdate and its like'],
  },
  {
    does: 'answers another code for a direction of 0',
    documentation: `${MANUAL}/command/createIndexes/`,
    tests: ['an index is refused: a direction of 0'],
  },
  {
    does: 'has no unique index over missing fields, and another code where documents have the same key',
    documentation: 'https://www.mongodb.com/docs/manual/core/index-unique/',
    tests: ['a unique index holds a missing field', 'a unique index cannot be made'],
  },
  {
    does: 'has no partial indexes',
    documentation: 'https://www.mongodb.com/docs/manual/core/index-partial/',
    tests: ['a partial index'],
  },
  {
    does: "explains the plan of the engine below it instead of MongoDB's stages",
    documentation: `${MANUAL}/explain-results/`,
    tests: ['a query with a fitting index never scans', 'an index of a view serves'],
  },
  {
    does: 'lets an update make a document larger than 16 MiB',
    documentation: `${MANUAL}/limits/#bson-documents`,
    tests: ['a document is not larger'],
  },
  {
    does: 'answers another code for operators in an _id',
    documentation: 'https://www.mongodb.com/docs/manual/core/dot-dollar-considerations/dollar-prefix/',
    tests: ['a document has no operators'],
  },
];
