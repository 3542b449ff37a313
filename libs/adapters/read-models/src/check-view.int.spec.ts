import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Long } from 'mongodb';
import { doors, houseHistory } from './doors.fixture.js';
import { collectionsIn, eventsOf, House, project } from './house.fixture.js';
import { BuildSuperseded, checkView, ViewStore, type ReadModels } from './index.js';
import { MongoFixture } from './mongo.fixture.js';

const mongo = new MongoFixture();
beforeAll(() => mongo.start());
afterAll(() => mongo.stop());

const live = async () => {
  const house = await House.with(houseHistory(60, 4));
  const models = mongo.database();
  await project(models, house.log, doors, 16);
  return { house, models };
};

describe('a check of a view', () => {
  it('finds what the log says, and leaves nothing behind', async () => {
    const { house, models } = await live();
    const before = await collectionsIn(models);
    const checked = await checkView(models, house.log, doors, { batchEvents: 7 });
    expect(checked).toMatchObject({ view: 'house-doors_v1', position: 6_000n, events: 60, differing: 0, unsettled: 0, isSame: true });
    expect(checked.documents).toBeGreaterThan(60);
    expect(await collectionsIn(models)).toEqual(before);
  });

  it.each<[string, (models: ReadModels) => Promise<unknown>, object]>([
    [
      'a changed field',
      ({ db }) => db.collection('house_doors_v1').updateOne({ _id: 'door-11' as never }, { $set: { lastBy: 'Eve' } }),
      { collection: 'house_doors', id: 'door-11', kind: 'different', fields: ['lastBy'] },
    ],
    [
      'a number of another type',
      ({ db }) =>
        db.collection('house_doors_v1').updateOne({ _id: 'door-11' as never }, [{ $set: { openings: { $toLong: '$openings' } } }]),
      { collection: 'house_doors', id: 'door-11', kind: 'different', fields: ['openings'] },
    ],
    [
      'a missing document',
      ({ db }) => db.collection('door_visitors_v1').deleteOne({ _id: 'door-11' as never }),
      { collection: 'door_visitors', id: 'door-11', kind: 'missing', fields: [] },
    ],
    [
      'a document too many',
      ({ db }) => db.collection('door_lines_v1').insertOne({ _id: 'forged' as never, position: Long.fromNumber(100) }),
      { collection: 'door_lines', id: 'forged', kind: 'unexpected', fields: [] },
    ],
  ])('finds %s', async (_, forge, difference) => {
    const { house, models } = await live();
    await forge(models);
    expect(await checkView(models, house.log, doors)).toMatchObject({ differing: 1, differences: [difference], isSame: false });
  });

  it('counts all differences and describes the first of them', async () => {
    const { house, models } = await live();
    const { deletedCount } = await models.db.collection('door_lines_v1').deleteMany({});
    const checked = await checkView(models, house.log, doors, { differences: 3 });
    expect(checked.differing).toBe(deletedCount);
    expect(checked.differences).toHaveLength(3);
  });

  it('does not mistake what happens meanwhile for a difference', async () => {
    const { house, models } = await live();
    const store = new ViewStore(models, doors);
    let { position } = await store.resume(house.log);
    let isDone = false;
    const checking = checkView(models, house.log, doors, { batchEvents: 5 }).finally(() => (isDone = true));
    for (let round = 0; !isDone; round++) {
      await house.happen(houseHistory(5, 4, round));
      for (const event of (await eventsOf(house.log, doors)).filter((each) => each.position > position)) {
        ({ position } = await store.apply([event], event.position));
      }
    }
    expect(await checking).toMatchObject({ differing: 0 });
  });

  it('gives up where a rebuild or another check began meanwhile', async () => {
    const { house, models } = await live();
    let later: Promise<unknown> | undefined;
    const first = checkView(models, house.log, doors, {
      batchEvents: 5,
      onProgress: () => {
        later ??= checkView(models, house.log, doors);
      },
    });
    await expect(first).rejects.toThrow(BuildSuperseded);
    expect(await later).toMatchObject({ isSame: true });
  });
});
