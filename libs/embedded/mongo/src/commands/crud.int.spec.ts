import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  MongoBulkWriteError,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';
import { failureOf, NodeFixture } from '../node.fixture.js';

const fixture = new NodeFixture();
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());

describe('documents', () => {
  it('come back byte for byte, every BSON type and the order of the fields', async () => {
    const things = await fixture.collection();
    const document = {
      _id: new UUID('00112233-4455-6677-8899-aabbccddeeff'),
      z: new Int32(1),
      y: new Long('9007199254740993'),
      x: new Double(5),
      w: Decimal128.fromString('1.10'),
      v: new Date(0),
      u: new ObjectId('0123456789abcdef01234567'),
      t: new Binary(Buffer.from('bytes')),
      s: new BSONRegExp('a.c', 'i'),
      r: new Timestamp({ t: 1, i: 2 }),
      q: new MinKey(),
      p: new MaxKey(),
      o: null,
      n: [1, [2, { m: 'text ü 🎈' }]],
      l: true,
      k: new Double(-0),
    };
    await things.insertOne(document as never);
    const options = { promoteValues: false, promoteLongs: false, bsonRegExp: true } as const;
    const found = await things.findOne({}, options);
    expect(Object.keys(found ?? {})).toEqual(Object.keys(document));
    const raw = await things.findOne({}, { raw: true });
    const { BSON } = await import('mongodb');
    expect(Buffer.from(raw as unknown as Uint8Array)).toEqual(Buffer.from(BSON.serialize(document)));
  });

  it('get an _id, which stands first', async () => {
    const things = await fixture.collection();
    await things.db.command({ insert: 'things', documents: [{ a: 1 }, { b: 1, _id: 'mine' }] });
    const [first, second] = await things.find({}, { sort: { b: 1 } }).toArray();
    expect(Object.keys(first ?? {})).toEqual(['_id', 'a']);
    expect(first?._id).toBeInstanceOf(ObjectId);
    expect(Object.keys(second ?? {})).toEqual(['_id', 'b']);
  });
});

describe('a duplicate key', () => {
  it('is told word for word as by a real server', async () => {
    const things = await fixture.collection({ _id: 'x' as never });
    const failure = await failureOf(things.insertOne({ _id: 'x' as never }));
    expect(failure).toMatchObject({ code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 'x' } });
    expect(failure['message']).toBe(`E11000 duplicate key error collection: ${things.namespace} index: _id_ dup key: { _id: "x" }`);
  });

  it('of an unordered bulk concerns its own statement alone', async () => {
    const things = await fixture.collection({ _id: 2 as never });
    const failure = (await failureOf(
      things.insertMany([1, 2, 3, 2, 4].map((_id) => ({ _id })) as never, { ordered: false }),
    )) as unknown as MongoBulkWriteError;
    expect(failure).toBeInstanceOf(MongoBulkWriteError);
    expect((failure.writeErrors as readonly { index: number }[]).map(({ index }) => index)).toEqual([1, 3]);
    expect(failure.result.insertedCount).toBe(3);
    expect(await things.countDocuments()).toBe(4);
  });

  it('ends an ordered bulk', async () => {
    const things = await fixture.collection({ _id: 2 as never });
    await failureOf(things.insertMany([1, 2, 3].map((_id) => ({ _id })) as never));
    const there = things.find().map(({ _id }) => _id);
    expect(await there.toArray()).toEqual([1, 2]);
  });

  it('is what a guarded upsert answers whose guard does not hold', async () => {
    const things = await fixture.collection({ _id: 'x' as never, position: new Long(5) });
    const write = (position: number) =>
      things.bulkWrite([
        {
          replaceOne: {
            filter: { _id: 'x', position: { $lt: new Long(position) } },
            replacement: { position: new Long(position) },
            upsert: true,
          },
        },
      ] as never);
    expect((await write(6)).modifiedCount).toBe(1);
    expect(await failureOf(write(6))).toMatchObject({ code: 11000 });
  });
});

