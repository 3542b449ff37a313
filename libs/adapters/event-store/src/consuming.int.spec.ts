import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventStoreNode, type EventStoreNode } from '@faultline/embedded-event-store';
import { NO_STREAM, type Delivery } from '#kernel';
import { lampCatalogue, lit, newEvents, type LampEvent } from '#testing';
import { clientOf } from './connection.js';
import { eventStoreLog, type EventStoreLog } from './index.js';

let dataFolder: string;
let node: EventStoreNode;
let log: EventStoreLog;
const ending = new Set<AbortController>();

const start = (port = 0) => startEventStoreNode({ dataDir: dataFolder, port, security: 'insecure', thread: 'same' });

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'consumers-'));
  node = await start();
  log = eventStoreLog({ connectionString: node.connectionString, catalogue: lampCatalogue });
});

afterEach(async () => {
  for (const member of ending) member.abort();
  ending.clear();
  await log.dispose();
  await node.stop();
  await rm(dataFolder, { recursive: true });
});

const append = (streamName: string, ...watts: number[]) =>
  log.append(streamName, NO_STREAM, newEvents(streamName, randomUUID(), ...watts.map((each) => lit(each))));

/** A member of the group, and how to make it leave. */
const member = (inFlight = 10) => {
  const controller = new AbortController();
  ending.add(controller);
  const deliveries = log.consume<LampEvent>({ group: 'readers', streamPrefixes: ['lamp-'], inFlight, signal: controller.signal });
  const iterator = deliveries[Symbol.asyncIterator]();
  return { next: async () => (await iterator.next()).value as Delivery<LampEvent>, leave: () => controller.abort() };
};

const wattsOf = ({ event }: Delivery<LampEvent>) => (event.type === 'LampLit' ? event.data.watts : 0);

describe('a consumer group', () => {
  it('is handed every event from the first of the log on, of the streams it asked for', async () => {
    await append('lamp-1', 1, 2);
    await append('other-1', 9);
    const reader = member();
    for (const watts of [1, 2]) {
      const delivery = await reader.next();
      expect([wattsOf(delivery), delivery.retries]).toEqual([watts, 0]);
      await delivery.done();
    }
    await append('lamp-2', 3);
    expect(wattsOf(await reader.next())).toBe(3);
  });

  it('is handed again what could not be dealt with', async () => {
    await append('lamp-1', 1);
    const reader = member();
    await (await reader.next()).again('Not now');
    const second = await reader.next();
    expect([wattsOf(second), second.retries]).toEqual([1, 1]);
  });

  it('hands what one member leaves unsettled to another', async () => {
    await append('lamp-1', 1, 2);
    const [first, second] = [member(), member()];
    expect(wattsOf(await first.next())).toBe(1);
    first.leave();
    const delivered = [await second.next(), await second.next()];
    expect(delivered.map(wattsOf).sort()).toEqual([1, 2]);
  });

  it('goes on where it was when the server comes back', async () => {
    const reader = member();
    await append('lamp-1', 1);
    await (await reader.next()).done();
    const { port } = node;
    await node.stop();
    node = await start(port);
    const next = reader.next();
    await append('lamp-2', 2);
    let delivery = await next;
    // at least once: what was settled may come again where its checkpoint had not been written
    if (wattsOf(delivery) === 1) {
      await delivery.done();
      delivery = await reader.next();
    }
    expect(wattsOf(delivery)).toBe(2);
  });

  it('says what it put aside, and hands it over again when told to', async () => {
    expect(await log.groupStatus('readers')).toBeUndefined();
    await log.retryParked('readers');
    await append('lamp-1', 1);
    const reader = member();
    await (await reader.next()).park('Somebody should look at it');
    const parked = async () => (await log.groupStatus('readers'))?.parked;
    while ((await parked()) !== 1) await setImmediate();
    expect(await log.groupStatus('readers')).toEqual({ members: 1, parked: 1 });
    await log.retryParked('readers');
    expect(wattsOf(await reader.next())).toBe(1);
    expect(await parked()).toBe(0);
  });

  it('puts aside what nobody can read, and goes on', async () => {
    const { client } = clientOf(node.connectionString);
    await client.appendToStream('lamp-1', jsonEvent({ type: 'Strange', data: {} }));
    await append('lamp-2', 2);
    expect(wattsOf(await member().next())).toBe(2);
    await client.dispose();
  });
});
