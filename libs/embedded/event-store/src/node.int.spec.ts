import { AccessDeniedError, END, jsonEvent, NO_STREAM, type EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FolderInUse, startEventStoreNode, type EventStoreNodeOptions } from './index.js';
import { cheapHash, collect, NodeFixture, until } from './node.fixture.js';

let fixture: NodeFixture;
const start = async (options: Partial<EventStoreNodeOptions> = {}) => {
  fixture = new NodeFixture(options);
  await fixture.start();
};
afterEach(() => fixture.remove());

const event = (type = 'Happened') => jsonEvent({ type, data: { at: 1 } });

describe('a node with users', () => {
  const ada = { username: 'ada', password: 'secret' };
  const bob = { username: 'bob', password: 'b0b' };
  const olga = { username: 'olga', password: 'olga' };
  const eve = { username: 'ada', password: 'guessed' };
  beforeEach(() =>
    start({
      security: {
        users: [
          { username: 'ada', passwordHash: cheapHash(ada.password), groups: ['$admins'] },
          { username: 'bob', passwordHash: cheapHash(bob.password), groups: [] },
          { username: 'olga', passwordHash: cheapHash(olga.password), groups: ['$ops'] },
        ],
      },
      limits: { failedLoginsPerMinute: 5 },
    }),
  );

  const denied = (call: Promise<unknown>) => expect(call).rejects.toBeInstanceOf(AccessDeniedError);

  it('speaks TLS, with a key that its owner alone reads', () => {
    expect(fixture.node.connectionString).toMatch(/tls=true$/);
    expect(statSync(join(fixture.folder, 'certificate.key')).mode & 0o077).toBe(0);
  });

  it('lets in who has the right password', async () => {
    await fixture.client(ada).appendToStream('s', event());
    expect(await collect(fixture.client(bob).readStream('s'))).toHaveLength(1);
  });

  it('lets in nobody without, for any kind of call', async () => {
    await fixture.client(ada).appendToStream('s', event());
    for (const client of [fixture.client(eve), fixture.client()]) {
      await denied(client.appendToStream('s', event()));
      await denied(collect(client.readStream('s')));
      await denied(collect(client.subscribeToAll()));
      await denied(client.deleteStream('s'));
    }
    // one call's credentials are that call's
    const client = fixture.client(ada);
    await denied(client.appendToStream('s', event(), { credentials: eve }));
    expect(await collect(client.readStream('s'))).toHaveLength(1);
  });

  it('follows access control lists, in batches and in single appends, and of what links lead to', async () => {
    const [admin, client] = [fixture.client(ada), fixture.client(bob)];
    await admin.appendToStream('private', event());
    await admin.setStreamMetadata('private', { acl: { readRoles: ['ada'], writeRoles: ['$admins'] } });
    await denied(client.appendToStream('private', event()));
    await denied(client.appendToStream('private', event(), { credentials: bob }));
    await denied(collect(client.readStream('private')));
    await denied(collect(client.readAll({ maxCount: 1 })));
    await denied(client.appendToStream('$system', event()));

    await client.appendToStream('links', { ...event('$>'), contentType: 'application/octet-stream', data: Buffer.from('0@private') });
    const [link] = await collect(client.readStream('links', { resolveLinkTos: true }));
    expect(link).toMatchObject({ link: { type: '$>' } });
    expect(link?.event).toBeUndefined();
    const [seen] = await collect(admin.readStream('links', { resolveLinkTos: true }));
    expect(seen?.event?.streamId).toBe('private');
  });

  it('lets operators manage consumer groups, and those consume who may read', async () => {
    const settings = { startFrom: 'start' } as const;
    const { persistentSubscriptionToStreamSettingsFromDefaults: withDefaults } = await import('@eventstore/db-client');
    const [operator, client] = [fixture.client(olga), fixture.client(bob)];
    await denied(client.createPersistentSubscriptionToStream('s', 'g', withDefaults(settings)));
    await operator.createPersistentSubscriptionToStream('s', 'g', withDefaults(settings));
    await client.appendToStream('s', event());
    const consumer = client.subscribeToPersistentSubscriptionToStream('s', 'g');
    for await (const message of consumer) {
      await consumer.ack(message);
      break;
    }
    expect((await client.getPersistentSubscriptionToStreamInfo('s', 'g')).groupName).toBe('g');
    await denied(client.deletePersistentSubscriptionToStream('s', 'g'));
    await fixture.client(ada).setStreamMetadata('s', { acl: { readRoles: ['ada'] } });
    await denied(collect(client.subscribeToPersistentSubscriptionToStream('s', 'g')));
  });

  it('records who its users are, and nothing of their passwords', async () => {
    const all = await collect(fixture.client(ada).readAll());
    expect(all.map(({ event: seen }) => `${seen?.streamId} ${seen?.type}`)).toEqual([
      ...['$user-ada $UserCreated', '$users $User', '$user-bob $UserCreated', '$users $User', '$user-olga $UserCreated', '$users $User'],
    ]);
    // what is in them, not their ids: those are random, and may spell anything
    const told = all.map(({ event: seen }) => [seen?.data, seen?.metadata]);
    expect(JSON.stringify(told)).not.toMatch(/secret|scrypt|b0b/);
    await fixture.restart();
    expect(await collect(fixture.client(ada).readAll())).toHaveLength(6);
  });

  it('makes who guesses wait', async () => {
    const client = fixture.client();
    for (let n = 0; n < 5; n++) await denied(client.deleteStream('s', { credentials: { ...bob, password: `guess ${n}` } }));
    await expect(client.deleteStream('s', { credentials: bob })).rejects.toThrow(/Too many failed logins: try again in \d+ s/);
  });
});

