import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Long, UUID, type Document } from 'mongodb';
import { NodeFixture } from '../node.fixture.js';
import { WireClient } from '../wire/wire-client.fixture.js';

const fixture = new NodeFixture();
let client: WireClient;
beforeAll(async () => {
  await fixture.start();
  client = await WireClient.connect(fixture.port);
});
afterAll(async () => {
  client.close();
  await fixture.stop();
});

/** The numbered commands of one session, as a driver sends them to a replica set. */
const sessionOf = () => {
  const lsid = { id: new UUID() };
  return (txnNumber: number, command: Document) => client.command({ ...command, lsid, txnNumber: Long.fromNumber(txnNumber) });
};

const all = async (collection: string) =>
  ((await client.command({ find: collection, sort: { _id: 1 } }))['cursor'] as { firstBatch: Document[] }).firstBatch;

describe('a write that is sent again', () => {
  it('inserts once, and is answered as the first time', async () => {
    const send = sessionOf();
    const insert = { insert: 'inserted', documents: [{ a: 1 }, { a: 2 }] };
    expect(await send(1, insert)).toEqual({ n: 2, ok: 1 });
    expect(await send(1, insert)).toEqual({ n: 2, retriedStmtIds: [0, 1], ok: 1 });
    expect(await all('inserted')).toHaveLength(2);
  });

  it('updates once, and tells what it upserted', async () => {
    const send = sessionOf();
    const update = { update: 'updated', updates: [{ q: { _id: 'x' }, u: { $inc: { n: 1 } }, upsert: true }] };
    const first = await send(1, update);
    expect(first).toMatchObject({ n: 1, nModified: 0, upserted: [{ index: 0, _id: 'x' }] });
    expect(await send(1, update)).toEqual({ ...first, retriedStmtIds: [0] });
    expect(await send(2, update)).toMatchObject({ n: 1, nModified: 1 });
    expect(await all('updated')).toEqual([{ _id: 'x', n: 2 }]);
  });

  it('deletes once', async () => {
    const send = sessionOf();
    await client.command({ insert: 'deleted', documents: [{ _id: 1 }, { _id: 2 }] });
    const remove = { delete: 'deleted', deletes: [{ q: {}, limit: 1 }] };
    expect(await send(1, remove)).toEqual({ n: 1, ok: 1 });
    expect(await send(1, remove)).toEqual({ n: 1, retriedStmtIds: [0], ok: 1 });
    expect(await all('deleted')).toHaveLength(1);
  });

  it('finds and modifies once, and answers the document that it did then', async () => {
    const send = sessionOf();
    await client.command({ insert: 'modified', documents: [{ _id: 1, n: 1 }] });
    const modify = { findAndModify: 'modified', query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true };
    const first = await send(1, modify);
    expect(first).toMatchObject({ value: { _id: 1, n: 2 } });
    expect(await send(1, modify)).toEqual({ ...first, retriedStmtId: 0 });
    expect(await all('modified')).toEqual([{ _id: 1, n: 2 }]);
  });

  it('carries out the statements that failed the first time, and no others', async () => {
    const send = sessionOf();
    await client.command({ insert: 'partly', documents: [{ _id: 2 }] });
    const insert = { insert: 'partly', documents: [{ _id: 1 }, { _id: 2 }, { _id: 3 }], ordered: false };
    expect(await send(1, insert)).toMatchObject({ n: 2, writeErrors: [{ index: 1, code: 11000 }] });
    await client.command({ delete: 'partly', deletes: [{ q: { _id: 2 }, limit: 1 }] });
    expect(await send(1, insert)).toEqual({ n: 3, retriedStmtIds: [0, 2], ok: 1 });
  });

  it('is refused when its session has gone on', async () => {
    const send = sessionOf();
    await send(2, { insert: 'late', documents: [{ a: 1 }] });
    expect(await send(1, { insert: 'late', documents: [{ a: 1 }] })).toMatchObject({ ok: 0, code: 225, codeName: 'TransactionTooOld' });
  });

  it('is another one in another session', async () => {
    const insert = { insert: 'others', documents: [{ a: 1 }] };
    await sessionOf()(1, insert);
    await sessionOf()(1, insert);
    expect(await all('others')).toHaveLength(2);
  });

  it.each<[string, Document]>([
    ['updates of many documents', { update: 'many', updates: [{ q: {}, u: { $set: { a: 1 } }, multi: true }] }],
    ['deletes of many documents', { delete: 'many', deletes: [{ q: {}, limit: 0 }] }],
  ])('has no %s', async (_, command) => {
    expect(await sessionOf()(1, command)).toMatchObject({ writeErrors: [{ code: 72 }] });
  });

  it('needs a session', async () => {
    expect(await client.command({ insert: 'none', documents: [{}], txnNumber: Long.fromNumber(1) })).toMatchObject({ ok: 0, code: 72 });
  });
});
