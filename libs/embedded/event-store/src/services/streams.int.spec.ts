import {
  ANY,
  BACKWARDS,
  binaryEvent,
  END,
  eventTypeFilter,
  jsonEvent,
  NO_STREAM,
  START,
  streamNameFilter,
  type EventStoreDBClient,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connect, type ClientHttp2Session } from 'node:http2';
import { createRequire } from 'node:module';
import { collect, NodeFixture, until } from '../node.fixture.js';

const require = createRequire(import.meta.url);
const generated =
  require('@eventstore/db-client/generated/streams_pb.js') as typeof import('@eventstore/db-client/generated/streams_pb.js');
const shared = require('@eventstore/db-client/generated/shared_pb.js') as typeof import('@eventstore/db-client/generated/shared_pb.js');

const requireOfClient = createRequire(require.resolve('@eventstore/db-client'));
const { Empty } = requireOfClient('google-protobuf/google/protobuf/empty_pb.js') as { Empty: new () => never };
const { Timestamp } = requireOfClient('google-protobuf/google/protobuf/timestamp_pb.js') as { Timestamp: { fromDate(date: Date): never } };

const fixture = new NodeFixture();
let client: EventStoreDBClient;
let session: ClientHttp2Session;
beforeAll(async () => {
  await fixture.start();
  client = fixture.client();
  session = connect(`http://127.0.0.1:${fixture.node.port}`);
});
afterAll(async () => {
  session.destroy();
  await fixture.remove();
});

/** A stream that no other test has. */
let stream: string;
beforeEach(() => {
  stream = `s-${randomUUID()}`;
});

const events = (count: number, size = 10) =>
  Array.from({ length: count }, (_, n) => jsonEvent({ type: 'Counted', data: { n, x: 'x'.repeat(size) } }));
const numbers = (read: readonly ResolvedEvent[]) => read.map(({ event }) => (event?.data as { n: number }).n);

describe('a read', () => {
  it('goes through a long stream and a long log, both ways, from anywhere', async () => {
    for (let n = 0; n < 3; n++) await client.appendToStream(stream, events(400, 500));
    const forwards = await collect(client.readStream(stream));
    const backwards = await collect(client.readStream(stream, { direction: BACKWARDS, fromRevision: END }));
    expect(forwards.map(({ event }) => event?.revision)).toEqual(Array.from({ length: 1_200 }, (_, n) => BigInt(n)));
    expect(backwards.map(({ event }) => event?.id)).toEqual(forwards.map(({ event }) => event?.id).reverse());

    const middle = forwards[600]?.event;
    const { commit } = middle?.position as { commit: bigint };
    const all = await collect(client.readAll({ fromPosition: { commit, prepare: commit }, maxCount: 10 }));
    expect(all[0]?.event?.id).toBe(middle?.id);
    const before = await collect(client.readAll({ fromPosition: { commit, prepare: commit }, maxCount: 1, direction: BACKWARDS }));
    expect(before[0]?.event?.id).toBe(forwards[599]?.event?.id);
    // a position that no event has: the next one behind it
    const between = await collect(client.readAll({ fromPosition: { commit: commit + 1n, prepare: commit + 1n }, maxCount: 1 }));
    expect(between[0]?.event?.id).toBe(forwards[601]?.event?.id);
  });

  it('gives ids in the form that is asked for', async () => {
    const event = jsonEvent({ type: 'T', data: {} });
    await client.appendToStream(stream, event);
    const request = new generated.ReadReq();
    const options = new generated.ReadReq.Options();
    const of = new generated.ReadReq.Options.StreamOptions();
    const identifier = new shared.StreamIdentifier();
    identifier.setStreamName(Buffer.from(stream));
    of.setStreamIdentifier(identifier);
    of.setStart(new shared.Empty());
    options.setStream(of);
    options.setCount('1');
    const form = new generated.ReadReq.Options.UUIDOption();
    form.setStructured(new shared.Empty());
    options.setUuidOption(form);
    request.setOptions(options);

    const [answer] = await call('Read', [request.serializeBinary()], 1);
    const id = generated.ReadResp.deserializeBinary(answer as Buffer)
      .getEvent()
      ?.getEvent()
      ?.getId()
      ?.getStructured();
    const hex = [id?.getMostSignificantBits(), id?.getLeastSignificantBits()].map((half) =>
      BigInt.asUintN(64, BigInt(half as string))
        .toString(16)
        .padStart(16, '0'),
    );
    expect(hex.join('')).toBe(event.id.replaceAll('-', ''));
  });
});

/** Calls a method of `Streams` by hand; its first answers. */
const call = async (method: string, messages: readonly Uint8Array[], answers: number): Promise<Buffer[]> => {
  const request = session.request({
    ':method': 'POST',
    ':path': `/event_store.client.streams.Streams/${method}`,
    'content-type': 'application/grpc',
  });
  let bytes = Buffer.alloc(0);
  request.on('data', (chunk: Buffer) => (bytes = Buffer.concat([bytes, chunk])));
  for (const message of messages) {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    // in two pieces: a message may come in any
    request.write(head.subarray(0, 3));
    request.write(Buffer.concat([head.subarray(3), message]));
  }
  request.end();
  const found = () => {
    const all: Buffer[] = [];
    for (let at = 0; at + 5 <= bytes.length;) {
      const end = at + 5 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      all.push(bytes.subarray(at + 5, end));
      at = end;
    }
    return all;
  };
  const ended = new Promise((resolve) => request.once('close', resolve));
  await Promise.race([ended, until(() => found().length >= answers)]);
  return found();
};

