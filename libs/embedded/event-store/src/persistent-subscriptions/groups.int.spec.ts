import {
  binaryEvent,
  eventTypeFilter,
  jsonEvent,
  PARK,
  persistentSubscriptionToAllSettingsFromDefaults as allSettings,
  persistentSubscriptionToStreamSettingsFromDefaults as streamSettings,
  RETRY,
  SKIP,
  START,
  type EventStoreDBClient,
  type PersistentSubscriptionToAll,
  type PersistentSubscriptionToStream,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collect, NodeFixture, until } from '../node.fixture.js';

let fixture: NodeFixture;
let client: EventStoreDBClient;
beforeEach(async () => {
  fixture = new NodeFixture();
  await fixture.start();
  client = fixture.client();
});
afterEach(() => fixture.remove());

const restart = async () => {
  await fixture.restart();
  client = fixture.client();
};

const append = (stream: string, ...numbers: number[]) =>
  client.appendToStream(
    stream,
    numbers.map((n) => jsonEvent({ type: 'Counted', data: { n } })),
  );
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, n) => from + n);
/** Written at once, after each settled message: so that every one counts. */
const EAGER = { checkPointLowerBound: 1, checkPointUpperBound: 1, checkPointAfter: 1 };
const create = (settings: Partial<ReturnType<typeof streamSettings>> = {}) =>
  client.createPersistentSubscriptionToStream('s', 'g', streamSettings({ startFrom: START, ...EAGER, ...settings }));
const info = () => client.getPersistentSubscriptionToStreamInfo('s', 'g');

type Received = Readonly<{ n: number; retries: number; answer: (how: 'ack' | 'park' | 'retry' | 'skip') => Promise<void> }>;

/** A member of the group, and what it was given. */
class Member {
  readonly received: Received[] = [];
  error: unknown;

  constructor(readonly subscription: PersistentSubscriptionToStream | PersistentSubscriptionToAll) {
    subscription.on('error', (error) => (this.error = error));
    // both kinds are alike in all that is used here
    (subscription as PersistentSubscriptionToStream).on('data', (message) => {
      const { n } = (message.event?.data ?? { n: NaN }) as { n: number };
      const answer = (how: 'ack' | 'park' | 'retry' | 'skip') => {
        const action = { park: PARK, retry: RETRY, skip: SKIP } as const;
        return how === 'ack' ? subscription.ack(message as never) : subscription.nack(action[how], 'as the test wants', message as never);
      };
      this.received.push({ n, retries: message.retryCount, answer });
    });
  }

  get numbers(): number[] {
    return this.received.map(({ n }) => n);
  }

  async has(count: number): Promise<this> {
    await until(() => this.received.length >= count);
    return this;
  }

  leave(): Promise<void> {
    return this.subscription.unsubscribe();
  }
}

const joinGroup = (bufferSize = 10) => new Member(client.subscribeToPersistentSubscriptionToStream('s', 'g', { bufferSize }));
const answerAll = async ({ received }: Member, how: Parameters<Received['answer']>[0]) => {
  for (const { answer } of received) await answer(how);
};

