import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startMongoNode, type MongoNode } from '@faultline/embedded-mongo';
import type { IncidentEvent } from '#domain/incident';
import { agentQueue } from '#projections';
import { connectReadModels, ViewStore } from '#adapters/read-models';
import { recorded } from '#testing';
import { installMongosh, mongosh } from './mongosh.js';

const users = { owner: { username: 'owner', password: 'p@ss/word' }, reader: { username: 'reader', password: 'nur lesen' } };
const PRIORITIES = ['P1', 'P2', 'P3'] as const;

let node: MongoNode;
const as = ({ username, password }: { username: string; password: string }, database = 'faultline'): string =>
  `${node.uri.replace('mongodb://', `mongodb://${username}:${encodeURIComponent(password)}@`)}${database}?authSource=admin`;

/** What the script says, as the shell prints it. */
const answer = async (script: string): Promise<unknown> => {
  const { code, output, errors } = await mongosh(as(users.reader), script);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  return JSON.parse(output);
};

/** Thirty open incidents in the queue, as the projector would leave them. */
const fillQueue = async (): Promise<void> => {
  const models = connectReadModels({ uri: as(users.owner), database: 'faultline' });
  try {
    const events = Array.from({ length: 30 }, (_, n) => {
      const incidentId = `INC${String(n).padStart(7, '0')}`;
      const story: IncidentEvent[] = [
        { type: 'IncidentReported', data: { incidentId, title: `Printer ${n}`, reporter: 'bob', channel: 'phone' } },
        {
          type: 'IncidentPrioritized',
          data: { incidentId, priority: PRIORITIES[n % 3] as string, impact: 'high', urgency: 'low' },
        } as IncidentEvent,
      ];
      return recorded(story, { streamName: `incident-${incidentId}`, position: BigInt(100 + n * 200) });
    }).flat();
    const queue = new ViewStore(models, agentQueue);
    await queue.resume({ readAll: async function* () {} });
    await queue.apply(events, events.at(-1)?.position as bigint);
  } finally {
    await models.close();
  }
};

beforeAll(async () => {
  await installMongosh();
  node = await startMongoNode({ users, thread: 'same' });
  await fillQueue();
}, 300_000);
afterAll(() => node?.stop());

describe('mongosh, with the password of the reader', () => {
  it('lists the databases and the collections', async () => {
    expect(await answer('db.adminCommand({ listDatabases: 1, nameOnly: true }).databases')).toEqual([{ name: 'faultline' }]);
    expect(await answer('db.getCollectionNames()')).toEqual(expect.arrayContaining(['agent_queue_v2', 'checkpoints']));
    expect((await mongosh(as(users.reader), 'show dbs')).output).toMatch(/faultline/);
  });

  it('queries a view', async () => {
    const script = `db.agent_queue_v2.find({ priority: 'P1' }, { title: 1 }).sort({ _id: 1 }).limit(2).toArray()`;
    expect(await answer(script)).toEqual([
      { _id: 'INC0000000', title: 'Printer 0' },
      { _id: 'INC0000003', title: 'Printer 3' },
    ]);
    expect(await answer('[db.agent_queue_v2.countDocuments({ open: true }), db.agent_queue_v2.distinct("priority")]')).toEqual([
      30,
      PRIORITIES,
    ]);
  });

  it('aggregates', async () => {
    const script = `db.agent_queue_v2.aggregate([
      { $match: { open: true } },
      { $group: { _id: '$priority', incidents: { $sum: 1 } } },
      { $sort: { _id: 1 } },
    ]).toArray()`;
    expect(await answer(script)).toEqual(PRIORITIES.map((_id) => ({ _id, incidents: 10 })));
  });

  it('shows the indexes, and explains that each of them serves its order', async () => {
    const indexes = (await answer('db.agent_queue_v2.getIndexes()')) as { name: string }[];
    const names = indexes.map(({ name }) => name).filter((name) => name !== '_id_');
    expect(names.length).toBeGreaterThan(1);
    const script = `db.agent_queue_v2.getIndexes().filter(({ name }) => name !== '_id_').map(({ key, partialFilterExpression }) => {
      const { queryPlanner } = db.agent_queue_v2.find(partialFilterExpression ?? {}).sort(key).explain();
      const { stage, inputStage } = queryPlanner.winningPlan;
      return [stage, inputStage.stage, inputStage.indexName];
    })`;
    expect(await answer(script)).toEqual(names.map((name) => ['FETCH', 'IXSCAN', name]));
  });

  it('asks for sizes and for the state of the server', async () => {
    const script = `({
      collection: db.agent_queue_v2.stats().count,
      database: db.stats().db,
      engine: db.serverStatus().storageEngine.name,
      users: db.runCommand({ connectionStatus: 1 }).authInfo.authenticatedUsers,
    })`;
    const expected = { collection: 30, database: 'faultline', engine: 'lmdb', users: [{ user: 'reader', db: 'admin' }] };
    expect(await answer(script)).toEqual(expected);
  });
});

describe('mongosh is refused, with the code of a real server,', () => {
  it.each([
    ['with a wrong password', () => as({ ...users.reader, password: 'guessed' }), 'db.agent_queue_v2.findOne()', 'Authentication failed'],
    ['without a password', () => `${node.uri}faultline`, 'db.agent_queue_v2.findOne()', 'requires authentication'],
    ['as the reader who writes', () => as(users.reader), 'db.agent_queue_v2.deleteMany({})', 'not authorized on faultline'],
  ])('%s', async (_, uri, script, message) => {
    const { code, output, errors } = await mongosh(uri(), script);
    expect(code).toBe(1);
    expect(output + errors).toContain(message);
  });
});
