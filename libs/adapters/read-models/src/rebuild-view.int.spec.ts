import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoNetworkError } from 'mongodb';
import type { EventLog } from '#kernel';
import { Checkpoints } from './checkpoints.js';
import { cutOff } from './cut-off.fixture.js';
import { doors, houseHistory } from './doors.fixture.js';
import { bytesOf, collectionsIn, eventsOf, House, madeAnew, project } from './house.fixture.js';
import {
  BuildSuperseded,
  CheckpointLost,
  PoisonEvent,
  rebuildView,
  ViewStore,
  type AnyProjection,
  type BuildProgress,
  type ReadModels,
} from './index.js';
import { MongoFixture } from './mongo.fixture.js';

const mongo = new MongoFixture();
beforeAll(() => mongo.start());
afterAll(() => mongo.stop());

const VIEW = 'house-doors_v1';
const LIVE = ['checkpoints', 'door_counts_v1', 'door_lines_v1', 'door_people_v1', 'door_visitors_v1', 'house_doors_v1'];
const ofGeneration = (generation: number) => LIVE.map((name) => (name === 'checkpoints' ? name : `${name}_g${generation}`));

const live = async (history = houseHistory(60, 4)) => {
  const house = await House.with(history);
  const models = mongo.database();
  await project(models, house.log, doors, 16);
  return { house, models, expected: await madeAnew(mongo.database(), house.log, doors) };
};

/** What a look finds: the bytes of whatever generation is live. */
const bytesOfLive = async (models: ReadModels) => bytesOf(models.db, doors, (await new Checkpoints(models.db, VIEW).read())?.generation);

