import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MongoClient } from 'mongodb';
import { failureOf, NodeFixture } from '../node.fixture.js';
import { startMongoNode } from '../index.js';

const owner = { username: 'owner', password: 'correct horse, battery' };
const reader = { username: 'dash=board,1', password: 'nur lesen \u00e4\u2168' };

const fixture = new NodeFixture({ users: { owner, reader } });
let asOwner: MongoClient;
beforeAll(async () => {
  await fixture.start();
  asOwner = fixture.client({ auth: owner });
  await asOwner.db('test').collection('things').insertOne({ a: 1 });
});
afterAll(() => fixture.stop());

const things = (client: MongoClient) => client.db('test').collection('things');

describe('a node with users', () => {
  it('answers a stranger nothing but who it is', async () => {
    const stranger = fixture.client();
    expect(await stranger.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 });
    expect(await failureOf(things(stranger).findOne())).toMatchObject({ code: 13, codeName: 'Unauthorized' });
    expect(await failureOf(stranger.db('admin').command({ listDatabases: 1 }))).toMatchObject({ code: 13 });
    expect(await failureOf(stranger.db('admin').command({ serverStatus: 1 }))).toMatchObject({ code: 13 });
  });

  it.each([
    ['a wrong password', { auth: { ...owner, password: 'wrong' } }],
    ['a name that nobody has', { auth: { username: 'nobody', password: 'x' } }],
    ['the right password against another database', { auth: owner, authSource: 'test' }],
  ])('refuses %s, with the code of a real server', async (_, options) => {
    expect(await failureOf(things(fixture.client(options)).findOne())).toMatchObject({ code: 18, codeName: 'AuthenticationFailed' });
  });

  it('lets the reader read everything and write nothing', async () => {
    const client = fixture.client({ auth: reader });
    expect(await things(client).countDocuments()).toBe(1);
    expect((await client.db('admin').admin().listDatabases()).databases.map(({ name }) => name)).toContain('test');
    const writes = [
      () => things(client).insertOne({}),
      () => things(client).updateMany({}, { $set: { a: 2 } }),
      () => things(client).deleteMany({}),
      () => things(client).createIndex({ a: 1 }),
      () => things(client).drop(),
      () => client.db('test').dropDatabase(),
      () => client.db('test').createCollection('more'),
    ];
    for (const write of writes) expect(await failureOf(write())).toMatchObject({ code: 13, codeName: 'Unauthorized' });
    expect(await things(asOwner).findOne({}, { projection: { _id: 0 } })).toEqual({ a: 1 });
  });

  it('says who somebody is', async () => {
    const status = await fixture.client({ auth: reader }).db('admin').command({ connectionStatus: 1 });
    expect(status['authInfo']).toMatchObject({
      authenticatedUsers: [{ user: reader.username, db: 'admin' }],
      authenticatedUserRoles: [{ role: 'readAnyDatabase', db: 'admin' }],
    });
  });

  it('authenticates without the shortcuts of newer drivers as well', async () => {
    const client = fixture.client({ auth: owner, authMechanism: 'SCRAM-SHA-256' });
    expect(await things(client).countDocuments()).toBe(1);
  });

  it('has no other mechanism', async () => {
    const client = fixture.client({ auth: owner, authMechanism: 'SCRAM-SHA-1' });
    expect(await failureOf(things(client).findOne())).toMatchObject({ code: 334 });
  });
});

describe('a node without users', () => {
  it('does not leave loopback', async () => {
    await expect(startMongoNode({ users: 'none', host: '0.0.0.0', thread: 'same' })).rejects.toThrow(/loopback only/);
  });
});

describe('users', () => {
  it.each([
    ['an empty password', { owner: { username: 'a', password: '' } }],
    ['one name for both', { owner: { username: 'a', password: 'b' }, reader: { username: 'a', password: 'c' } }],
  ])('are refused with %s', async (_, users) => {
    await expect(startMongoNode({ users, thread: 'same' })).rejects.toThrow(/owner/);
  });
});