describe('appends in a batch', () => {
  const message = (correlation: string, more: { stream?: string; types?: string[]; final?: boolean; deadline?: number } = {}) => {
    const request = new generated.BatchAppendReq();
    const id = new shared.UUID();
    id.setString(correlation);
    request.setCorrelationId(id);
    request.setIsFinal(more.final ?? true);
    if (more.stream !== undefined) {
      const options = new generated.BatchAppendReq.Options();
      const identifier = new shared.StreamIdentifier();
      identifier.setStreamName(Buffer.from(more.stream));
      options.setStreamIdentifier(identifier);
      options.setAny(new Empty());
      if (more.deadline !== undefined) options.setDeadline(Timestamp.fromDate(new Date(Date.now() + more.deadline)));
      request.setOptions(options);
    }
    for (const type of more.types ?? []) {
      const event = new generated.BatchAppendReq.ProposedMessage();
      const eventId = new shared.UUID();
      eventId.setString(randomUUID());
      event.setId(eventId);
      event.getMetadataMap().set('type', type).set('content-type', 'application/json');
      request.addProposedMessages(event);
    }
    return request.serializeBinary();
  };
  const answered = (answers: readonly Buffer[]) =>
    answers.map((bytes) => {
      const response = generated.BatchAppendResp.deserializeBinary(bytes);
      const outcome = response.getError()?.getMessage() ?? response.getSuccess()?.getCurrentRevision();
      return `${response.getCorrelationId()?.getString()?.slice(0, 2)}: ${outcome}`;
    });
  const id = (n: number) => `${n}${n}000000-0000-4000-8000-000000000000`;

  it('are answered once each, whatever is wrong with them', async () => {
    const answers = await call(
      'BatchAppend',
      [
        message(id(1), { stream, types: ['A'], final: false }),
        message(id(2), { stream, types: [''], final: false }),
        message(id(2), { types: ['A'], final: false }),
        message(id(3), { types: ['A'] }),
        message(id(4), { stream: '', types: ['A'] }),
        message(id(5), { stream: '$$', types: ['A'] }),
        message(id(6), { stream: '$all', types: ['A'] }),
        message(id(1), { types: ['B'], final: false }),
        message(id(2), { types: ['A'] }),
        message(id(1), { types: ['C'] }),
      ],
      7,
    );
    expect(answered(answers).sort()).toEqual([
      '11: 2',
      '22: An event has a type',
      '33: The first message of an append carries its options',
      '44: Exception was thrown by handler.',
      '55: There is no stream whose metadata $$ could be',
      '66: AccessDenied',
    ]);
  });

  it('are in time, or are not', async () => {
    const answers = await call(
      'BatchAppend',
      [
        message(id(1), { stream, types: ['A'], final: false, deadline: 50 }),
        message(id(2), { stream, types: ['A'], deadline: -1 }),
        message(id(3), { stream, types: ['A'], final: false, deadline: 60_000 }),
        message(id(3), { types: ['B'] }),
      ],
      3,
    );
    expect(answered(answers).sort()).toEqual(['11: Timeout', '22: Timeout', '33: 1']);
    expect(await collect(client.readStream(stream))).toHaveLength(2);
  });

  it('are written in the order they come, however many', async () => {
    const count = 5_000;
    const appends = Array.from({ length: count }, (_, n) =>
      client.appendToStream(stream, jsonEvent({ type: 'Counted', data: { n } }), { expectedRevision: ANY }),
    );
    const results = await Promise.all(appends);
    expect(results.map(({ nextExpectedRevision }) => nextExpectedRevision)).toEqual(results.map((_, n) => BigInt(n)));
    expect(numbers(await collect(client.readStream(stream)))).toEqual(results.map((_, n) => n));
  });
});

