import { describe, expect } from '@jest/globals';
import { Long, type Document } from 'mongodb';
import type { Contract } from './contract.js';
import { failureOf, stored } from './target.js';

/** Collections, databases, bulks, cursors and errors (https://www.mongodb.com/docs/manual/reference/command/). */
export const administration = ({ it, target }: Contract): void => {
  describe('a collection', () => {
    it('is made, listed and dropped', async () => {
      const { db } = target();
      await db.createCollection('made');
      expect((await db.listCollections({ name: 'made' }).toArray())[0]).toMatchObject({ name: 'made', type: 'collection', options: {} });
      expect(await failureOf(db.createCollection('made'))).toMatchObject({ code: 48 });
      await db.dropCollection('made');
      expect(await db.listCollections({ name: 'made' }).toArray()).toEqual([]);
    });

    it('is made by its first document', async () => {
      const things = await target().collection({ a: 1 });
      expect(await target().db.listCollections({ name: things.collectionName }, { nameOnly: true }).toArray()).toHaveLength(1);
    });

    it('that does not exist is empty', async () => {
      const nothing = await target().collection();
      expect(await nothing.find().toArray()).toEqual([]);
      expect(await nothing.countDocuments()).toBe(0);
      expect(await nothing.estimatedDocumentCount()).toBe(0);
      expect(await nothing.distinct('a')).toEqual([]);
      expect(await nothing.aggregate([{ $match: {} }]).toArray()).toEqual([]);
      expect((await nothing.updateOne({}, { $set: { a: 1 } })).matchedCount).toBe(0);
      expect((await nothing.deleteMany({})).deletedCount).toBe(0);
    });

    it('is not made under a name that is none', async () => {
      expect(await failureOf(target().db.command({ create: 'a$b' }))).toMatchObject({ code: 73 });
      expect(await failureOf(target().db.command({ create: '' }))).toMatchObject({ code: 73 });
    });
  });

  describe('a database', () => {
    it('is listed while it has collections', async () => {
      const { db } = target();
      await target().collection({ a: 1 });
      const { databases } = await db.admin().listDatabases({ nameOnly: true });
      expect(databases.map(({ name }) => name)).toContain(db.databaseName);
    });
  });

  describe('statistics', () => {
    it('count documents and indexes', async () => {
      const things = await target().collection({ a: 1 }, { a: 2 });
      await things.createIndex({ a: 1 });
      expect(await target().db.command({ collStats: things.collectionName })).toMatchObject({
        ns: things.namespace,
        count: 2,
        nindexes: 2,
        ok: 1,
      });
      expect(await target().db.command({ dbStats: 1 })).toMatchObject({ db: target().db.databaseName, ok: 1 });
      expect(await target().db.admin().serverStatus()).toMatchObject({ ok: 1 });
    });
  });

  describe('a bulk', () => {
    it('carries its statements out in order and counts them', async () => {
      const things = await target().collection({ _id: 1 as never, n: 1 });
      const result = await things.bulkWrite([
        { insertOne: { document: { _id: 2 as never, n: 1 } } },
        { updateMany: { filter: { n: 1 }, update: { $inc: { n: 1 } } } },
        { replaceOne: { filter: { _id: 3 as never }, replacement: { n: 9 }, upsert: true } },
        { deleteOne: { filter: { _id: 1 as never } } },
      ]);
      expect(result).toMatchObject({ insertedCount: 1, matchedCount: 2, modifiedCount: 2, upsertedCount: 1, deletedCount: 1 });
      expect(await things.find({}, { sort: { _id: 1 } }).toArray()).toEqual([
        { _id: 2, n: 2 },
        { _id: 3, n: 9 },
      ]);
    });

    it('ends at its first error where it is ordered, and goes on where it is not', async () => {
      const documents = [1, 2, 2, 3].map((_id) => ({ _id }) as never);
      const ordered = await target().collection();
      expect(await failureOf(ordered.insertMany(documents))).toMatchObject({ code: 11000 });
      expect(await stored(ordered)).toHaveLength(2);
      const unordered = await target().collection();
      expect(await failureOf(unordered.insertMany(documents, { ordered: false }))).toMatchObject({ code: 11000 });
      expect(await stored(unordered)).toHaveLength(3);
    });
  });

  describe('a cursor', () => {
    it('gives all documents, batch by batch', async () => {
      const things = await target().collection(...Array.from({ length: 300 }, (_, n) => ({ _id: n })));
      expect((await things.find({}, { batchSize: 7, sort: { _id: 1 } }).toArray()).map(({ _id }) => _id as unknown)).toEqual(
        Array.from({ length: 300 }, (_, n) => n),
      );
      expect(await things.aggregate([{ $match: { _id: { $gte: 100 } } }], { batchSize: 7 }).toArray()).toHaveLength(200);
    });

    it('has 101 documents in its first batch unless told otherwise', async () => {
      const things = await target().collection(...Array.from({ length: 150 }, (_, n) => ({ _id: n })));
      const first = async (options: Document) =>
        ((await target().db.command({ find: things.collectionName, ...options }))['cursor'] as { firstBatch: unknown[] }).firstBatch.length;
      expect(await first({})).toBe(101);
      expect(await first({ batchSize: 3 })).toBe(3);
      expect(await first({ batchSize: 0 })).toBe(0);
      expect(await first({ limit: 5, batchSize: 10 })).toBe(5);
      expect(await first({ limit: 5, batchSize: 2, singleBatch: true })).toBe(2);
    });

    it('that does not exist is not found', async () => {
      const things = await target().collection({ a: 1 });
      const getMore = { getMore: Long.fromNumber(123_456_789), collection: things.collectionName };
      expect(await failureOf(target().db.command(getMore))).toMatchObject({ code: 43 });
    });

    it('can be killed', async () => {
      const things = await target().collection(...Array.from({ length: 10 }, (_, n) => ({ _id: n })));
      const { cursor } = (await target().db.command({ find: things.collectionName, batchSize: 2 }, { promoteLongs: false })) as {
        cursor: { id: Long };
      };
      const killed = await target().db.command({ killCursors: things.collectionName, cursors: [cursor.id] });
      expect(killed['cursorsKilled']).toHaveLength(1);
      expect(await failureOf(target().db.command({ getMore: cursor.id, collection: things.collectionName }))).toMatchObject({ code: 43 });
    });
  });

  describe('a command', () => {
    it('that does not exist is not found', async () => {
      expect(await failureOf(target().db.command({ frobnicate: 1 }))).toMatchObject({ code: 59, codeName: 'CommandNotFound' });
    });

    it('tells what the server is', async () => {
      const build = await target().db.admin().buildInfo();
      expect(build).toMatchObject({ bits: 64, maxBsonObjectSize: 16_777_216, ok: 1 });
      expect(await target().db.admin().command({ hello: 1 })).toMatchObject({
        isWritablePrimary: true,
        maxBsonObjectSize: 16_777_216,
        ok: 1,
      });
      expect(await target().db.command({ ping: 1 })).toMatchObject({ ok: 1 });
      const parameter = await target().db.admin().command({ getParameter: 1, featureCompatibilityVersion: 1 });
      expect(parameter).toMatchObject({ featureCompatibilityVersion: { version: expect.any(String) } });
    });

    it('has a limit of time', async () => {
      const things = await target().collection({ a: 1 });
      expect(await things.find({}, { maxTimeMS: 10_000 }).toArray()).toHaveLength(1);
    });
  });

  describe('a document', () => {
    it('is not larger than 16 MiB', async () => {
      const things = await target().collection();
      const nearly = { _id: 1, bytes: Buffer.alloc(16 * 1024 * 1024 - 100) };
      await things.insertOne(nearly as never);
      expect(await failureOf(things.updateOne({}, { $set: { more: 'x'.repeat(200) } }))).toMatchObject({ code: 10334 });
    });

    it('has an _id that can be compared', async () => {
      const things = await target().collection();
      expect(await failureOf(things.insertOne({ _id: [1] as never }))).toMatchObject({ code: 53 });
    });

    it('has no operators in its _id', async () => {
      const things = await target().collection();
      expect(await failureOf(things.insertOne({ _id: { $a: 1 } as never }))).toMatchObject({ code: 52 });
      expect(await stored(things)).toEqual([]);
    });
  });
};
