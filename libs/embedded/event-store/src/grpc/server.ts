import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { constants, performServerHandshake, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { ServerCall, type Handler } from './call.js';
import { RpcError, status } from './status.js';

export type GrpcServerOptions = Readonly<{
  /** What is served, by path: `/service/Method`. */
  handlers: ReadonlyMap<string, Handler>;
  /** Absent: HTTP/2 without TLS, with prior knowledge. */
  tls?: Readonly<{ cert: string; key: string }>;
  /** Answers what is asked in HTTP/1.1. */
  http: RequestListener;
  maxMessageBytes: number;
  maxConnections: number;
  maxCallsPerConnection: number;
  /** A client that has connected says within so many milliseconds what it speaks, and what it wants in HTTP/1.1; 10,000 by default. */
  greetingMs?: number;
}>;

/** How much a client may send before it is read: more than the default, for appends come in pieces of megabytes. */
const STREAM_WINDOW_BYTES = 4 * 1_048_576;
const CONNECTION_WINDOW_BYTES = 16 * 1_048_576;
/** What HTTP/2 may hold for one connection, in megabytes: mostly events that its reader does not take yet. */
const SESSION_MEMORY_MB = 256;
const GREETING_MS = 10_000;
/** How long `close` waits for answers to leave. */
const LEAVING_MS = 1_000;

const HTTP2_PREFACE = 'PRI ';

const SESSION_OPTIONS = {
  maxSessionMemory: SESSION_MEMORY_MB,
  settings: { initialWindowSize: STREAM_WINDOW_BYTES, maxConcurrentStreams: 2 ** 32 - 1 },
};

/**
 * A gRPC server (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) on Node's HTTP/2: calls are handed over with their bytes
 * as they came, and answered in as large pieces as there is to say. HTTP/1.1 is answered on the same port.
 */
export class GrpcServer {
  private readonly server: Server;
  private readonly http;
  private readonly greetingMs: number;
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly calls = new Set<ServerCall>();
  private readonly sockets = new Set<Socket>();

  constructor(private readonly options: GrpcServerOptions) {
    this.greetingMs = options.greetingMs ?? GREETING_MS;
    this.http = createHttpServer(options.http);
    this.http.timeout = this.greetingMs;
    const socketOptions = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 };
    if (options.tls) {
      this.server = createTlsServer({
        ...socketOptions,
        ...options.tls,
        handshakeTimeout: this.greetingMs,
        ALPNProtocols: ['h2', 'http/1.1'],
      });
      this.server.on('secureConnection', (socket: TLSSocket) => {
        if (socket.alpnProtocol === 'h2') this.speakHttp2(socket);
        else this.http.emit('connection', socket);
      });
      this.server.on('tlsClientError', (_, socket) => socket.destroy());
    } else {
      this.server = createServer(socketOptions, (socket) => this.greet(socket));
    }
    this.server.maxConnections = options.maxConnections;
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    });
  }

  /** @returns the port it listens on */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes no more connections, ends every call, and resolves when all connections are closed. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const call of this.calls) call.fail(new RpcError(status.CANCELLED, 'The server is stopping'));
    for (const session of this.sessions) session.close();
    this.http.closeAllConnections();
    const leaving = setTimeout(() => {
      for (const socket of this.sockets) socket.destroy();
    }, LEAVING_MS);
    if (this.sessions.size === 0) for (const socket of this.sockets) socket.destroy();
    await closed;
    clearTimeout(leaving);
  }

  /** Without TLS nothing but its first words says what a client speaks. */
  private greet(socket: Socket): void {
    socket.setTimeout(this.greetingMs, () => socket.destroy());
    let words: Buffer = Buffer.alloc(0);
    const listen = () => {
      const more = socket.read() as Buffer | null;
      if (!more) return;
      words = Buffer.concat([words, more]);
      if (words.length < HTTP2_PREFACE.length) return;
      // given back only now: what is given back is said to be there, at once and again
      socket.unshift(words);
      socket.off('readable', listen);
      socket.setTimeout(0);
      if (words.toString('latin1', 0, HTTP2_PREFACE.length) === HTTP2_PREFACE) this.speakHttp2(socket);
      else this.http.emit('connection', socket);
    };
    socket.on('readable', listen);
  }

  private speakHttp2(socket: Socket): void {
    const session = performServerHandshake(socket, SESSION_OPTIONS);
    const calls = new Set<ServerCall>();
    this.sessions.add(session);
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.setTimeout(this.greetingMs, () => session.destroy());
    session.once('remoteSettings', () => session.setTimeout(0));
    session.on('error', () => session.destroy());
    session.once('close', () => this.sessions.delete(session));
    session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      this.answer(stream, headers, calls);
    });
  }

  private answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, callsOfConnection: Set<ServerCall>): void {
    const { handlers, maxCallsPerConnection, maxMessageBytes } = this.options;
    if (!headers['content-type']?.startsWith('application/grpc')) {
      stream.respond({ ':status': constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE }, { endStream: true });
      return;
    }
    const call = new ServerCall(stream, headers, maxMessageBytes, () => {
      this.calls.delete(call);
      callsOfConnection.delete(call);
    });
    this.calls.add(call);
    callsOfConnection.add(call);
    if (callsOfConnection.size > maxCallsPerConnection) {
      call.fail(new RpcError(status.RESOURCE_EXHAUSTED, `A connection has at most ${maxCallsPerConnection} calls at once`));
      return;
    }
    const handler = handlers.get(headers[':path'] ?? '');
    if (handler) handler(call);
    else call.fail(new RpcError(status.UNIMPLEMENTED, `${headers[':path']} is not served here`));
  }
}
