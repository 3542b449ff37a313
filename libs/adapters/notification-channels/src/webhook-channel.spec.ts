import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { failureOf, notice } from './notice.fixture.js';
import { retryAfterMs } from './retry-after.js';
import { webhookChannel } from './webhook-channel.js';
import { webhookEndpoint } from './webhook-endpoint.js';
import { webhookSignatures } from './webhook-signature.js';

const NOW = Date.parse('2026-01-05T11:00:00.400Z');
const secret = (letter: string) => `whsec_${Buffer.alloc(24, letter).toString('base64')}`;
const PATH = '/hooks/T0KEN-in-the-path';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((stopped) => server.close(stopped));
  }
});

type Received = Readonly<{ method: string | undefined; url: string | undefined; headers: IncomingMessage['headers']; body: string }>;

/** A real server on loopback that keeps what it gets and answers as it is told. */
const serverThat = async (answer: (response: ServerResponse) => void) => {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ method: request.method, url: request.url, headers: request.headers, body });
      answer(response);
    });
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, server };
};

const channelTo = (origin: string, { timeLimitMs = 5_000, secrets = [secret('a')] } = {}) => {
  const [first, ...former] = secrets as [string, ...string[]];
  const endpoint = webhookEndpoint(`${origin}${PATH}`, first, ...former);
  return webhookChannel({ endpointOf: (id) => (id === 'ops' ? endpoint : undefined), now: () => NOW, timeLimitMs });
};
const toOps = { ...notice, to: 'ops' };
const answering =
  (status: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end();

describe('a webhook', () => {
  it('is a signed POST of what the notice says', async () => {
    const { origin, received } = await serverThat(answering(204));
    expect(await channelTo(origin).send(toOps)).toEqual({ reference: notice.noticeId, answer: '204' });
    const [{ method, url, headers, body }] = received as [Received];
    expect([method, url, headers['content-type']]).toEqual(['POST', PATH, 'application/json']);
    expect(JSON.parse(body)).toEqual({
      type: 'notice.update',
      timestamp: '2026-01-05T10:52:00.000Z',
      data: {
        ...{ noticeId: notice.noticeId, incidentId: 'INC0000123', eventId: notice.eventId, eventType: 'IncidentResolved' },
        ...{ subject: notice.subject, text: notice.text },
      },
    });
    const signed = `${notice.noticeId}.1767610800.${body}`;
    expect(headers).toMatchObject({
      'webhook-id': notice.noticeId,
      'webhook-timestamp': '1767610800',
      'webhook-signature': `v1,${createHmac('sha256', Buffer.alloc(24, 'a')).update(signed).digest('base64')}`,
    });
  });

  it('is signed as the reference implementations of Standard Webhooks sign', () => {
    const { keys } = webhookEndpoint('https://example.org', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(webhookSignatures(keys, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('is signed with every secret while one takes over from another', async () => {
    const { origin, received } = await serverThat(answering(200));
    await channelTo(origin, { secrets: [secret('b'), secret('a')] }).send(toOps);
    const both = String(received[0]?.headers['webhook-signature']).split(' ');
    expect(both).toHaveLength(2);
    await channelTo(origin).send(toOps);
    expect(both[1]).toBe(received[1]?.headers['webhook-signature']);
  });
});

describe('an answer', () => {
  it.each([
    [200, undefined],
    [202, undefined],
    [301, { fault: 'refused', canRetry: true }],
    [400, { fault: 'refused', canRetry: true }],
    [404, { fault: 'refused', canRetry: true }],
    [410, { fault: 'gone', canRetry: false }],
    [429, { fault: 'busy', canRetry: true, retryAfterMs: 120_000 }],
    [500, { fault: 'refused', canRetry: true }],
    [503, { fault: 'busy', canRetry: true, retryAfterMs: 120_000 }],
  ])('of %d says whether to try again', async (status, failure) => {
    const { origin } = await serverThat(answering(status, { 'retry-after': '120', location: '/elsewhere' }));
    if (failure === undefined) expect(await channelTo(origin).send(toOps)).toMatchObject({ answer: String(status) });
    else expect(await failureOf(channelTo(origin), toOps)).toMatchObject(failure);
  });

  it('that redirects is not followed', async () => {
    const { origin, received } = await serverThat(answering(307, { location: '/elsewhere' }));
    const { message } = await failureOf(channelTo(origin), toOps);
    expect(message).toBe(`The webhook at ${origin} answered 307: redirects are not followed`);
    expect(received).toHaveLength(1);
  });

  it('without end is not read to the end', async () => {
    const { origin, server } = await serverThat((response) => {
      response.writeHead(200);
      const more = () => {
        while (response.write(Buffer.alloc(65_536)));
        response.once('drain', more);
      };
      more();
    });
    const hungUp = new Promise((closed) => server.once('connection', (socket) => socket.once('close', closed)));
    expect(await channelTo(origin).send(toOps)).toMatchObject({ answer: '200' });
    await hungUp;
  });

  it('that does not come is not waited for', async () => {
    const { origin } = await serverThat(() => undefined);
    expect(await failureOf(channelTo(origin, { timeLimitMs: 200 }), toOps)).toMatchObject({ fault: 'timed-out', canRetry: true });
  });

  it('comes from somebody', async () => {
    const { origin, server } = await serverThat(answering(200));
    await new Promise((stopped) => server.close(stopped));
    const failure = await failureOf(channelTo(origin), toOps);
    expect(failure).toMatchObject({ fault: 'unreachable', canRetry: true });
    expect(failure.message).toBe(`The webhook at ${origin} cannot be reached (ECONNREFUSED)`);
  });

  it('comes from somebody who is who they say', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' } as never);
    const server = createTlsServer({ cert, key }, (_, response) => void response.end());
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await failureOf(channelTo(origin), toOps)).toMatchObject({ fault: 'insecure', canRetry: true });
  });

  it('comes from an endpoint that is set up', async () => {
    expect(await failureOf(channelTo('https://example.org'), { to: 'elsewhere' })).toMatchObject({
      fault: 'endpoint-unknown',
      canRetry: false,
    });
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Mon, 05 Jan 2026 11:01:00 GMT', 59_600],
    ['Mon, 05 Jan 2026 10:00:00 GMT', 0],
    ['9999999999', 86_400_000],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    [null, undefined],
  ])('%p is so many milliseconds', (header, ms) => expect(retryAfterMs(header, NOW)).toBe(ms));
});

describe('an endpoint', () => {
  it.each(['https://example.org/hook', 'http://localhost:8080/hook', 'http://127.0.0.1/hook', 'http://[::1]:1/hook'])(
    'may be %s',
    (url) => {
      expect(webhookEndpoint(url, secret('a')).url).toBe(url);
    },
  );

  it.each([
    'http://example.org/s3cret',
    'ftp://example.org/s3cret',
    'https://ada:s3cret@example.org',
    'http://127.0.0.1.example.org/s3cret',
    's3cret',
  ])('is not %s, and that is not repeated', (url) => {
    expect(() => webhookEndpoint(url, secret('a'))).toThrow(/^The URL of a webhook must start with https:(?!.*s3cret)/);
  });

  it.each([
    Buffer.alloc(24, 'x').toString('base64'),
    'whsec_',
    'whsec_s3cret',
    `whsec_${Buffer.alloc(23, 'x').toString('base64')}`,
    `whsec_${Buffer.alloc(65, 'x').toString('base64')}`,
    `whsec_${Buffer.alloc(24, 'x').toString('base64')}!`,
  ])('has no secret %s, and that is not repeated', (faulty) => {
    expect(() => webhookEndpoint('https://example.org', faulty)).toThrow(
      /^The secret of a webhook must be whsec_ and 24 to 64 bytes in base64$/,
    );
  });

  it('has at most three secrets', () => {
    expect(() => webhookEndpoint('https://example.org', secret('a'), secret('b'), secret('c'))).not.toThrow();
    expect(() => webhookEndpoint('https://example.org', secret('a'), secret('b'), secret('c'), secret('d'))).toThrow('at most 3');
  });
});

it('no failure tells a secret, nor the path, which may be one', async () => {
  const channels = await Promise.all(
    [
      answering(500),
      answering(301, { location: PATH }),
      answering(410),
      answering(503),
      (response: ServerResponse) => void response.destroy(),
    ].map(async (answer) => channelTo((await serverThat(answer)).origin)),
  );
  const failures = await Promise.all([
    ...channels.map((channel) => failureOf(channel, toOps)),
    failureOf(channelTo('https://[::1]:1'), toOps),
  ]);
  const told = inspect(failures, { depth: null, showHidden: true });
  for (const shown of ['whsec_', secret('a').slice(6, 20), 'T0KEN', 'a'.repeat(24)]) expect(told).not.toContain(shown);
});