describe('a node', () => {
  it('needs no more than an administrator', async () => {
    const administrator = { username: 'admin', password: 'changeit' };
    await start({ security: administrator, thread: 'same' });
    await fixture.client(administrator).appendToStream('$system', event());
  });

  it('is insecure on loopback only', async () => {
    await start();
    await expect(startEventStoreNode({ host: '0.0.0.0', security: 'insecure', thread: 'same' })).rejects.toThrow(
      /listens on loopback only, not on 0\.0\.0\.0/,
    );
  });

  it('has its folder alone, and gives it back', async () => {
    await start();
    const second = () => startEventStoreNode({ dataDir: fixture.folder, security: 'insecure', thread: 'same' });
    await expect(second()).rejects.toThrow(FolderInUse);
    await expect(second()).rejects.toThrow(new RegExp(`The folder ${fixture.folder} belongs to process ${process.pid}`));
    await fixture.stop();
    await (await second()).stop();
  });

  it('gives everything back when it cannot listen', async () => {
    await start();
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => taken.once('listening', listening));
    const { port } = taken.address() as AddressInfo;
    await fixture.stop();
    await expect(startEventStoreNode({ dataDir: fixture.folder, port, security: 'insecure', thread: 'same' })).rejects.toThrow(
      /EADDRINUSE/,
    );
    await new Promise((closed) => taken.close(closed));
    await fixture.start();
  });

  it('refuses limits that are none', async () => {
    await start();
    const limited = (limits: EventStoreNodeOptions['limits'] & object) =>
      startEventStoreNode({ security: 'insecure', thread: 'same', limits });
    await expect(limited({ connections: 0 })).rejects.toThrow('The limit connections is a whole number from 1 on, not 0');
    await expect(limited({ appendBytes: 2 ** 30 })).rejects.toThrow('The limit appendBytes is at most 15728640, not 1073741824');
  });

  it('answers in HTTP/1.1 that it is there, on the same port', async () => {
    await start();
    const get = (path: string) =>
      new Promise<string>((resolve, reject) => {
        request({ host: '127.0.0.1', port: fixture.node.port, path }, (response) => {
          let text = `${response.statusCode} `;
          response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
        })
          .on('error', reject)
          .end();
      });
    expect(await get('/ping')).toBe('200 {"msgTypeId":0,"text":"Ping request successfully handled"}');
    expect([await get('/health/live'), await get('/streams/s')]).toEqual(['204 ', '404 ']);
  });

  it('finishes what it was told when it is stopped, and goes on from there', async () => {
    await start();
    const client = fixture.client();
    const appends = Array.from({ length: 200 }, (_, n) => client.appendToStream(`s-${n}`, event(), { expectedRevision: NO_STREAM }));
    await appends[0];
    await fixture.node.stop();
    const outcomes = await Promise.allSettled(appends);
    await fixture.restart();
    const stored = await collect(fixture.client().readAll());
    const answered = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(stored.length).toBeGreaterThanOrEqual(answered);
    expect(new Set(stored.map(({ event: seen }) => seen?.streamId)).size).toBe(stored.length);
  });
});