describe('a cursor', () => {
  it('gives batches of the size asked for, and ends', async () => {
    const things = await fixture.collection(...Array.from({ length: 250 }, (_, n) => ({ n })));
    const cursor = things.find({}, { sort: { n: 1 }, batchSize: 40 });
    const seen: number[] = [];
    for await (const { n } of cursor) seen.push(n as number);
    expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => n));
    const first = (await things.db.command({ find: 'things' })) as { cursor: { firstBatch: unknown[]; id: Long } };
    expect(first.cursor.firstBatch).toHaveLength(101);
    expect(String(first.cursor.id)).not.toBe('0');
  });

  it('is closed by killCursors, and then not found', async () => {
    const things = await fixture.collection(...Array.from({ length: 10 }, (_, n) => ({ n })));
    const { db } = things;
    const { cursor } = (await db.command({ find: 'things', batchSize: 2 }, { promoteLongs: false })) as { cursor: { id: Long } };
    const getMore = () => db.command({ getMore: cursor.id, collection: 'things', batchSize: 2 });
    expect(await getMore()).toMatchObject({ cursor: { nextBatch: [{ n: 2 }, { n: 3 }] } });
    const killed = await db.command({ killCursors: 'things', cursors: [cursor.id] });
    expect(killed['cursorsKilled']).toHaveLength(1);
    expect(await failureOf(getMore())).toMatchObject({ code: 43, codeName: 'CursorNotFound' });
  });

  it('ends with its collection', async () => {
    const things = await fixture.collection(...Array.from({ length: 10 }, (_, n) => ({ n })));
    const cursor = things.find({}, { batchSize: 2 });
    await cursor.next();
    await things.drop();
    const rest = (async () => {
      for await (const _ of cursor);
    })();
    expect(await failureOf(rest)).toMatchObject({ code: 175, codeName: 'QueryPlanKilled' });
  });

  it('holds no batch beyond 16 MiB', async () => {
    const things = await fixture.collection();
    for (let n = 0; n < 5; n++) await things.insertOne({ n, bytes: Buffer.alloc(7_000_000, n) });
    const first = await things.db.command({ find: 'things' });
    expect((first['cursor'] as { firstBatch: unknown[] }).firstBatch).toHaveLength(2);
    expect(
      await things
        .find()
        .map(({ n }) => n as number)
        .toArray(),
    ).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('commands', () => {
  it.each([
    ['one that does not exist', { frobnicate: 1 }, 59, 'CommandNotFound'],
    ['a field that does not exist', { find: 'things', colour: 1 }, 40415, 'IDLUnknownField'],
    ['a field of another type', { find: 'things', limit: 'ten' }, 14, 'TypeMismatch'],
    ['a field that is missing', { insert: 'things' }, 40414, 'IDLFailedToParse'],
    ['an operator that does not exist', { find: 'things', filter: { a: { $near: 1 } } }, 2, 'BadValue'],
    ['a transaction', { find: 'things', txnNumber: new Long(1), startTransaction: true, autocommit: false }, 20, 'IllegalOperation'],
    ['a write concern of several members', { insert: 'things', documents: [{}], writeConcern: { w: 2 } }, 2, 'BadValue'],
    ['a snapshot', { find: 'things', readConcern: { level: 'snapshot' } }, 123, 'NotAReplicaSet'],
    ['a name with a dollar sign', { create: 'a$b' }, 73, 'InvalidNamespace'],
  ])('refuse %s with its code', async (_, command, code, codeName) => {
    expect(await failureOf(fixture.database().command(command))).toMatchObject({ code, codeName });
  });

  it('list, create and drop collections and databases', async () => {
    const db = fixture.database();
    await db.createCollection('b');
    await db.collection('a').insertOne({});
    expect((await db.listCollections().toArray()).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(await db.listCollections({ name: 'b' }, { nameOnly: true }).toArray()).toEqual([{ name: 'b', type: 'collection' }]);
    expect(await failureOf(db.createCollection('b'))).toMatchObject({ code: 48, codeName: 'NamespaceExists' });
    await db.dropCollection('b');
    expect((await db.listCollections().toArray()).map(({ name }) => name)).toEqual(['a']);
    await db.dropDatabase();
    expect(await db.listCollections().toArray()).toEqual([]);
  });
});

describe('a collation that would change more than is compared here', () => {
  const collation = { locale: 'en', strength: 2 };
  it.each<[string, object]>([
    ['an expression', { find: 'things', filter: { $expr: { $eq: ['$a', 'x'] } } }],
    ['a whole document', { find: 'things', filter: { a: { b: 'x' } } }],
    ['a projection that compares', { find: 'things', projection: { a: { $elemMatch: { b: 'x' } } } }],
    ['a group', { aggregate: 'things', pipeline: [{ $group: { _id: '$a' } }], cursor: {} }],
    ['documents of no collection', { aggregate: 1, pipeline: [{ $documents: [] }], cursor: {} }],
    ['an item that is pulled', { findAndModify: 'things', query: {}, update: { $pull: { a: 'x' } } }],
    ['filters of items', { findAndModify: 'things', query: {}, update: { $set: { 'a.$[i]': 1 } }, arrayFilters: [{ i: 'x' }] }],
  ])('is refused: %s', async (_, command) => {
    expect(await failureOf(fixture.database().command({ ...command, collation }))).toMatchObject({ code: 238 });
  });

  it('is refused for an index', async () => {
    const things = await fixture.collection({ a: 1 });
    expect(await failureOf(things.createIndex({ a: 1 }, { collation }))).toMatchObject({ code: 238 });
    expect(await things.createIndex({ a: 1 }, { collation: { locale: 'simple' } })).toBe('a_1');
  });
});

describe('an update by a pipeline', () => {
  const updating = async (stage: object) => {
    const things = await fixture.collection({ a: 1 });
    return things.db.command({ update: things.collectionName, updates: [{ q: {}, u: [stage] }] });
  };

  it('fails as a command by a stage that does not exist', async () => {
    expect(await failureOf(updating({ $nothing: 1 }))).toMatchObject({ code: 40324, ok: 0 });
  });

  it('fails as a statement by one that an update may not have', async () => {
    expect(await updating({ $match: {} })).toMatchObject({ ok: 1, n: 0, writeErrors: [{ index: 0, code: 72 }] });
  });
});
