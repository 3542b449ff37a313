import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventLog } from '#kernel';
import { cutOff } from './cut-off.fixture.js';
import { dice, doors, houseHistory, type DoorEvent } from './doors.fixture.js';
import { bytesOf, eventsOf, House, madeAnew, project } from './house.fixture.js';
import { CheckpointLost, PoisonEvent, ViewStore, WriteRefused, type AnyProjection, type ReadModels } from './index.js';
import { MongoFixture } from './mongo.fixture.js';

const mongo = new MongoFixture();
beforeAll(() => mongo.start());
afterAll(() => mongo.stop());

const logOf = async (history: ReturnType<typeof houseHistory>): Promise<EventLog> => (await House.with(history)).log;

const rebuilt = (log: EventLog, view: AnyProjection) => madeAnew(mongo.database(), log, view);

describe('a view in MongoDB', () => {
  it('holds folded documents with their stamps, outputs and counters', async () => {
    const log = await logOf([
      ['door-11', { type: 'DoorOpened', data: { by: 'Ada' } }],
      ['door-12', { type: 'DoorOpened', data: { by: 'Ben' } }],
      ['door-11', { type: 'DoorClosed', data: { by: 'Ben' } }],
    ]);
    const { db, ...rest } = mongo.database();
    await project({ db, ...rest }, log, doors, 2);
    const all = (name: string) =>
      db
        .collection(name)
        .find({}, { sort: { _id: 1 } })
        .toArray();
    expect(await all('house_doors_v1')).toEqual([
      { _id: 'door-11', revision: 1n, position: 300n, isOpen: false, openings: 1, lastBy: 'Ben' },
      { _id: 'door-12', revision: 0n, position: 200n, isOpen: true, openings: 1, lastBy: 'Ben' },
    ]);
    expect(await all('door_counts_v1')).toEqual([{ _id: 'door-1', position: 300n, floor: '1', open: 1 }]);
    expect(await all('door_visitors_v1')).toEqual([
      { _id: 'door-11', position: 300n, last: 'Ben', type: 'DoorClosed' },
      { _id: 'door-12', position: 200n, last: 'Ben', type: 'DoorOpened' },
    ]);
    expect(await all('door_lines_v1')).toHaveLength(3);
    expect(await db.collection('checkpoints').findOne({ _id: 'house-doors_v1' as never })).toMatchObject({ position: 300n, pending: null });
  });

  it('is the same wherever batches are cut, and however little is kept in memory', async () => {
    const log = await logOf(houseHistory(150, 5));
    const expected = await rebuilt(log, doors);
    for (const batchEvents of [1, 7, 64]) {
      for (const recentDocuments of [0, 3, 1_000]) {
        for (const foldsAhead of [false, true]) {
          const models = mongo.database();
          await project(models, log, doors, batchEvents, { recentDocuments, foldsAhead });
          expect(await bytesOf(models.db, doors)).toEqual(expected);
        }
      }
    }
  });
});

describe('a crash', () => {
  it.each([
    { backwards: false, recentDocuments: 100, foldsAhead: false },
    { backwards: true, recentDocuments: 0, foldsAhead: false },
    { backwards: false, recentDocuments: 0, foldsAhead: true },
    { backwards: true, recentDocuments: 100, foldsAhead: true },
  ])('behind any single write leaves, after restart, what a rebuild makes (%j)', async ({ backwards, ...options }) => {
    const log = await logOf(houseHistory(24, 3));
    const expected = await rebuilt(log, doors);

    for (let writes = 0, finished = false; !finished; writes++) {
      const models = mongo.database();
      const crashing = cutOff(models, writes, { backwards });
      finished = await project(crashing.models, log, doors, 8, options).then(
        () => true,
        () => false,
      );
      await project(models, log, doors, 5, options);
      expect({ writes, bytes: await bytesOf(models.db, doors) }).toEqual({ writes, bytes: expected });
    }
  });

  it('while a crashed batch is done again does no harm either', async () => {
    const log = await logOf(houseHistory(24, 3));
    const expected = await rebuilt(log, doors);
    const roll = dice(7);
    for (let round = 0; round < 40; round++) {
      const models = mongo.database();
      for (let crash = 0; crash < 5; crash++) {
        const crashing = cutOff(models, roll(40), { backwards: roll(2) === 1 });
        await project(crashing.models, log, doors, 1 + roll(12)).catch(() => undefined);
      }
      await project(models, log, doors, 6);
      expect(await bytesOf(models.db, doors)).toEqual(expected);
    }
  });
});