describe('what a group was given', () => {
  it('is given to it again, after the node was away, as far as it was not done', async () => {
    await append('s', ...numbers(6));
    await create();
    const member = await joinGroup().has(6);
    for (const n of [0, 1, 3]) await member.received[n]?.answer('ack');
    await until(async () => (await info()).stats.lastCheckpointedEventRevision === 1n);
    await restart();
    // what was done behind something that was not comes again: at least once
    expect((await joinGroup().has(4)).numbers).toEqual([2, 3, 4, 5]);
  });

  it('is whatever came since it was made, when it begins at the end', async () => {
    await append('s', 1, 2);
    await create({ startFrom: 'end' });
    await append('s', 3);
    await restart();
    await append('s', 4);
    await client.updatePersistentSubscriptionToStream('s', 'g', streamSettings({ startFrom: 'end', ...EAGER }));
    expect((await joinGroup().has(2)).numbers).toEqual([3, 4]);
  });

  it('is nothing before the position where it begins, though the log has yet to come to it', async () => {
    const { position: first } = await append('s', 1);
    const { position: second } = await append('s', 2);
    const place = (second?.commit ?? 0n) + 20n * ((second?.commit ?? 0n) - (first?.commit ?? 0n));
    const settings = allSettings({ startFrom: { commit: place, prepare: place }, ...EAGER });
    await client.createPersistentSubscriptionToAll('g', settings, { filter: eventTypeFilter({ prefixes: ['Counted'] }) });
    const later: (bigint | undefined)[] = [];
    for (let n = 3; n < 33; n++) later.push((await append('s', n)).position?.commit);
    const expected = later.flatMap((position, n) => (position !== undefined && position >= place ? [n + 3] : []));
    expect(expected.length).toBeLessThan(30);
    const member = new Member(client.subscribeToPersistentSubscriptionToAll('g', { bufferSize: 30 }));
    expect((await member.has(expected.length)).numbers).toEqual(expected);
  });

  it('is all that a filter lets through, however much else is written meanwhile', async () => {
    const all = allSettings({ startFrom: START, ...EAGER });
    await client.createPersistentSubscriptionToAll('g', all, { filter: eventTypeFilter({ prefixes: ['Counted'] }) });
    const joinAll = () => new Member(client.subscribeToPersistentSubscriptionToAll('g', { bufferSize: 1 }));
    const first = joinAll();
    for (let n = 0; n < 30; n++) {
      await append(`s-${n}`, n);
      await client.appendToStream('noise', jsonEvent({ type: 'Noise', data: {} }));
    }
    await first.has(1);
    await first.received[0]?.answer('ack');
    await first.has(2);
    // a checkpoint that had followed the noise would pass over what is still waiting
    await client.updatePersistentSubscriptionToAll('g', all);
    await until(() => first.error !== undefined);
    const second = joinAll();
    for (let n = 0; n < 29; n++) await (await second.has(n + 1)).received[n]?.answer('ack');
    expect(second.numbers).toEqual(numbers(29, 1));
  });

  it('is all that came before a damaged event, and the fault is told', async () => {
    const faults: string[] = [];
    await fixture.remove();
    fixture = new NodeFixture({ onFault: ({ message }) => void faults.push(message) });
    await fixture.start();
    client = fixture.client();
    await append('s', ...numbers(5));
    const [, , third] = await collect(client.readStream('s'));
    const segment = join(fixture.folder, 'log', '0000000000000000.segment');
    const bytes = readFileSync(segment);
    bytes[24 + Number(third?.event?.position?.commit) + 60] = 0xff;
    writeFileSync(segment, bytes);
    await create();
    const member = await joinGroup().has(2);
    expect(member.numbers).toEqual([0, 1]);
    await append('s', 5);
    await until(() => member.error !== undefined);
    expect(member.error).toMatchObject({ code: 15 });
    expect(faults[0]).toMatch(/^The record at position \d+ is not as it was written$/);
  });

  it('waits for a member who takes no more for a while', async () => {
    const large = (n: number) => jsonEvent({ type: 'Counted', data: { n, x: 'x'.repeat(500_000) } });
    for (const n of numbers(40)) await client.appendToStream('s', large(n));
    await create();
    const member = joinGroup(1_000);
    await member.has(1);
    member.subscription.pause();
    // far from all of it is on its way
    await until(async () => (await info()).stats.totalInFlightMessages > 1);
    expect((await info()).stats.totalInFlightMessages).toBeLessThan(40);
    member.subscription.resume();
    expect((await member.has(40)).numbers).toEqual(numbers(40));
  });

  it('is each event, also where two have one id', async () => {
    const id = randomUUID();
    await client.appendToStream(
      's',
      [0, 1].map((n) => jsonEvent({ id, type: 'Counted', data: { n } })),
    );
    await create();
    const member = await joinGroup().has(1);
    await member.received[0]?.answer('ack');
    expect((await member.has(2)).numbers).toEqual([0, 1]);
  });

  it('does not come again to a group of the same name that is made later', async () => {
    await append('s', 0, 1);
    await create();
    const member = await joinGroup().has(2);
    await member.received[0]?.answer('ack');
    await member.received[1]?.answer('park');
    await until(async () => (await info()).stats.parkedMessageCount === 1n);
    await client.deletePersistentSubscriptionToStream('s', 'g');
    await create();
    expect((await joinGroup().has(2)).numbers).toEqual([0, 1]);
    expect((await info()).stats.parkedMessageCount).toBe(0n);
  });
});