describe('a rebuild', () => {
  it('makes the same bytes beside the live view, puts them in its place, and leaves nothing of the old one', async () => {
    const { house, models, expected } = await live();
    const progress: BuildProgress[] = [];
    const rebuilt = await rebuildView(models, house.log, doors, { batchEvents: 7, onProgress: (step) => progress.push(step) });
    expect(rebuilt).toEqual({ view: VIEW, generation: 2, position: 6_000n, events: 60 });
    expect(await bytesOf(models.db, doors, 2)).toEqual(expected);
    expect(await collectionsIn(models)).toEqual(ofGeneration(2));
    expect(await models.db.collection('house_doors_v1_g2').indexes()).toHaveLength(2);
    expect(progress.map(({ events }) => events)).toEqual([...progress.map(({ events }) => events)].sort((a, b) => a - b));
    expect(progress.at(-1)).toEqual({ view: VIEW, events: 60, position: 6_000n, head: 6_000n });
  });

  it('can be done of a view that nobody has begun', async () => {
    const house = await House.with(houseHistory(10, 2));
    const models = mongo.database();
    await rebuildView(models, house.log, doors);
    expect(await bytesOf(models.db, doors, 2)).toEqual(await madeAnew(mongo.database(), house.log, doors));
  });

  it('takes what was recorded meanwhile along, and the projector goes on in what was built', async () => {
    const { house, models } = await live();
    const store = new ViewStore(models, doors);
    let { position } = await store.resume(house.log);
    let generations = 0;

    /** Brings the view to the end of the log, whatever generation it is in. */
    const catchUp = async () => {
      const events = (await eventsOf(house.log, doors)).filter((event) => event.position > position);
      for (const event of events) {
        try {
          ({ position } = await store.apply([event], event.position));
        } catch (error) {
          if (!(error instanceof CheckpointLost)) throw error;
          generations++;
          ({ position } = await store.resume(house.log));
          return;
        }
      }
    };
    let isDone = false;
    const rebuilding = rebuildView(models, house.log, doors, { batchEvents: 5 }).finally(() => (isDone = true));
    for (let round = 0; !isDone; round++) {
      await house.happen(houseHistory(3, 4, round));
      await catchUp();
    }
    await rebuilding;
    await house.happen(houseHistory(3, 4, 999));
    const { length } = await eventsOf(house.log, doors);
    while (position < BigInt(length) * 100n) await catchUp();
    expect(generations).toBe(1);
    expect(await bytesOfLive(models)).toEqual(await madeAnew(mongo.database(), house.log, doors));
  });

  it('that is cut off behind any write leaves the live view as it was, or has replaced it; the next one succeeds', async () => {
    const { house, models, expected } = await live(houseHistory(12, 3));
    const record = new Checkpoints(models.db, VIEW);
    let replaced = 0;
    for (let writes = 0; ; writes++) {
      const before = (await record.read())?.generation;
      const crashing = cutOff(models, writes);
      const outcome = await rebuildView(crashing.models, house.log, doors, { batchEvents: 5 }).then(
        () => 'done',
        (error: unknown) => (error as { code?: string }).code,
      );
      if ((await record.read())?.generation !== before) replaced++;
      expect(await bytesOfLive(models)).toEqual(expected);
      if (outcome === 'done') break;
      expect(outcome).toBe('READ_MODELS_UNAVAILABLE');
    }
    expect(replaced).toBeGreaterThan(0);
    const { generation } = await rebuildView(models, house.log, doors);
    expect(await bytesOf(models.db, doors, generation)).toEqual(expected);
    expect(await collectionsIn(models)).toEqual(ofGeneration(generation));
  });

  it('gives up where a later one began', async () => {
    const { house, models, expected } = await live();
    let later: Promise<unknown> | undefined;
    const first = rebuildView(models, house.log, doors, {
      batchEvents: 5,
      onProgress: () => {
        later ??= rebuildView(models, house.log, doors);
      },
    });
    await expect(first).rejects.toThrow(BuildSuperseded);
    await later;
    expect(await bytesOfLive(models)).toEqual(expected);
    expect(await collectionsIn(models)).toHaveLength(LIVE.length);
  });

  it('ends when it is told to, and drops what it built', async () => {
    const { house, models, expected } = await live();
    const giveUp = new AbortController();
    const rebuilding = rebuildView(models, house.log, doors, {
      batchEvents: 5,
      signal: giveUp.signal,
      onProgress: () => giveUp.abort(new Error('enough')),
    });
    await expect(rebuilding).rejects.toThrow('enough');
    expect(await collectionsIn(models)).toEqual(LIVE);
    expect(await bytesOfLive(models)).toEqual(expected);
    expect(await new Checkpoints(models.db, VIEW).read()).toMatchObject({ generation: 1, building: null });
  });

  it('of an event that the view cannot take leaves the live view', async () => {
    const { house, models, expected } = await live();
    const poisonous = {
      ...doors,
      on: {
        ...doors.on,
        DoorInspected: () => {
          throw new Error('what is an inspection?');
        },
      },
    } as unknown as AnyProjection;
    await expect(rebuildView(models, house.log, poisonous)).rejects.toThrow(PoisonEvent);
    expect(await collectionsIn(models)).toEqual(LIVE);
    expect(await bytesOfLive(models)).toEqual(expected);
  });

  it('does not step back behind the live view', async () => {
    const { house, models } = await live();
    // the log as it was before its last events, as a replica that lags behind would show it
    const lagging: EventLog = { ...house.log, headPosition: async () => (heads++ < 2 ? 3_000n : house.log.headPosition()) };
    let heads = 0;
    const rebuilt = await rebuildView(models, lagging, doors);
    expect(rebuilt.position).toBe(6_000n);
    expect(heads).toBeGreaterThan(2);
  });

  it('says that the database is not there where it is not', async () => {
    const { house, models } = await live();
    const broken = cutOff(models, 0).models;
    const failure = rebuildView(broken, house.log, doors);
    await expect(failure).rejects.toMatchObject({ code: 'READ_MODELS_UNAVAILABLE' });
    await expect(failure).rejects.toHaveProperty('cause', expect.any(MongoNetworkError));
  });
});