describe('two processes that move one view', () => {
  it('leave what one would have', async () => {
    const log = await logOf(houseHistory(400, 6));
    const expected = await rebuilt(log, doors);
    const events = await eventsOf(log, doors);
    const end = events.at(-1)?.position as bigint;
    const models = mongo.database();
    const lost: string[] = [];

    const race = async (name: string, roll: (sides: number) => number) => {
      const store = new ViewStore(models, doors, { recentDocuments: 20 });
      let position: bigint | undefined;
      for (;;) {
        try {
          position ??= (await store.resume(log)).position;
          if (position >= end) return;
          const from = events.findIndex((event) => event.position > (position as bigint));
          const batch = events.slice(from, from + 1 + roll(20));
          position = (await store.apply(batch, batch.at(-1)?.position as bigint)).position;
        } catch (error) {
          if (!(error instanceof CheckpointLost)) throw error;
          lost.push(name);
          position = undefined;
        }
      }
    };
    await Promise.all([race('first', dice(3)), race('second', dice(4)), race('third', dice(5))]);
    expect(await bytesOf(models.db, doors)).toEqual(expected);
    expect(lost.length).toBeGreaterThan(0);
  });

  it('are told apart: the one that comes late writes nothing', async () => {
    const log = await logOf(houseHistory(20, 2));
    const events = await eventsOf(log, doors);
    const models = mongo.database();
    const [early, late] = [new ViewStore(models, doors), new ViewStore(models, doors)];
    await early.resume(log);
    await late.resume(log);
    await early.apply(events, events.at(-1)?.position as bigint);
    const before = await bytesOf(models.db, doors);
    await expect(late.apply(events.slice(0, 5), events[4]?.position as bigint)).rejects.toThrow(CheckpointLost);
    expect(await bytesOf(models.db, doors)).toEqual(before);
    expect((await late.resume(log)).position).toBe(events.at(-1)?.position);
  });
});

describe('an event that a view cannot take', () => {
  const poisonous: AnyProjection = {
    ...doors,
    on: {
      ...doors.on,
      DoorInspected: () => {
        throw new Error('what is an inspection?');
      },
    },
  } as typeof doors;

  const history = houseHistory(30, 3);

  it('is named, and nothing of its batch is written', async () => {
    const log = await logOf(history);
    const events = await eventsOf(log, doors);
    const poison = events.find(({ type }) => type === 'DoorInspected');
    const models = mongo.database();
    const store = new ViewStore(models, poisonous);
    await store.resume(log);
    const failure: unknown = await store.apply(events, events.at(-1)?.position as bigint).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PoisonEvent);
    expect((failure as PoisonEvent).event).toEqual(poison);
    expect((failure as PoisonEvent).message).toContain('what is an inspection?');
    expect((await bytesOf(models.db, doors)).size).toBe(0);

    const sound = events.slice(0, events.indexOf(poison as (typeof events)[number]));
    const through = sound.at(-1)?.position as bigint;
    expect((await store.apply(sound, through)).position).toBe(through);
  });

  it('stops the view as well when its document may not be stored', async () => {
    const log = await logOf(history);
    const events = await eventsOf(log, doors);
    const claiming = {
      ...doors,
      on: { ...doors.on, DoorOpened: () => ({ isOpen: true, openings: 0, lastBy: '', position: 1 }) },
      outputs: undefined,
    } as AnyProjection;
    const store = new ViewStore(mongo.database(), claiming);
    await store.resume(log);
    const failure = store.apply(events, events.at(-1)?.position as bigint);
    await expect(failure).rejects.toThrow(WriteRefused);
    await expect(failure).rejects.toThrow("the field position is the store's own");
  });
});

describe('a batch without writes', () => {
  it('moves the checkpoint alone', async () => {
    const log = await logOf([['door-11', { type: 'DoorInspected', data: { by: 'Ada', verdict: 'fine' } }] as [string, DoorEvent]]);
    const { db, ...rest } = mongo.database();
    const models: ReadModels = { db, ...rest };
    const silent: AnyProjection = { ...doors, outputs: undefined };
    const store = new ViewStore(models, silent);
    await store.resume(log);
    expect(await store.apply(await eventsOf(log, doors), 100n)).toEqual({ generation: 1, position: 100n, pending: null });
    expect((await bytesOf(db, doors)).size).toBe(0);
    expect((await store.apply([], 250n)).position).toBe(250n);
  });
});