describe('a message', () => {
  it('is parked when it was handed over often enough, or was kept for too long', async () => {
    await append('s', 0, 1);
    await create({ maxRetryCount: 2, messageTimeout: 200 });
    const member = joinGroup();
    member.subscription.on('data', () => void member.received.at(-1)?.answer('retry'));
    await until(async () => (await info()).stats.parkedMessageCount === 2n);
    expect(member.received.map(({ n, retries }) => `${n}:${retries}`).sort()).toEqual(['0:0', '0:1', '0:2', '1:0', '1:1', '1:2']);
    await member.leave();

    await append('s', 2);
    const silent = await joinGroup().has(3);
    expect(silent.received.map(({ retries }) => retries)).toEqual([0, 1, 2]);
    await until(async () => (await info()).stats.parkedMessageCount === 3n);
    const parked = await collect(client.readStream('$persistentsubscription-s::g-parked'));
    expect(parked.map(({ event }) => [event?.type, Buffer.from(event?.data as Uint8Array).toString()])).toEqual([
      ['$>', '0@s'],
      ['$>', '1@s'],
      ['$>', '2@s'],
    ]);
    expect(parked[2]?.event?.metadata).toMatchObject({ reason: 'Reached retry max of 2', subscriptionEventNumber: 2 });
  });

  it('stays parked until it is done, when it is replayed', async () => {
    await append('s', ...numbers(3));
    await create();
    const first = await joinGroup().has(3);
    await answerAll(first, 'park');
    await until(async () => (await info()).stats.parkedMessageCount === 3n);
    await first.leave();

    await expect(client.replayParkedMessagesToStream('s', 'g', { stopAt: -1 })).rejects.toMatchObject({
      type: 'persistent-subscription-failed',
      reason: 'Cannot stop replaying parked messages at a negative version.',
    });
    expect((await info()).stats.parkedMessageCount).toBe(3n);
    await client.replayParkedMessagesToStream('s', 'g');
    const member = await joinGroup().has(3);
    expect((await info()).stats.parkedMessageCount).toBe(0n);
    await member.received[0]?.answer('ack');
    await until(async () => (await collect(client.readStream('$persistentsubscription-s::g-parked'))).length === 2);
    await restart();
    // two were handed over, and not done: they are parked still
    expect((await info()).stats.parkedMessageCount).toBe(2n);
    await client.replayParkedMessagesToStream('s', 'g');
    const again = await joinGroup().has(2);
    expect(again.numbers).toEqual([1, 2]);
    await again.received[0]?.answer('park');
    await again.received[1]?.answer('skip');
    // parked again, it is the same event that it leads to
    await until(async () => {
      const parked = await collect(client.readStream('$persistentsubscription-s::g-parked', { resolveLinkTos: true }));
      return parked.map(({ event }) => `${event?.revision}@${event?.streamId}`).join() === '1@s';
    });
    expect((await info()).stats.parkedMessageCount).toBe(1n);
  });

  it('of a link is the event, and is parked as the event', async () => {
    await append('other', 7);
    await client.appendToStream(
      's',
      ['0@other', '9@other'].map((data) => binaryEvent({ type: '$>', data: Buffer.from(data) })),
    );
    await create({ resolveLinkTos: true });
    const member = await joinGroup().has(2);
    expect(member.numbers).toEqual([7, NaN]);
    await answerAll(member, 'park');
    await until(async () => (await info()).stats.parkedMessageCount === 2n);
    const parked = await collect(client.readStream('$persistentsubscription-s::g-parked'));
    expect(parked.map(({ event }) => Buffer.from(event?.data as Uint8Array).toString())).toEqual(['0@other', '9@other']);
  });

  it('that is pinned to one who is busy waits, and lets the others pass', async () => {
    const streams = numbers(20).map((n) => `pinned-${n}`);
    await create({ resolveLinkTos: true, consumerStrategyName: 'Pinned' });
    const [busy, quick] = [joinGroup(1), joinGroup(50)];
    quick.subscription.on('data', () => void quick.received.at(-1)?.answer('ack'));
    await until(async () => (await info()).connections.length === 2);
    for (const [n, stream] of streams.entries()) {
      await append(stream, n, n);
      await client.appendToStream(
        's',
        [0, 1].map((revision) => binaryEvent({ type: '$>', data: Buffer.from(`${revision}@${stream}`) })),
      );
    }
    await busy.has(1);
    const isOfQuick = (n: number) => quick.numbers.includes(n);
    await until(() => quick.received.length >= 2 * new Set(quick.numbers).size && quick.received.length > 2);
    expect(busy.received).toHaveLength(1);
    expect(busy.numbers.some(isOfQuick)).toBe(false);
    await busy.leave();
    await until(() => quick.received.length === 40);
  });
});

describe('what is told of a group', () => {
  it('is how it is doing, and each member of it', async () => {
    await append('s', ...numbers(30));
    await create({ extraStatistics: true, historyBufferSize: 25 });
    await until(async () => (await info()).stats.readBufferCount === 25);
    expect((await info()).status).toBe('Behind');
    const member = await joinGroup(4).has(4);
    await answerAll(member, 'ack');
    await member.has(8);
    await until(async () => (await info()).status === 'Live');
    const { connections, stats } = await info();
    expect(connections).toMatchObject([{ availableSlots: 0, inFlightMessages: 4, totalItems: 8n, username: 'system' }]);
    expect(connections[0]?.extraStatistics?.get('quintile 3')).toBeGreaterThanOrEqual(0n);
    expect(stats).toMatchObject({ lastKnownEventRevision: 29n, totalItems: 8n, outstandingMessagesCount: 4, readBufferCount: 22 });
  });

  it('is no more than its settings and its filter allow, after a restart too', async () => {
    const filter = eventTypeFilter({ regex: '^Counted$' });
    await client.createPersistentSubscriptionToAll('g', allSettings({ startFrom: START, maxSubscriberCount: 1 }), { filter });
    await append('s', 5);
    await client.appendToStream('s', jsonEvent({ type: 'CountedOn', data: { n: 6 } }));
    await restart();
    const member = await new Member(client.subscribeToPersistentSubscriptionToAll('g')).has(1);
    const refused = new Member(client.subscribeToPersistentSubscriptionToAll('g'));
    await until(() => refused.error !== undefined);
    expect(refused.error).toMatchObject({ type: 'maximum-subscribers-reached' });
    await append('s', 7);
    expect((await member.has(2)).numbers).toEqual([5, 7]);
    expect((await client.getPersistentSubscriptionToAllInfo('g')).settings).toMatchObject({ startFrom: 'start', maxSubscriberCount: 1 });
  });
});
