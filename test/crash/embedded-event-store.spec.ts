import {
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  streamNameFilter,
  type JSONEventData,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { verify } from '@faultline/embedded-event-store';
import { EventStoreProcess } from '../support/event-store-process.js';
import { until } from '../support/program.js';

/** `FAULTLINE_CRASH_KILLS=100 npm test -- test/crash/embedded-event-store` kills as often as a release asks for; npm test a few times. */
const KILLS = Number(process.env.FAULTLINE_CRASH_KILLS ?? 3);
const WRITERS = 4;
const PATIENCE_MS = 60_000 + KILLS * 10_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'event-store-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const segment = () =>
  join(
    folder,
    'log',
    readdirSync(join(folder, 'log'))
      .filter((name) => name.endsWith('.segment'))
      .sort()
      .at(-1) as string,
  );
const event = (writer: number, n: number) =>
  jsonEvent({ type: 'Written', data: { writer, n, padding: 'x'.repeat(n % 50 === 0 ? 20_000 : 200) } });

/** Every event of the log that a test wrote, in order. */
const readAll = async (client: EventStoreDBClient) => {
  const all: { id: string; stream: string; revision: bigint }[] = [];
  for await (const { event: read } of client.readAll()) {
    if (read && !read.streamId.startsWith('$')) all.push({ id: read.id, stream: read.streamId, revision: read.revision });
  }
  return all;
};

describe('kill -9 of the embedded event store', () => {
  /** What was acknowledged: where each event stands. And what was not answered: it is sent again first. */
  const acknowledged = new Map<string, { stream: string; revision: bigint }>();
  const unanswered = new Map<number, Readonly<{ events: JSONEventData[]; expected: bigint | typeof NO_STREAM }>>();
  const revisions = new Map<number, bigint>();
  let written = 0;

  /** Appends one after another, one to three events at once, until the node is gone. */
  const write = async (client: EventStoreDBClient, writer: number) => {
    const stream = `written-${writer}`;
    for (;;) {
      const again = unanswered.get(writer);
      const expected = again?.expected ?? revisions.get(writer) ?? NO_STREAM;
      const events = again?.events ?? Array.from({ length: 1 + (written % 3) }, () => event(writer, written++));
      unanswered.set(writer, { events, expected });
      try {
        const { nextExpectedRevision } = await client.appendToStream(stream, events, { expectedRevision: expected });
        unanswered.delete(writer);
        revisions.set(writer, nextExpectedRevision);
        events.forEach(({ id }, n) => acknowledged.set(id, { stream, revision: nextExpectedRevision - BigInt(events.length - 1 - n) }));
      } catch (error) {
        if ((error as { type?: string }).type === 'wrong-expected-version') throw error;
        return;
      }
    }
  };

  /** The groups that consume meanwhile, and what each was given so far. */
  const given = { stream: new Set<string>(), all: new Set<string>() };

  /** Consumes until the node is gone: answers most messages, lets some be handed over again, parks some. */
  const consume = async (client: EventStoreDBClient, kind: keyof typeof given) => {
    const subscription =
      kind === 'stream'
        ? client.subscribeToPersistentSubscriptionToStream('written-0', 'g')
        : client.subscribeToPersistentSubscriptionToAll('g');
    try {
      let count = 0;
      for await (const message of subscription) {
        given[kind].add((message.event ?? message.link)?.id as string);
        count++;
        const answer =
          count % 17 === 0 ? subscription.nack('park', 'as the test wants', message as never) : subscription.ack(message as never);
        await answer;
      }
    } catch {
      // the node is gone, and the next one goes on
    }
  };

  const createGroups = async (client: EventStoreDBClient) => {
    const eager = { startFrom: START, checkPointLowerBound: 1, checkPointAfter: 100 } as const;
    await client.createPersistentSubscriptionToStream('written-0', 'g', persistentSubscriptionToStreamSettingsFromDefaults(eager));
    await client.createPersistentSubscriptionToAll('g', persistentSubscriptionToAllSettingsFromDefaults(eager), {
      filter: streamNameFilter({ prefixes: ['written-1', 'written-2'] }),
    });
  };

  it(
    `loses no acknowledged event and doubles none, and no message of a group, ${KILLS} times`,
    async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        const node = EventStoreProcess.run(folder);
        const client = EventStoreDBClient.connectionString(await node.connectionString);
        if (kill === 0) await createGroups(client);
        const before = acknowledged.size;
        const work = Promise.all([
          ...Array.from({ length: WRITERS }, (_, writer) => write(client, writer)),
          consume(client, 'stream'),
          consume(client, 'all'),
        ]);
        await until(() => acknowledged.size > before, 30_000);
        await pause(Math.random() * 500);
        await node.kill();
        await work;
        await client.dispose();
      }

      const node = EventStoreProcess.run(folder);
      const client = EventStoreDBClient.connectionString(await node.connectionString);
      for (const [writer, { events, expected }] of unanswered) {
        const { nextExpectedRevision } = await client.appendToStream(`written-${writer}`, events, { expectedRevision: expected });
        events.forEach(({ id }, n) =>
          acknowledged.set(id, { stream: `written-${writer}`, revision: nextExpectedRevision - BigInt(events.length - 1 - n) }),
        );
      }
      const all = await readAll(client);
      const places = new Map(all.map(({ id, stream, revision }) => [id, { stream, revision }]));
      expect(places.size).toBe(all.length);
      expect(all.length).toBe(acknowledged.size);
      for (const [id, place] of acknowledged) expect(places.get(id)).toEqual(place);
      for (let writer = 0; writer < WRITERS; writer++) {
        const ofWriter = all.filter(({ stream }) => stream === `written-${writer}`).map(({ revision }) => revision);
        expect(ofWriter).toEqual(ofWriter.map((_, n) => BigInt(n)));
      }

      const wanted = {
        stream: all.filter(({ stream }) => stream === 'written-0'),
        all: all.filter(({ stream }) => stream === 'written-1' || stream === 'written-2'),
      };
      const consuming = Promise.all([consume(client, 'stream'), consume(client, 'all')]);
      const isGiven = (kind: keyof typeof given) => wanted[kind].every(({ id }) => given[kind].has(id));
      await until(() => isGiven('stream') && isGiven('all'), 30_000).catch(() => undefined);
      expect(wanted.stream.filter(({ id }) => !given.stream.has(id))).toEqual([]);
      expect(wanted.all.filter(({ id }) => !given.all.has(id))).toEqual([]);
      await node.stop();
      await consuming;
      await client.dispose();
      expect((await verify(folder)).events).toBeGreaterThan(all.length);
    },
    PATIENCE_MS,
  );
});

