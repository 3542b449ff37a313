import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoBulkWriteError, MongoNetworkError, MongoServerError, MongoTopologyClosedError } from 'mongodb';
import { Unavailable } from '#kernel';
import { startMongoNode, type MongoNode } from '@faultline/embedded-mongo';
import { endpointOf, failureAt, isConnectionFailure, reaching, refusedWrites } from './failures.js';
import { connectReadModels } from './index.js';

const owner = { username: 'owner', password: 'a secret' };
let node: MongoNode;
beforeAll(async () => {
  node = await startMongoNode({ users: { owner }, thread: 'same' });
});
afterAll(() => node.stop());

const uriOf = (password: string) => node.uri.replace('://', `://owner:${encodeURIComponent(password)}@`);

describe('the views’ database', () => {
  it('answers when it is asked', async () => {
    const models = connectReadModels({ uri: uriOf('a secret'), database: 'test' });
    expect(await models.check()).toMatchObject({ endpoint: `127.0.0.1:${node.port}`, answeredInMs: expect.any(Number) });
    await models.close();
    await expect(models.check()).rejects.toMatchObject({ code: 'READ_MODELS_UNAVAILABLE' });
  });

  it('that is not there is unavailable, by name', async () => {
    const models = connectReadModels({ uri: 'mongodb://ada:hush@127.0.0.1:1/?serverSelectionTimeoutMS=50', database: 'test' });
    const failure = await models.check().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unavailable);
    expect((failure as Error).message).toContain('127.0.0.1:1');
    expect((failure as Error).message).not.toContain('hush');
    await models.close();
  });

  it('that denies access is not unavailable, and the password is not repeated', async () => {
    const models = connectReadModels({ uri: uriOf('wrong'), database: 'test' });
    const failure = await models.check().catch((error: unknown) => error as Error);
    expect(failure).not.toBeInstanceOf(Unavailable);
    expect((failure as Error).message).toContain('denies access');
    expect((failure as Error).message).not.toContain('wrong');
    await models.close();
  });

  it.each(['http://localhost', 'mongodb://', 'localhost:27017', ''])('is not named by %j', (uri) => {
    expect(() => connectReadModels({ uri, database: 'test' })).toThrow(/mongodb:\/\/HOST:PORT/);
  });

  it('is not reached by a connection string with a fault, which is not repeated', () => {
    const connecting = () => connectReadModels({ uri: 'mongodb://ada:hush@localhost/?tls=perhaps', database: 'test' });
    expect(connecting).toThrow(/fault in its credentials or options/);
    expect(connecting).not.toThrow(/hush/);
  });
});

describe('an endpoint', () => {
  it.each([
    ['mongodb://localhost', 'localhost'],
    ['mongodb://a:b@one:1,two:2/db?x=y', 'one:1,two:2'],
    ['mongodb+srv://user:p%40ss@cluster.example.org/db', 'cluster.example.org'],
    [' mongodb://[::1]:27017/ ', '[::1]:27017'],
  ])('of %s is its hosts', (uri, endpoint) => expect(endpointOf(uri)).toBe(endpoint));
});

describe('a failure', () => {
  const server = (code: number) => new MongoServerError({ errmsg: 'x', code });

  it('is one of the connection where nobody answered, or a server cannot serve now', () => {
    expect(isConnectionFailure(new MongoNetworkError('gone'))).toBe(true);
    expect(isConnectionFailure(server(91))).toBe(true);
    expect(isConnectionFailure(server(11000))).toBe(false);
    expect(isConnectionFailure(new Error('anything'))).toBe(false);
  });

  it('says why there was none, and not what the driver did about it', () => {
    const closed = new MongoTopologyClosedError('Topology is closed');
    expect(failureAt('db:1', closed)).toMatchObject({ message: 'The MongoDB at db:1 cannot be reached: no server answered in time' });
  });

  it('that is none of the connection stays what it is', async () => {
    const error = server(2);
    expect(failureAt('here', error)).toBe(error);
    await expect(reaching('here', () => Promise.reject(error))).rejects.toBe(error);
    expect(await reaching('here', () => Promise.resolve(1))).toBe(1);
  });

  it('of a bulk tells the writes that were refused, but for those whose id is there already', () => {
    const bulk = (...errors: { code: number; errmsg: string }[]) => {
      const error = new MongoBulkWriteError({ message: 'bulk', code: 0 }, {} as never);
      return Object.assign(error, { writeErrors: errors });
    };
    const there = { code: 11000, errmsg: 'E11000 duplicate key error collection: a.b index: _id_ dup key: { _id: "x" }' };
    const unique = { code: 11000, errmsg: 'E11000 duplicate key error collection: a.b index: number_1 dup key: { number: 1 }' };
    expect(refusedWrites(bulk(there))).toEqual([]);
    expect(refusedWrites(bulk(there, unique))).toEqual([unique]);
    expect(refusedWrites(bulk())).toBeUndefined();
    expect(refusedWrites(new Error('anything'))).toBeUndefined();
  });
});