describe('an append', () => {
  const credentials = { username: 'any', password: 'any' };

  it('by itself is refused as one in a batch is', async () => {
    await client.appendToStream(stream, events(2), { credentials });
    await expect(client.appendToStream(stream, events(1), { credentials, expectedRevision: NO_STREAM })).rejects.toMatchObject({
      type: 'wrong-expected-version',
      actualVersion: 1n,
    });
    await client.tombstoneStream(stream);
    await expect(client.appendToStream(stream, events(1), { credentials })).rejects.toMatchObject({
      type: 'stream-deleted',
      streamName: stream,
    });
    await expect(client.appendToStream('$$', events(1), { credentials })).rejects.toThrow('There is no stream whose metadata $$ could be');
    await expect(client.appendToStream('x'.repeat(8_193), events(1), { credentials })).rejects.toThrow(
      "A stream's name has at most 8192 bytes in UTF-8",
    );
  });

  it('takes names and events of any kind', async () => {
    for (const name of [`${stream} ${'ü'.repeat(2_000)}`, `${stream}\u0000\n/%`, `${stream}@${stream}`]) {
      await client.appendToStream(
        name,
        binaryEvent({ type: 'Ünïcode 🐞', data: Buffer.from([0, 255]), metadata: Buffer.alloc(300_000, 7) }),
      );
      const [read] = await collect(client.readStream(name));
      expect(read?.event).toMatchObject({ streamId: name, type: 'Ünïcode 🐞' });
      expect(Buffer.alloc(300_000, 7).equals(read?.event?.metadata as Uint8Array)).toBe(true);
    }
  });

  it('is one of a thousand at once on one connection', async () => {
    const calls = Array.from({ length: 1_000 }, (_, n) => client.appendToStream(`${stream}-${n % 10}`, events(1), { credentials }));
    expect(await Promise.all(calls)).toHaveLength(1_000);
  });
});

describe('a subscription', () => {
  it.each([
    { filter: () => streamNameFilter({ prefixes: ['no-such-', stream] }), expected: [0, 1, 9, 0, 1, 9] },
    { filter: () => streamNameFilter({ regex: `^${stream}$` }), expected: [0, 1, 9, 0, 1, 9] },
    { filter: () => eventTypeFilter({ prefixes: [`Other-${stream}`] }), expected: [9, 9] },
    { filter: () => eventTypeFilter({ regex: `(?i)^other-${stream}$` }), expected: [9, 9] },
  ])('hands over what a filter lets through, before and after it has caught up: $expected', async ({ filter, expected }) => {
    const write = () => client.appendToStream(stream, [...events(2), jsonEvent({ type: `Other-${stream}`, data: { n: 9 } })]);
    await write();
    const seen: ResolvedEvent[] = [];
    const subscription = client.subscribeToAll({ filter: filter() as never }).on('data', (event) => void seen.push(event));
    await new Promise((caughtUp) => subscription.once('caughtUp', caughtUp));
    await write();
    await until(() => seen.length === expected.length);
    expect(numbers(seen)).toEqual(expected);
    await subscription.unsubscribe();
  });

  it('that does not read falls behind, is told so, and misses nothing', async () => {
    const told: (string | number)[] = [];
    const subscription = client.subscribeToStream(stream, { fromRevision: START });
    subscription.on('caughtUp', () => told.push('caught up')).on('fellBehind' as never, () => told.push('fell behind'));
    subscription.on('data', ({ event }) => told.push(Number(event?.revision)));
    await client.appendToStream(stream, events(1));
    await until(() => told.includes('caught up'));
    // nobody takes anything: what is on its way fills up, and the rest waits in the log
    subscription.pause();
    for (let n = 0; n < 40; n++) await client.appendToStream(stream, events(10, 50_000));
    subscription.resume();
    await until(() => told.filter((what) => what === 'caught up').length === 2, 20_000);
    expect(told.filter((what) => typeof what === 'number')).toEqual(Array.from({ length: 401 }, (_, n) => n));
    expect(told.filter((what) => typeof what === 'string')).toEqual(['caught up', 'fell behind', 'caught up']);
    await subscription.unsubscribe();
  });

  it('from a place that the log has yet to come to waits for what is behind it', async () => {
    const [first, second] = [await client.appendToStream(stream, events(1)), await client.appendToStream(stream, events(1))];
    const size = (second.position?.commit ?? 0n) - (first.position?.commit ?? 0n);
    const place = (second.position?.commit ?? 0n) + 2n * size;
    const subscription = client.subscribeToAll({ fromPosition: { commit: place, prepare: place } });
    await new Promise((caughtUp) => subscription.on('data', () => undefined).once('caughtUp', caughtUp));
    const got: (bigint | undefined)[] = [];
    subscription.on('data', ({ event }) => got.push(event?.position.commit));
    const later: (bigint | undefined)[] = [];
    for (let n = 0; n < 4; n++) later.push((await client.appendToStream(stream, events(1))).position?.commit);
    await until(() => got.includes(later[3]));
    expect(got).toEqual(later.filter((position) => position !== undefined && position > place));
    expect(got.length).toBe(2);
    await subscription.unsubscribe();
  });

  it('is told how far a search has come', async () => {
    const { position } = await client.appendToStream(stream, events(1));
    const checkpoints: bigint[] = [];
    await client.appendToStream(stream, events(100));
    const filter = streamNameFilter({
      prefixes: ['none-like-this'],
      maxSearchWindow: 10,
      checkpointInterval: 2,
      checkpointReached: (_, { commit }) => void checkpoints.push(commit),
    });
    const subscription = client.subscribeToAll({ fromPosition: position as never, filter });
    await new Promise((caughtUp) => subscription.once('caughtUp', caughtUp));
    await until(() => checkpoints.length === 5);
    const revisions = (await collect(client.readStream(stream))).map(({ event }) => event?.position?.commit);
    expect(checkpoints).toEqual([20, 40, 60, 80, 100].map((n) => revisions[n]));
    await subscription.unsubscribe();
  });
});
