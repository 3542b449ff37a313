import { EventStoreDBClient, jsonEvent, NO_STREAM as DRIVER_NO_STREAM } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEventStoreNode, type EventStoreNode } from '@faultline/embedded-event-store';
import { LOG_START, NO_STREAM, Unavailable, UnreadableEvent, type Appended, type LogMessage, type NewEvent } from '#kernel';
import { collect, lampCatalogue, lit, newEvents, type LampEvent } from '#testing';
import { eventStoreLog, MAX_APPEND_BYTES, type EventStoreLog } from './index.js';

let dataFolder: string;
let node: EventStoreNode;
let log: EventStoreLog;
let interruptions: string[];

const start = (port = 0) => startEventStoreNode({ dataDir: dataFolder, port, security: 'insecure', thread: 'same' });

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'event-store-'));
  node = await start();
  interruptions = [];
  log = eventStoreLog({
    connectionString: node.connectionString,
    catalogue: lampCatalogue,
    onInterruption: ({ message }) => void interruptions.push(message),
  });
});

afterEach(async () => {
  await log.dispose();
  await node.stop();
  await rm(dataFolder, { recursive: true });
});

const wattsOf = ({ event }: Extract<LogMessage<LampEvent>, { kind: 'event' }>) => (event.type === 'LampLit' ? event.data.watts : 0);

/** Does it again until it succeeds: what a client of ours does while the log is away. */
const untilDone = async <Result>(task: () => Promise<Result>): Promise<Result> => {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
};

describe('when the server goes away and comes back', () => {
  it('a subscription hands over each event once and in order', async () => {
    const seen: number[] = [];
    const ending = new AbortController();
    const subscribing = (async () => {
      for await (const message of log.subscribe<LampEvent>({ after: LOG_START, streamPrefixes: ['lamp-'], signal: ending.signal })) {
        if (message.kind === 'event') seen.push(wattsOf(message));
        if (seen.length === 400) ending.abort();
      }
    })();

    for (let n = 0; n < 400; n++) {
      if (n % 100 === 50) {
        await node.stop();
        node = await start(node.port);
      }
      await untilDone(() => log.append(`lamp-${n}`, NO_STREAM, newEvents(`lamp-${n}`, `command-${n}`, lit(n))));
    }
    await subscribing;

    expect(seen).toEqual(Array.from({ length: 400 }, (_, n) => n));
    expect(interruptions.length).toBeGreaterThanOrEqual(1);
  });

  it('appends under way are written once, or can be sent again', async () => {
    const streams = Array.from({ length: 200 }, (_, n) => `lamp-${n}`);
    const appends = streams.map((streamName) => {
      const events = newEvents(streamName, randomUUID(), lit(1), lit(2));
      return untilDone(() => log.append(streamName, NO_STREAM, events));
    });
    await appends[20];
    await node.stop();
    node = await start(node.port);

    const answers: Appended[] = await Promise.all(appends);
    for (const [n, streamName] of streams.entries()) {
      const stored = await collect(log.readStream(streamName));
      expect(stored.map(({ revision }) => revision)).toEqual([0n, 1n]);
      expect(stored[1]?.position).toBe(answers[n]?.position);
    }
  });

  it('a read that it interrupts says so, and the next one goes on', async () => {
    await log.append('lamp-1', NO_STREAM, newEvents('lamp-1', 'c1', ...Array.from({ length: 2_000 }, (_, n) => lit(n))));
    const reading = log.readStream('lamp-1')[Symbol.asyncIterator]();
    await reading.next();
    await node.stop();
    const goOn = async () => {
      while (!(await reading.next()).done);
    };
    await expect(goOn()).rejects.toBeInstanceOf(Unavailable);

    node = await start(node.port);
    expect(await untilDone(() => collect(log.readStream('lamp-1')))).toHaveLength(2_000);
  });
});

describe('where there is no server', () => {
  const nowhere = async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    return port;
  };

  it('everything says so, and nobody repeats the password', async () => {
    const port = await nowhere();
    const away = eventStoreLog({ connectionString: `esdb://ada:secret@127.0.0.1:${port}?tls=false`, catalogue: lampCatalogue });
    const attempts: (() => Promise<unknown>)[] = [
      () => away.append('lamp-1', NO_STREAM, newEvents('lamp-1', 'c1', lit(1))),
      () => collect(away.readStream('lamp-1')),
      () => away.readLast('lamp-1'),
      () => collect(away.readAll({ after: LOG_START, streamPrefixes: ['lamp-'] })),
      () => away.headPosition(),
      () => away.check(),
    ];
    for (const attempt of attempts) {
      const error: unknown = await attempt().catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(Unavailable);
      expect((error as Error).message).toMatch(new RegExp(`^The event store at 127.0.0.1:${port} cannot be reached: (?!.*secret)`));
    }
    await away.dispose();
  });

  it('a subscription waits for one', async () => {
    const port = await nowhere();
    const early = eventStoreLog({ connectionString: `esdb://127.0.0.1:${port}?tls=false`, catalogue: lampCatalogue });
    const messages = early.subscribe({ after: LOG_START, streamPrefixes: ['lamp-'] })[Symbol.asyncIterator]();
    const first = messages.next();
    await expect(early.check()).rejects.toBeInstanceOf(Unavailable);

    await node.stop();
    node = await start(port);
    expect(await first).toMatchObject({ value: { kind: 'caught-up' } });
    await messages.return?.();
    await early.dispose();
  });
});

