import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RawValue } from '../bson/raw.js';
import { decode } from '../bson/values.js';
import { writeDocument } from '../bson/writer.js';
import type { CollectionInfo, IndexSpec } from '../catalogue.js';
import { Node } from '../node.js';
import { Users } from '../security/users.js';
import { Patience } from '../slices.js';
import { compileFilter } from './compile-filter.js';
import type { Filter } from './filter.js';
import { countMatching } from './count.js';
import { find, type FindOptions } from './find.js';
import { parseSort, sortKey } from './sort.js';
import { collect } from './source.js';

const bson = (document: object): RawValue => RawValue.document(writeDocument(document));
const filterOf = (query: object): Filter => compileFilter(bson(query));
const patience = new Patience(new AbortController().signal);

let node: Node;
beforeAll(() => {
  node = new Node(undefined, new Users('none'));
});
afterAll(() => node.close());

let collections = 0;

type Index = Partial<Omit<IndexSpec, 'partial'>> & Pick<IndexSpec, 'pattern'> & { partial?: object };

const collectionOf = async (documents: readonly object[], indexes: readonly Index[] = []): Promise<CollectionInfo> => {
  const name = `things_${collections++}`;
  await node.write(() => {
    let collection = node.catalogue.ensure('test', name);
    for (const [at, { partial, ...spec }] of indexes.entries())
      ({ collection } = node.catalogue.addIndex(
        collection,
        { name: `index_${at}`, unique: false, sparse: false, ...spec, ...(partial && { partial: bson(partial) }) },
        false,
      ));
    for (const document of documents) node.documents.insert(collection, writeDocument(document));
  });
  return node.catalogue.find('test', name) as CollectionInfo;
};

const idsOf = (collection: CollectionInfo, query: object, options: FindOptions = {}) =>
  collect(find(node, collection, filterOf(query), options).source).map((document) => decode(document)['_id'] as number);

const stagesOf = (collection: CollectionInfo, query: object, options: FindOptions = {}) => {
  const { plan } = find(node, collection, filterOf(query), options);
  return { stages: plan.accesses.map(({ stage, index }) => (index ? `${stage} ${index.name}` : stage)), sorted: plan.sorted };
};

const sorted = (sort: object) => ({ sort: parseSort(bson(sort)) });

