import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { Incoming } from './incoming.js';
import { Outgoing } from './outgoing.js';
import { RpcError, status, type StatusCode } from './status.js';

const UNITS_MS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };
/** A client that has its answer ends its side, too. */
const CLIENT_ENDS_WITHIN_MS = 5_000;
/** What a timer can count. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** `grpc-timeout`, in milliseconds. */
const timeoutOf = (header: string | undefined): number | undefined => {
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(header ?? '') ?? [];
  return digits === undefined ? undefined : Math.min(Number(digits) * (UNITS_MS[unit as string] as number), MAX_TIMEOUT_MS);
};

const RESPONSE = { ':status': 200, 'content-type': 'application/grpc+proto', 'grpc-accept-encoding': 'identity' } as const;

/** Percent-encoding as gRPC wants it of messages. */
const messageText = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^\x20-\x24\x26-\x7e]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

/** Header values are ASCII; what is not is shown by a question mark rather than failing the answer. */
const headerText = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

const trailersOf = (code: StatusCode, message = '', more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  'grpc-status': String(code),
  ...(message !== '' && { 'grpc-message': messageText(message) }),
  ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, headerText(value)])),
});

/** One call of a client, from its headers to its trailers. */
export class ServerCall {
  readonly out: Outgoing;
  private readonly timer: NodeJS.Timeout | undefined;
  private trailers: Record<string, string> | undefined;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly headers: IncomingHttpHeaders,
    private readonly maxMessageBytes: number,
    /** Told when it is over. */
    private readonly onOver: () => void,
  ) {
    // an error of the stream is the end of the call, which `onClose` tells
    stream.on('error', () => undefined);
    stream.once('close', onOver);
    this.out = new Outgoing(stream, () => this.respond());
    const timeoutMs = timeoutOf(this.metadata('grpc-timeout'));
    if (timeoutMs === undefined) return;
    const timer = setTimeout(() => this.fail(new RpcError(status.DEADLINE_EXCEEDED, 'The deadline has passed')), timeoutMs);
    this.timer = timer.unref();
    stream.once('close', () => clearTimeout(timer));
  }

  /** What the client said beside its messages, by its lower-case name. */
  metadata(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** The address that the client calls from. */
  get peer(): string {
    return this.stream.session?.socket.remoteAddress ?? '';
  }

  /** Nobody is there for an answer, or it was given. */
  get isOver(): boolean {
    return this.trailers !== undefined || this.stream.destroyed;
  }

  onClose(listener: () => void): void {
    if (this.stream.destroyed) listener();
    else this.stream.once('close', listener);
  }

  /** Takes the client's messages as they come. What `onMessage` throws goes to `onError`; the call is not ended by it. */
  receive(onMessage: (message: Buffer) => void, onEnd: () => void, onError: (error: unknown) => void): void {
    const incoming = new Incoming(this.maxMessageBytes);
    let failed = false;
    this.stream.on('data', (chunk: Buffer) => {
      if (failed || this.isOver) return;
      try {
        incoming.push(chunk, onMessage);
      } catch (error) {
        failed = true;
        onError(error);
      }
    });
    this.stream.once('end', () => {
      if (!failed && !this.isOver) onEnd();
    });
  }

  /** Lets the client wait with its next messages. */
  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  /** Ends the call well. */
  end(): void {
    this.finish(trailersOf(status.OK));
  }

  fail({ code, message, trailers }: RpcError): void {
    this.finish(trailersOf(code, message, trailers));
  }

  private finish(trailers: Record<string, string>): void {
    if (this.isOver) return;
    this.out.flush();
    this.trailers = trailers;
    this.onOver();
    clearTimeout(this.timer);
    if (this.stream.headersSent) this.stream.end();
    else this.stream.respond({ ...RESPONSE, ...trailers }, { endStream: true });
    // what the client still sends is not wanted, and not waited for
    this.stream.resume();
    if (this.stream.readableEnded) return;
    const waiting = setTimeout(() => this.stream.close(constants.NGHTTP2_NO_ERROR), CLIENT_ENDS_WITHIN_MS).unref();
    this.stream.once('close', () => clearTimeout(waiting));
  }

  private respond(): void {
    if (this.stream.headersSent) return;
    this.stream.respond(RESPONSE, { waitForTrailers: true });
    this.stream.once('wantTrailers', () => this.stream.sendTrailers(this.trailers ?? trailersOf(status.UNKNOWN)));
  }
}

export type Handler = (call: ServerCall) => void;