describe('the limits', () => {
  const ofSize = (bytes: number): NewEvent[] => {
    const size = (events: NewEvent[]) =>
      events.reduce(
        (sum, { event, metadata }) =>
          sum + JSON.stringify(event.data).length + JSON.stringify({ ...metadata, schemaVersion: 2 }).length + 2 * 'LampLit.v2'.length,
        0,
      );
    const padding = bytes - size(newEvents('lamp-1', 'c1', lit(1, 'x'))) + 1;
    return newEvents('lamp-1', 'c1', lit(1, 'x'.repeat(padding)));
  };

  it('an append takes 1 MiB and not a byte more', async () => {
    await expect(log.append('lamp-1', NO_STREAM, ofSize(MAX_APPEND_BYTES + 1))).rejects.toMatchObject({
      code: 'APPEND_TOO_LARGE',
      message: 'What is to be recorded at once comes to 1048577 bytes; the log takes up to 1048576',
    });
    await log.append('lamp-1', NO_STREAM, ofSize(MAX_APPEND_BYTES));
    expect(await collect(log.readStream('lamp-1'))).toHaveLength(1);
  });

  it('a stream that no name can mean is refused before the server is asked', async () => {
    const refused = { code: 'STREAM_NAME_INVALID' };
    await expect(log.append('$settings', NO_STREAM, newEvents('$settings', 'c1', lit(1)))).rejects.toMatchObject(refused);
    await expect(collect(log.readStream('two words'))).rejects.toMatchObject(refused);
    await expect(log.readLast('')).rejects.toMatchObject(refused);
  });
});

describe('what others have written', () => {
  let others: EventStoreDBClient;
  beforeEach(async () => {
    others = EventStoreDBClient.connectionString(node.connectionString);
    await others.setStreamMetadata('lamp-1', { owner: 'others' });
    await others.appendToStream('diary', jsonEvent({ type: 'DayEnded', data: {} }), { expectedRevision: DRIVER_NO_STREAM });
    await log.append('lamp-1', NO_STREAM, newEvents('lamp-1', 'c1', lit(1)));
  });
  afterEach(() => others.dispose());

  it('is passed over where it stands in other streams, the server’s own among them', async () => {
    expect(await collect(log.readAll({ after: LOG_START, streamPrefixes: ['lamp-'] }))).toHaveLength(1);
    const messages = log.subscribe({ after: LOG_START, streamPrefixes: ['lamp-'] })[Symbol.asyncIterator]();
    expect(await messages.next()).toMatchObject({ value: { event: { streamName: 'lamp-1' } } });
    await messages.return?.();
  });

  it('is a fault in ours, and the fault says where', async () => {
    await others.appendToStream('lamp-1', jsonEvent({ type: 'LampStolen', data: {}, metadata: { commandId: 'x' } }), {
      expectedRevision: 0n,
    });
    const fault = { constructor: UnreadableEvent, message: expect.stringContaining('Event 1 of lamp-1 cannot be read') };
    await expect(collect(log.readStream('lamp-1'))).rejects.toMatchObject(fault);
    await expect(collect(log.subscribe({ after: LOG_START, streamPrefixes: ['lamp-'] }))).rejects.toMatchObject(fault);
    expect(interruptions).toEqual([]);
  });
});

describe('the connection', () => {
  it('says how the server is', async () => {
    const { position } = await log.append('lamp-1', NO_STREAM, newEvents('lamp-1', 'c1', lit(1)));
    const check = await log.check();
    expect(check).toMatchObject({ headPosition: position, endpoint: `127.0.0.1:${node.port}` });
    expect(check.answeredInMs).toBeGreaterThan(0);
  });

  it('can be left in the middle of more calls than it may have open', async () => {
    await log.append('lamp-1', NO_STREAM, newEvents('lamp-1', 'c1', ...Array.from({ length: 1_000 }, (_, n) => lit(n))));
    for (let n = 0; n < 250; n++) {
      for await (const { revision } of log.readStream('lamp-1')) if (revision === BigInt(n)) break;
      for await (const { kind } of log.subscribe({ after: LOG_START, streamPrefixes: ['lamp-'] })) if (kind === 'event') break;
    }
    expect(await log.readLast('lamp-1')).toMatchObject({ revision: 999n });
  });

  it('ends with its subscriptions, quietly, and with its reads, which say so', async () => {
    await log.append('lamp-1', NO_STREAM, newEvents('lamp-1', 'c1', ...Array.from({ length: 1_000 }, (_, n) => lit(n))));
    const subscription = log.subscribe({ after: LOG_START, streamPrefixes: ['nothing-'] })[Symbol.asyncIterator]();
    await subscription.next();
    const waiting = subscription.next();
    const reading = log.readStream('lamp-1')[Symbol.asyncIterator]();
    await reading.next();

    await log.dispose();
    expect(await waiting).toMatchObject({ done: true });
    await expect(reading.next()).rejects.toThrow('the connection was closed here');
  });
});