describe('a query with a fitting index', () => {
  const documents = Array.from({ length: 60 }, (_, _id) => ({
    _id,
    open: _id % 3 !== 0,
    team: ['a', 'b', null][_id % 3],
    priority: _id % 4,
    tags: [_id % 5, _id % 7],
    parts: [
      { kind: 'x', size: _id % 6 },
      { kind: 'y', size: _id % 4 },
    ],
    at: new Date(_id * 1000),
  }));
  let things: CollectionInfo;
  beforeAll(async () => {
    things = await collectionOf(documents, [
      {
        name: 'queue',
        pattern: [
          ['open', 1],
          ['priority', 1],
          ['at', -1],
        ],
      },
      {
        name: 'team',
        pattern: [
          ['team', 1],
          ['at', 1],
        ],
      },
      { name: 'tags', pattern: [['tags', 1]] },
      {
        name: 'parts',
        pattern: [
          ['parts.kind', 1],
          ['parts.size', 1],
        ],
      },
      { name: 'at', pattern: [['at', -1]] },
      { name: 'urgent', pattern: [['at', 1]], partial: { priority: { $gte: 3 } } },
    ]);
  });

  it.each([
    ['one _id', { _id: 5 }, {}, ['IDHACK']],
    ['several _ids', { _id: { $in: [5, 7] } }, {}, ['CLUSTERED_IXSCAN']],
    ['a range of _id', { _id: { $gt: 5 } }, {}, ['CLUSTERED_IXSCAN']],
    ['an equality', { team: 'a' }, {}, ['IXSCAN team']],
    ['an equality with null', { team: null }, {}, ['IXSCAN team']],
    ['a prefix of a compound index', { open: true }, {}, ['IXSCAN queue']],
    ['a prefix and a range', { open: true, priority: { $gt: 1 } }, {}, ['IXSCAN queue']],
    ['$in', { team: { $in: ['a', 'b'] } }, {}, ['IXSCAN team']],
    ['a range of dates', { at: { $gt: new Date(5000), $lte: new Date(9000) } }, {}, ['IXSCAN at']],
    ['an item of an array', { tags: 3 }, {}, ['IXSCAN tags']],
    ['$elemMatch of values', { tags: { $elemMatch: { $gt: 2, $lt: 4 } } }, {}, ['IXSCAN tags']],
    ['$elemMatch of documents', { parts: { $elemMatch: { kind: 'x', size: 2 } } }, {}, ['IXSCAN parts']],
    ['a beginning of a text', { team: /^a/ }, {}, ['IXSCAN team']],
    ['what a partial index holds', { priority: 3, at: { $lt: new Date(9000) } }, {}, ['IXSCAN urgent']],
    ['$or over one index', { $or: [{ team: 'a' }, { team: 'b' }] }, {}, ['IXSCAN team']],
    ['$or over several indexes', { $or: [{ team: 'a' }, { tags: 3 }] }, {}, ['IXSCAN team', 'IXSCAN tags']],
    ['an order', {}, sorted({ at: 1 }), ['IXSCAN at']],
    ['the order of _id, backwards', {}, sorted({ _id: -1 }), ['CLUSTERED_IXSCAN']],
    ['an order behind an equality', { open: true }, sorted({ priority: 1, at: -1 }), ['IXSCAN queue']],
    ['the same backwards', { open: true }, sorted({ priority: -1, at: 1 }), ['IXSCAN queue']],
    ['an order behind $in', { team: { $in: ['a', 'b'] } }, sorted({ at: 1 }), ['IXSCAN team']],
    [
      'the page behind a place in an order',
      {
        open: true,
        $or: [{ priority: { $gt: 1 } }, { priority: 1, at: { $lt: new Date(9000) } }, { priority: 1, at: new Date(9000), _id: { $gt: 9 } }],
      },
      { ...sorted({ priority: 1, at: -1, _id: 1 }), limit: 5 },
      ['IXSCAN queue'],
    ],
  ])('never looks at the whole collection: %s', (_, query, options, stages) => {
    const wanted = documents.filter((document) => filterOf(query).matches(bson(document)));
    const planned = stagesOf(things, query, options);
    expect(planned.stages).toEqual(stages);
    const ids = idsOf(things, query, { ...options, limit: undefined });
    expect([...ids].sort((a, b) => a - b)).toEqual(wanted.map(({ _id }) => _id));
    if ('sort' in options) expect(planned.sorted).toBe(true);
  });

  it('reads no more of an index than the page it is asked for', () => {
    const { scans, source } = find(node, things, filterOf({ open: true }), { ...sorted({ priority: 1, at: -1 }), limit: 5 });
    expect(collect(source)).toHaveLength(5);
    expect(scans[0]?.keysExamined).toBe(5);
  });

  it('takes two conditions on an array for conditions on any of its items', async () => {
    const split = {
      _id: 1,
      parts: [
        { kind: 'x', size: 1 },
        { kind: 'y', size: 2 },
      ],
      tags: [1, 9],
    };
    const collection = await collectionOf(
      [split],
      [
        {
          pattern: [
            ['parts.kind', 1],
            ['parts.size', 1],
          ],
        },
        { pattern: [['tags', 1]] },
      ],
    );
    expect(idsOf(collection, { 'parts.kind': 'x', 'parts.size': 2 })).toEqual([1]);
    expect(idsOf(collection, { parts: { $elemMatch: { kind: 'x', size: 2 } } })).toEqual([]);
    expect(idsOf(collection, { tags: { $gt: 4, $lt: 5 } })).toEqual([1]);
    expect(idsOf(collection, { tags: { $elemMatch: { $gt: 4, $lt: 5 } } })).toEqual([]);
  });

  it('counts keys alone', async () => {
    expect(await countMatching(node, things, filterOf({ open: true, priority: { $gte: 2 } }), undefined, patience)).toBe(
      documents.filter(({ open, priority }) => open && priority >= 2).length,
    );
  });

  it('uses the index that it is told to, and refuses one that is not there', () => {
    expect(stagesOf(things, { open: true }, { hint: 'at' }).stages).toEqual(['IXSCAN at']);
    expect(stagesOf(things, { open: true }, { hint: { $natural: 1 } }).stages).toEqual(['COLLSCAN']);
    expect(() => stagesOf(things, {}, { hint: 'none' })).toThrow(/hint provided does not correspond/);
  });
});

/** Numbers that look random and are the same in every run. */
const dice = (seed: number) => (sides: number) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * sides);
};

