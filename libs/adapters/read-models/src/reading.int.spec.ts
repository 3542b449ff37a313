import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Checkpoints } from './checkpoints.js';
import { doors, houseHistory } from './doors.fixture.js';
import { Freshness } from './freshness.js';
import { House, project } from './house.fixture.js';
import { connectReadModels, rebuildView, ViewReaders, ViewStore, type Commit, type ReadModels } from './index.js';
import { MongoFixture } from './mongo.fixture.js';

const mongo = new MongoFixture();
beforeAll(() => mongo.start());
afterAll(() => mongo.stop());

const VIEW = 'house-doors_v1';
const LINES = { collection: 'door_lines', filter: {}, sort: { _id: 1 } } as const;

const live = async (events = 30) => {
  const house = await House.with(houseHistory(events, 4));
  const models = mongo.database();
  await project(models, house.log, doors, 16);
  return { house, models, reader: new ViewReaders(models).of(doors) };
};

/** Another process on the same database: it shares nothing but what is stored. */
const elsewhere = (models: ReadModels): ReadModels => connectReadModels({ uri: mongo.uri, database: models.db.databaseName });

describe('a reader of a view', () => {
  it('answers with the position of what it found', async () => {
    const { reader } = await live();
    const { value, position, settled } = await reader.read(async (view) => ({
      lines: await view.list({ ...LINES, limit: 5 }),
      count: await view.count('door_lines', {}),
      one: await view.byId<{ door: string }>('door_lines', 'nobody'),
      position: view.position,
    }));
    expect(value).toMatchObject({ count: 30, one: undefined, position: 3_000n });
    expect(value.lines).toHaveLength(5);
    expect({ position, settled }).toEqual({ position: 3_000n, settled: true });
    expect(await reader.position()).toBe(3_000n);
  });

  it('gives a document by its id, and only the fields asked for', async () => {
    const { reader } = await live();
    const { value } = await reader.read(async (view) => ({
      door: await view.byId<{ lastBy: string }>('house_doors', 'door-11'),
      slim: await view.list({ ...LINES, limit: 1, fields: { door: 1 } }),
    }));
    expect(value.door).toMatchObject({ _id: 'door-11', position: expect.any(BigInt) });
    expect(Object.keys(value.slim[0] ?? {}).sort()).toEqual(['_id', 'door']);
  });

  it('of a view that nobody has begun says so', async () => {
    const models = mongo.database();
    const reader = new ViewReaders(models).of(doors);
    expect(await reader.position()).toBeUndefined();
    await expect(reader.read(() => Promise.resolve(1))).rejects.toMatchObject({ code: 'VIEW_NOT_BUILT' });
  });

  it('reads again what it met in the middle of a batch, and says so where that does not end', async () => {
    const { models, reader } = await live();
    const checkpoints = new Checkpoints(models.db, VIEW);
    const record = await checkpoints.read();
    const begun = await checkpoints.intend(record as NonNullable<typeof record>, 9_000n);
    let looks = 0;
    const look = () => Promise.resolve(++looks);
    expect(await reader.read(look)).toMatchObject({ settled: false, position: 3_000n });
    expect(looks).toBe(5);
    expect(await reader.read(look, { settle: false })).toMatchObject({ value: 6, settled: false });

    looks = 0;
    const finishing = () => {
      if (++looks === 2) return checkpoints.commit(begun, 9_000n).then(() => looks);
      return Promise.resolve(looks);
    };
    expect(await reader.read(finishing)).toMatchObject({ value: 3, settled: true, position: 9_000n });
  });

  it('looks again where a rebuilt view took the place of what it read', async () => {
    const { house, models, reader } = await live();
    let looks = 0;
    const { value, settled } = await reader.read(async (view) => {
      if (++looks === 1) await rebuildView(models, house.log, doors);
      return view.list(LINES);
    });
    expect(value).toHaveLength(30);
    expect({ looks, settled }).toEqual({ looks: 2, settled: true });
  });

  it('streams a whole collection, and does not end quietly where a rebuilt view took its place', async () => {
    const { house, models, reader } = await live(700);
    const seen: unknown[] = [];
    for await (const line of reader.stream(LINES)) seen.push(line);
    expect(seen).toHaveLength(700);

    const interrupted = (async () => {
      let first = true;
      for await (const _ of reader.stream(LINES)) {
        if (first) await rebuildView(models, house.log, doors);
        first = false;
      }
    })();
    await expect(interrupted).rejects.toMatchObject({ code: 'VIEW_REBUILT' });
  });

  it('waits until the view is as fresh as it is asked for', async () => {
    const { house, models, reader } = await live();
    const position = await house.happen(houseHistory(3, 4, 5));
    const reading = reader.read((view) => view.count('door_lines', {}), { after: position });
    await project(models, house.log, doors, 2);
    expect(await reading).toMatchObject({ value: 33, position });
    await expect(reader.read(() => Promise.resolve(1), { after: position + 1n, withinMs: 30 })).rejects.toMatchObject({
      code: 'VIEW_BEHIND',
    });
  });
});

describe('freshness', () => {
  it('is told by a commit of this process, without a look at the database', async () => {
    const { house, models } = await live();
    const freshness = new Freshness(models);
    const position = await house.happen(houseHistory(1, 4, 5));
    const waiting = freshness.until(VIEW, position, 10_000);
    models.commits.next({ view: VIEW, position });
    await waiting;
    await freshness.until(VIEW, position, 0);
  });

  it('is found in the database where another process has moved the view', async () => {
    const { house, models } = await live();
    const other = elsewhere(models);
    const waiting = new Freshness(other).until(VIEW, await house.happen(houseHistory(1, 4, 5)), 10_000);
    await project(models, house.log, doors, 4);
    await waiting;
    await other.close();
  });

  it('that does not come in time is an error that says how far the view is', async () => {
    const { models } = await live();
    await expect(new Freshness(models).until(VIEW, 9_000n, 60)).rejects.toMatchObject({
      code: 'VIEW_BEHIND',
      message: expect.stringContaining('it is at 3000'),
    });
    await expect(new Freshness(models).until('nobody_v1', 1n, 20)).rejects.toMatchObject({
      message: expect.stringContaining('at no event yet'),
    });
  });

  it('cannot be told where there is no database', async () => {
    const { models } = await live();
    const other = elsewhere(models);
    await other.close();
    await expect(new Freshness(other).until(VIEW, 9_000n, 10_000)).rejects.toMatchObject({ code: 'READ_MODELS_UNAVAILABLE' });
  });
});

describe('the store of a view', () => {
  it('tells this process what it has committed', async () => {
    const { house, models } = await live();
    const heard: Commit[] = [];
    const hearing = models.commits.subscribe((commit) => heard.push(commit));
    const position = await house.happen(houseHistory(2, 4, 5));
    await project(models, house.log, doors, 10);
    hearing.unsubscribe();
    expect(heard).toEqual([{ view: VIEW, position }]);
  });

  it('looks without changing anything', async () => {
    const models = mongo.database();
    const store = new ViewStore(models, doors);
    expect(await store.look()).toBeUndefined();
    expect(await models.db.listCollections().toArray()).toEqual([]);
  });
});
