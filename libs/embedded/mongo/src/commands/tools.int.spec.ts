import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Document } from 'mongodb';
import { failureOf, NodeFixture } from '../node.fixture.js';

const fixture = new NodeFixture();
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());

const admin = (command: Document) => fixture.client().db('admin').command(command);

describe('what shells, dashboards and drivers ask when they connect', () => {
  it.each<[string, Document, object]>([
    ['hello', { hello: 1 }, { isWritablePrimary: true, maxWireVersion: 21, logicalSessionTimeoutMinutes: 30 }],
    ['isMaster', { isMaster: 1, helloOk: true }, { ismaster: true, helloOk: true }],
    ['buildInfo', { buildInfo: 1 }, { version: '7.0.0', versionArray: [7, 0, 0, 0] }],
    ['the feature compatibility', { getParameter: 1, featureCompatibilityVersion: 1 }, { featureCompatibilityVersion: { version: '7.0' } }],
    ['every parameter', { getParameter: '*' }, { ttlMonitorEnabled: true }],
    ['who is connected', { connectionStatus: 1, showPrivileges: true }, { authInfo: { authenticatedUsers: [] } }],
    ['names of databases', { listDatabases: 1, nameOnly: true, authorizedDatabases: true }, { databases: expect.any(Array) }],
    ['the state of the server', { serverStatus: 1 }, { process: 'embedded-mongo' }],
    ['what the machine is', { hostInfo: 1 }, { system: { cpuAddrSize: 64, hostname: expect.any(String) }, os: expect.anything() }],
    ['its own address', { whatsmyuri: 1 }, { you: expect.stringMatching(/^127\.0\.0\.1:\d+$/) }],
  ])('is answered: %s', async (_, command, reply) => {
    expect(await admin(command)).toMatchObject({ ...reply, ok: 1 });
  });

  it.each([
    'getCmdLineOpts',
    'getLog',
    'atlasVersion',
    'getFreeMonitoringStatus',
    'replSetGetStatus',
    'usersInfo',
    'rolesInfo',
    'top',
    'currentOp',
    'profile',
    'bulkWrite',
    'mapReduce',
    'renameCollection',
    'collMod',
    'validate',
    'configureFailPoint',
  ])('is not found: %s', async (name) => {
    expect(await failureOf(admin({ [name]: 1 }))).toMatchObject({ code: 59, codeName: 'CommandNotFound' });
  });

  it('is refused where it is no parameter', async () => {
    expect(await failureOf(admin({ getParameter: 1, noSuchThing: 1 }))).toMatchObject({ code: 72, codeName: 'InvalidOptions' });
  });
});

describe('a pipeline that begins without a collection', () => {
  const over = async (pipeline: readonly Document[], options: Document = {}) =>
    (await fixture
      .database()
      .aggregate([...pipeline], options)
      .toArray()) as unknown;

  it('goes over the documents that it brings', async () => {
    expect(await over([{ $documents: [{ n: 1 }, { n: '$$two' }] }, { $match: { n: 2 } }], { let: { two: 2 } })).toEqual([{ n: 2 }]);
  });

  it('lists the sessions of who asks, this one among them', async () => {
    const sessions = (await over([{ $listLocalSessions: {} }])) as { _id: object; lastUse: Date }[];
    expect(sessions[0]).toMatchObject({ _id: { id: expect.anything(), uid: expect.anything() }, lastUse: expect.any(Date) });
  });

  it.each<[string, readonly Document[], number]>([
    ['a stage that needs a collection', [{ $match: {} }], 73],
    ['a stage that does not exist', [{ $nothing: {} }], 40324],
    ['a change stream', [{ $changeStream: {} }], 40573],
    ['documents that are none', [{ $documents: [1] }], 5858203],
    ['statistics of no collection', [{ $collStats: { count: {} } }], 73],
    ['$documents behind another stage', [{ $documents: [{ n: 1 }] }, { $documents: [] }], 40602],
  ])('is refused: %s', async (_, pipeline, code) => {
    expect(await failureOf(over(pipeline))).toMatchObject({ code });
  });
});

describe('the statistics of a collection', () => {
  it('are those of collStats, as a stage', async () => {
    const things = await fixture.collection({ a: 1 }, { a: 2 });
    const [statistics] = await things.aggregate([{ $collStats: { storageStats: {}, count: {} } }]).toArray();
    expect(statistics).toMatchObject({ ns: things.namespace, count: 2, storageStats: { count: 2, nindexes: 1, scaleFactor: 1 } });
  });

  it('are refused for a collection that is not there, and of what is not measured', async () => {
    const things = await fixture.collection();
    expect(await failureOf(things.aggregate([{ $collStats: { count: {} } }]).toArray())).toMatchObject({ code: 26 });
    await things.insertOne({});
    expect(await failureOf(things.aggregate([{ $collStats: { latencyStats: {} } }]).toArray())).toMatchObject({ code: 40415 });
  });
});

describe('a client that is strict about the stable API', () => {
  const strict = () => fixture.client({ serverApi: { version: '1', strict: true } }).db('strict');

  it('may give its commands', async () => {
    await strict().collection('things').insertOne({ a: 1 });
    expect(await strict().collection('things').countDocuments()).toBe(1);
  });

  it('may give no other command or stage', async () => {
    expect(await failureOf(strict().collection('things').distinct('a'))).toMatchObject({ code: 323, codeName: 'APIStrictError' });
    expect(
      await failureOf(
        strict()
          .aggregate([{ $listLocalSessions: {} }])
          .toArray(),
      ),
    ).toMatchObject({ code: 323 });
    expect(await failureOf(admin({ ping: 1, apiStrict: true }))).toMatchObject({ code: 4886600 });
  });
});

describe('killAllSessions', () => {
  it('closes the cursors of all sessions', async () => {
    const things = await fixture.collection({ a: 1 }, { a: 2 }, { a: 3 });
    const cursor = things.find({}, { batchSize: 1 });
    await cursor.next();
    await admin({ killAllSessions: [] });
    expect(await failureOf(cursor.toArray())).toMatchObject({ code: 43, codeName: 'CursorNotFound' });
    expect(await failureOf(admin({ killAllSessions: [{ user: 'a', db: 'b' }] }))).toMatchObject({ code: 238 });
  });
});
