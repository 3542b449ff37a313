import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Checkpoints } from './checkpoints.js';
import { doors, houseHistory } from './doors.fixture.js';
import { collectionsIn, House, project } from './house.fixture.js';
import { dropLeftovers } from './leftovers.js';
import { ViewStore, type AnyProjection } from './index.js';
import { MongoFixture } from './mongo.fixture.js';
import type { Projection } from '#kernel';

const mongo = new MongoFixture();
beforeAll(() => mongo.start());
afterAll(() => mongo.stop());

const projection = doors as unknown as Projection;
const NOW = new Date('2026-01-01T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

const live = async () => {
  const house = await House.with(houseHistory(10, 2));
  const models = mongo.database();
  await project(models, house.log, doors, 16);
  return { models, checkpoints: new Checkpoints(models.db, 'house-doors_v1') };
};

describe('leftovers of a view', () => {
  it('are the collections of every generation but the live one and the one being built', async () => {
    const { models, checkpoints } = await live();
    const before = await collectionsIn(models);
    for (let generation = 2; generation <= 4; generation++) {
      expect(await checkpoints.beginBuild(minutesAgo(1))).toBe(generation);
      await models.db.collection(`house_doors_v1_g${generation}`).insertOne({});
    }
    expect((await dropLeftovers(models.db, projection, checkpoints, NOW)).sort()).toEqual(['house_doors_v1_g2', 'house_doors_v1_g3']);
    expect(await collectionsIn(models)).toEqual([...before, 'house_doors_v1_g4'].sort());
  });

  it('are what a builder has built that has said nothing for ten minutes', async () => {
    const { models, checkpoints } = await live();
    await checkpoints.beginBuild(minutesAgo(11));
    await models.db.collection('door_lines_v1_g2').insertOne({});
    expect(await dropLeftovers(models.db, projection, checkpoints, NOW)).toEqual(['door_lines_v1_g2']);
    expect(await checkpoints.read()).toMatchObject({ building: null });
  });

  it('are nobody else’s: neither other views, nor other versions, nor generations that are yet to come', async () => {
    const { models, checkpoints } = await live();
    const strangers = ['house_doors_v2', 'house_doors_v1_g99', 'house_doors_v1_gx', 'house_doors_v1_g02', 'other_v1', 'house_doors'];
    for (const name of strangers) await models.db.collection(name).insertOne({});
    expect(await dropLeftovers(models.db, projection, checkpoints, NOW)).toEqual([]);
    expect(await collectionsIn(models)).toEqual(expect.arrayContaining(strangers));
  });

  it('are none where nobody has begun the view', async () => {
    const { db } = mongo.database();
    await db.collection('house_doors_v1').insertOne({});
    expect(await dropLeftovers(db, projection, new Checkpoints(db, 'house-doors_v1'), NOW)).toEqual([]);
  });

  it('are dropped through the view’s store', async () => {
    const { models, checkpoints } = await live();
    await checkpoints.beginBuild(new Date(0));
    await models.db.collection('door_counts_v1_g2').insertOne({});
    expect(await new ViewStore(models, doors as AnyProjection).dropLeftovers()).toEqual(['door_counts_v1_g2']);
  });
});