describe('whatever the indexes, filters and orders', () => {
  const values = [
    null,
    -1,
    0,
    1,
    2,
    2.5,
    NaN,
    Infinity,
    -Infinity,
    3n,
    '',
    'a',
    'ab',
    'b',
    true,
    false,
    new Date(0),
    new Date(1),
    { b: 1 },
    { b: 'a', c: 2 },
  ];

  it('a query gives what it gives without an index', async () => {
    const roll = dice(42);
    const pick = <T>(from: readonly T[]): T => from[roll(from.length)] as T;
    const value = (): unknown => pick(values);
    const fieldValue = (): unknown => {
      const kind = roll(8);
      if (kind === 0) return Array.from({ length: roll(4) }, value);
      if (kind === 1) return Array.from({ length: roll(3) }, () => ({ b: value(), c: value() }));
      if (kind === 2) return { b: value(), c: value() };
      return value();
    };
    const fields = ['a', 'b', 'a.b', 'a.c', 'c'];
    const condition = (): unknown => {
      switch (roll(11)) {
        case 0:
          return { [pick(['$gt', '$gte', '$lt', '$lte'])]: value() };
        case 1:
          return { $gt: value(), $lt: value() };
        case 2:
          return { $gte: value(), $lte: value() };
        case 3:
          return { $in: [value(), value(), value()] };
        case 4:
          return { $exists: roll(2) === 1 };
        case 5:
          return { $ne: value() };
        case 6:
          return {
            $elemMatch: pick<object>([
              { b: value() },
              { $gt: value() },
              { b: { $gte: value() }, c: value() },
              { $gte: value(), $lte: value() },
            ]),
          };
        case 7:
          return pick([/^a/, /^ab?/, /b$/]);
        case 8:
          return { $not: { $gt: value() } };
        default:
          return value();
      }
    };
    const query = (depth: number): object => {
      const parts: Record<string, unknown> = {};
      for (let n = roll(3); n >= 0; n--) parts[pick(fields)] = condition();
      if (depth > 0 && roll(3) === 0) parts[pick(['$or', '$and', '$nor'])] = Array.from({ length: 1 + roll(3) }, () => query(depth - 1));
      return parts;
    };
    const direction = () => pick([1, -1] as const);

    for (let round = 0; round < 120; round++) {
      const documents = Array.from({ length: 40 }, (_, _id) => {
        const document: Record<string, unknown> = { _id };
        // two arrays in one index are refused: only `a` has any
        if (roll(5) > 0) document['a'] = fieldValue();
        if (roll(5) > 0) document['b'] = value();
        if (roll(5) > 0) document['c'] = value();
        return document;
      });
      const pattern = (): Index['pattern'] =>
        [...new Set(Array.from({ length: 1 + roll(3) }, () => pick(fields)))].map((field) => [field, direction()] as const);
      const indexes: Index[] = Array.from({ length: 1 + roll(3) }, () => {
        const kind = roll(6);
        if (kind === 0) return { pattern: pattern(), sparse: true };
        if (kind === 1)
          return { pattern: pattern(), partial: { [pick(fields)]: pick<unknown>([{ $gt: 0 }, { $exists: true }, { $gte: 'a' }, 1]) } };
        return { pattern: pattern() };
      });
      const [bare, indexed] = [await collectionOf(documents), await collectionOf(documents, indexes)];

      for (let n = 0; n < 40; n++) {
        const asked = query(2);
        const sort = roll(2) === 0 ? undefined : parseSort(bson(Object.fromEntries(pattern().map(([field, way]) => [field, way]))));
        const context = { round, asked, sort: sort?.map(({ dotted, direction: way }) => [dotted, way]), indexes };
        const filter = filterOf(asked);
        const [plain, planned] = [idsOf(bare, asked, { sort }), idsOf(indexed, asked, { sort })];
        const byNumber = (ids: readonly number[]) => [...ids].sort((x, y) => x - y);
        expect({ ...context, ids: byNumber(planned) }).toEqual({ ...context, ids: byNumber(plain) });
        expect(await countMatching(node, indexed, filter, undefined, patience)).toBe(plain.length);
        if (!sort) continue;
        const keys = (ids: readonly number[]) => ids.map((id) => sortKey(bson(documents[id] as object), sort).toString('hex'));
        expect({ ...context, keys: keys(planned) }).toEqual({ ...context, keys: keys(plain) });
        const limited = idsOf(indexed, asked, { sort, skip: 2, limit: 5 });
        expect({ ...context, keys: keys(limited) }).toEqual({ ...context, keys: keys(plain).slice(2, 7) });
      }
    }
  }, 120_000);
});
