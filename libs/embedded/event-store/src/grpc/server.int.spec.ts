import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { scratchFolder } from '../log/log.fixture.js';
import { certificateIn } from '../security/certificate.js';
import { GrpcServer } from './server.js';

const GREETING_MS = 100;

let scratch: ReturnType<typeof scratchFolder>;
const servers: GrpcServer[] = [];
beforeEach(() => {
  scratch = scratchFolder();
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  scratch.remove();
});

const listen = async (tls?: { cert: string; key: string }): Promise<number> => {
  const server = new GrpcServer({
    handlers: new Map(),
    ...(tls && { tls }),
    http: (_, response) => void response.end(),
    maxMessageBytes: 1_000,
    maxConnections: 10,
    maxCallsPerConnection: 10,
    greetingMs: GREETING_MS,
  });
  servers.push(server);
  return server.listen('127.0.0.1', 0);
};

const isClosed = async (socket: Socket): Promise<boolean> => {
  socket.on('error', () => undefined).resume();
  await once(socket, 'close');
  return true;
};

describe('who connects and says nothing', () => {
  it.each(['', 'PRI', 'PRI * HTTP/2.0\r\n\r\nSM', 'GET /ping HTTP/1.1\r\n'])('but %j, is not waited for', async (words) => {
    const socket = connect(await listen(), '127.0.0.1', () => socket.write(words));
    expect(await isClosed(socket)).toBe(true);
  });

  it('is not waited for where TLS is spoken, before it and within it', async () => {
    const { cert, key } = await certificateIn(scratch.path);
    const port = await listen({ cert, key });
    const encrypted = (...ALPNProtocols: string[]) => connectTls({ port, host: 'localhost', ca: cert, ALPNProtocols });
    const sockets = [connect(port, '127.0.0.1'), encrypted('h2'), encrypted('http/1.1'), encrypted()];
    expect(await Promise.all(sockets.map(isClosed))).toEqual([true, true, true, true]);
  });

  it('stays when it has said what it speaks', async () => {
    const session = connectHttp2(`http://127.0.0.1:${await listen()}`);
    await once(session, 'remoteSettings');
    const late = connect(await listen(), '127.0.0.1');
    // a connection that began later has run out of its time
    await isClosed(late);
    const request = session.request({ ':method': 'POST', ':path': '/s/m', 'content-type': 'application/grpc' });
    expect((await once(request, 'response'))[0]).toMatchObject({ 'grpc-status': '12' });
    session.destroy();
  });
});