describe('the limits of a node', () => {
  let session: ClientHttp2Session;
  const open = async (limits: EventStoreNodeOptions['limits'] & object) => {
    await start({ limits });
    session = connect(`http://127.0.0.1:${fixture.node.port}`);
    await new Promise((connected) => session.once('connect', connected));
  };
  afterEach(() => session.destroy());

  /** One call by hand; its status, once there is one. */
  const call = (path: string, body?: Buffer, encoding = 0) => {
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' });
    const status = new Promise<string>((resolve) => {
      const look = (headers: Record<string, unknown>) => {
        if (headers['grpc-status'] !== undefined)
          resolve(`${String(headers['grpc-status'])} ${decodeURIComponent(String(headers['grpc-message'] ?? ''))}`);
      };
      stream
        .on('response', look)
        .on('trailers', look)
        .on('data', () => undefined)
        .on('error', () => resolve('reset'));
    });
    if (body) {
      const head = Buffer.alloc(5);
      head[0] = encoding;
      head.writeUInt32BE(body.length, 1);
      stream.write(Buffer.concat([head, body]));
    }
    return { status, stream };
  };

  const READ = '/event_store.client.streams.Streams/Read';

  it('let a connection have so many calls and refuse one more by protocol', async () => {
    await open({ callsPerConnection: 3 });
    const calls = [1, 2, 3].map(() => call(READ));
    expect(await call(READ).status).toBe('8 A connection has at most 3 calls at once');
    calls[0]?.stream.close(constants.NGHTTP2_CANCEL);
    await until(async () => {
      const { stream, status } = call(READ);
      stream.end();
      // no request is a bad one: it was looked at
      return (await status).startsWith('3 ');
    });
  });

  it('let so many subscribe', async () => {
    await open({ subscriptions: 2 });
    const client: EventStoreDBClient = fixture.client();
    const subscriptions = [1, 2].map(() => client.subscribeToAll({ fromPosition: END }));
    await Promise.all(subscriptions.map((subscription) => new Promise((confirmed) => subscription.once('confirmation', confirmed))));
    await expect(collect(client.subscribeToAll())).rejects.toThrow('The server has at most 2 subscriptions at once');
    await subscriptions[0]?.unsubscribe();
    const again = client.subscribeToAll();
    await new Promise((confirmed) => again.once('confirmation', confirmed));
    await Promise.all([subscriptions[1]?.unsubscribe(), again.unsubscribe()]);
  });

  it('close a connection too many', async () => {
    await open({ connections: 2 });
    const second = connect(`http://127.0.0.1:${fixture.node.port}`).on('error', () => undefined);
    await new Promise((connected) => second.once('connect', connected));
    const third = connect(`http://127.0.0.1:${fixture.node.port}`).on('error', () => undefined);
    await new Promise((closed) => third.once('close', closed));
    second.destroy();
  });

  it('let an append carry so much', async () => {
    await open({ appendBytes: 2_000 });
    const client = fixture.client();
    const large = jsonEvent({ type: 'Large', data: 'x'.repeat(2_000) });
    await expect(client.appendToStream('s', large)).rejects.toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: 2_000 });
    await client.appendToStream('s', jsonEvent({ type: 'Small', data: 'x'.repeat(1_900) }));
  });

  it('take no message that is too large, compressed, or no message', async () => {
    await open({});
    const announced = call(READ, Buffer.alloc(100)).stream;
    announced.close(constants.NGHTTP2_CANCEL);
    const huge = call('/event_store.client.streams.Streams/Append');
    huge.stream.write(Buffer.from('00ffffffff', 'hex'));
    expect(await huge.status).toMatch(/^8 A message has at most \d+ bytes, this one has 4294967295$/);
    expect(await call(READ, Buffer.alloc(10), 1).status).toMatch(/^12 Compressed messages/);
    const nonsense = call(READ, Buffer.from('ffffffffffffffffffff', 'hex'));
    nonsense.stream.end();
    expect(await nonsense.status).toBe('3 The request is not the message that it should be');
    expect(await call('/event_store.client.users.Users/Create').status).toMatch(/^12 .*is not served here$/);
  });

  it('take an end to a call that has a deadline', async () => {
    await open({});
    const stream = session.request({ ':method': 'POST', ':path': READ, 'content-type': 'application/grpc', 'grpc-timeout': '20m' });
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
    expect(headers['grpc-status']).toBe('4');
  });

  it('are those of whoever speaks HTTP/2, and nothing else', async () => {
    await open({});
    const { createConnection } = await import('node:net');
    const socket: Socket = createConnection(fixture.node.port, '127.0.0.1');
    socket.write('NOTHING AT ALL\r\n\r\n');
    await new Promise((closed) => socket.on('data', () => undefined).once('close', closed));
  });
});