const tornAtTheEnd = (bytes: Buffer) => bytes.fill(0, bytes.length - 4_096);

describe('a disk that fails the embedded event store', () => {
  /** Appends to one stream until it fails; how many events were acknowledged, and why no more were. */
  const fill = async (client: EventStoreDBClient, stream: string) => {
    for (let n = 0; ; n++) {
      try {
        await client.appendToStream(stream, event(0, 50), { expectedRevision: n === 0 ? NO_STREAM : BigInt(n - 1) });
      } catch (error) {
        return { count: n, error: error as Error };
      }
    }
  };
  const countOf = async (client: EventStoreDBClient, stream: string) => {
    let count = 0;
    for await (const { event: read } of client.readStream(stream)) expect(read?.revision).toBe(BigInt(count++));
    return count;
  };
  const running: EventStoreProcess[] = [];
  const runOn = async (limitBytes?: number) => {
    const node = EventStoreProcess.run(folder, limitBytes);
    running.push(node);
    return { node, client: EventStoreDBClient.connectionString(await node.connectionString) };
  };
  afterEach(async () => void (await Promise.all(running.splice(0).map((node) => node.kill()))));

  it('by being full: what does not fit is refused, what was acknowledged stays, and there is more when there is room', async () => {
    const limited = await runOn(2 * 1_048_576);
    const { count, error } = await fill(limited.client, 'filled');
    expect(error.message).toBe('Could not recognize The disk has no room for it');
    expect(count).toBeGreaterThan(50);
    // small events may still fit, one by one; reading goes on as before
    expect(await countOf(limited.client, 'filled')).toBe(count);
    const small = await limited.client
      .appendToStream('small', jsonEvent({ type: 'Small', data: {} }))
      .then(() => 1)
      .catch(() => 0);
    await limited.client.dispose();
    expect((await limited.node.kill()).stderr).toMatch(/The disk has no room for it/);

    const { node, client } = await runOn();
    expect(await countOf(client, 'filled')).toBe(count);
    await client.appendToStream('filled', event(0, 1), { expectedRevision: BigInt(count - 1) });
    expect((await readAll(client)).length).toBe(count + 1 + small);
    await client.dispose();
    await node.stop();
    expect((await verify(folder)).events).toBe(count + 1 + small);
  });

  it('by a write that it did not finish: the node goes on with what was acknowledged', async () => {
    const first = await runOn();
    await first.client.appendToStream('s', event(0, 1));
    await first.client.dispose();
    await first.node.kill();
    const { size } = statSync(segment());
    appendFileSync(segment(), readFileSync(segment()).subarray(30, 200));
    const { node, client } = await runOn();
    expect(await countOf(client, 's')).toBe(1);
    await client.dispose();
    await node.stop();
    expect(statSync(segment()).size).toBe(size);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'a last page that is torn',
      () => writeFileSync(segment(), tornAtTheEnd(readFileSync(segment()))),
      /the log is whole up to \d+, and was acknowledged through \d+/,
    ],
    [
      'a log that is cut short',
      () => truncateSync(segment(), statSync(segment()).size - 100),
      /the log is whole up to \d+, and was acknowledged through \d+/,
    ],
    ['a log that is gone', () => rmSync(join(folder, 'log'), { recursive: true }), /the log is missing, and was acknowledged through \d+/],
  ])('by %s: the node refuses to start, and says why', async (_, damage, reason) => {
    const first = await runOn();
    for (let n = 0; n < 5; n++) await first.client.appendToStream('s', event(0, 50));
    await first.client.dispose();
    await first.node.stop();
    const second = await runOn();
    await second.client.appendToStream('s', event(0, 50));
    await second.client.dispose();
    await second.node.kill();
    damage();
    const { code, stderr } = await EventStoreProcess.run(folder).end;
    expect(code).toBe(1);
    expect(stderr).toMatch(reason);
  });

  it('by letting nobody write: the node refuses to start, and names the folder', async () => {
    chmodSync(folder, 0o555);
    const index = pathToFileURL(join(import.meta.dirname, '../../libs/embedded/event-store/dist/index.js')).href;
    // who may write everywhere becomes someone who may not, when all that is needed is loaded
    const script = `
      const { startEventStoreNode } = await import(${JSON.stringify(index)});
      const options = { security: 'insecure', thread: 'same' };
      await (await startEventStoreNode(options)).stop();
      if (process.getuid() === 0) process.seteuid(65534);
      await startEventStoreNode({ ...options, dataDir: ${JSON.stringify(folder)} }).catch(({ message }) => console.log(message));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    chmodSync(folder, 0o755);
    expect(stdout).toContain(`The folder ${folder} cannot be written: EACCES: permission denied`);
    expect(readdirSync(folder)).toEqual([]);
  });
});
