import type { ServerCall } from '../grpc/call.js';
import type { ExpectedRevision } from '../log/append-decision.js';
import type { ProposedEvent } from '../log/record.js';
import type { WriteResult } from '../log/writing.js';
import { status } from '../grpc/status.js';
import { asRpcError, RpcError } from '../rpc-error.js';
import type { Principal } from '../security/principal.js';
import { readExpected, readProposedEvent, readStreamName } from '../wire/append-requests.js';
import { batchAppendedResponse, batchErrors, batchRefusedResponse, type BatchError, type BatchHead } from '../wire/append-responses.js';
import { Reader } from '../wire/protobuf.js';
import type { Method, NodeContext } from './node-services.js';

/** How long an append may take until its last message is there, where the client names no deadline of its own, and at most. */
const MAX_WAIT_MS = 60_000;

/** Appends that are begun on one call and not finished: so many, and so many bytes of them. */
const MAX_PENDING = 10_000;
const MAX_PENDING_BYTES = 64 * 1_048_576;

/** `BatchAppendReq`, before its parts are looked at. */
type BatchMessage = Readonly<{ correlationId: Buffer; options?: Reader; proposed: readonly Reader[]; isFinal: boolean }>;

const readBatchMessage = (message: Buffer): BatchMessage => {
  const request = new Reader(message);
  let correlationId: Buffer = Buffer.alloc(0);
  let options: Reader | undefined;
  const proposed: Reader[] = [];
  let isFinal = false;
  while (request.next()) {
    if (request.field === 1) correlationId = request.bytes();
    else if (request.field === 2) options = request.nested();
    else if (request.field === 3) proposed.push(request.nested());
    else if (request.field === 4) isFinal = request.bool();
  }
  return { correlationId, ...(options && { options }), proposed, isFinal };
};

/** `Timestamp` and `Duration` alike: seconds and nanoseconds. */
const readMs = (time: Reader): number => {
  let ms = 0;
  while (time.next()) {
    if (time.field === 1) ms += time.signed() * 1_000;
    else if (time.field === 2) ms += time.signed() / 1e6;
  }
  return ms;
};

type BatchOptions = { stream: Buffer; streamName: string; expected: ExpectedRevision; waitMs: number };

const readBatchOptions = (options: Reader): BatchOptions => {
  const read: BatchOptions = { stream: Buffer.alloc(0), streamName: '', expected: 'any', waitMs: MAX_WAIT_MS };
  while (options.next()) {
    if (options.field === 1) read.stream = options.bytes();
    else if (options.field === 6) read.waitMs = readMs(options.nested()) - Date.now();
    else if (options.field === 7) read.waitMs = readMs(options.nested());
    else read.expected = readExpected(options) ?? read.expected;
  }
  return read;
};

/** One append under way: its messages come in pieces, between those of others. */
type Pending = BatchHead & {
  streamName: string;
  readonly events: ProposedEvent[];
  /** Of data, which is limited; and of all that is held for it. */
  bytes: number;
  held: number;
  /** How long its last message may take. */
  readonly waitMs: number;
  timer?: NodeJS.Timeout;
};

/** The appends of one call. Each is answered exactly once, when it comes to be settled: a second answer would end the client. */
class Batch {
  private readonly pending = new Map<string, Pending>();
  /** Answered before their last message came: what follows of them is dropped. */
  private readonly dropped = new Set<string>();
  private held = 0;
  private writes = 0;
  private hasEnded = false;

  constructor(
    private readonly context: NodeContext,
    private readonly call: ServerCall,
    private readonly principal: Principal,
  ) {}

  take(message: Buffer): void {
    const { correlationId, options, proposed, isFinal } = readBatchMessage(message);
    const key = correlationId.toString('latin1');
    if (this.dropped.has(key)) {
      if (isFinal) this.dropped.delete(key);
      return;
    }
    const head: BatchHead = this.pending.get(key) ?? { correlationId, expected: 'any' };
    let refused: BatchError | undefined;
    try {
      refused = this.add(key, head, options, proposed, message.length);
      if (!refused) return isFinal ? void this.write(key) : this.awaitMore(key);
    } catch (error) {
      const { message: reason } = asRpcError(error, this.context.onFault);
      refused = batchErrors.badRequest(reason);
    }
    if (!isFinal) this.drop(key);
    this.answer(key, batchRefusedResponse(this.pending.get(key) ?? head, refused));
  }

  end(): void {
    this.hasEnded = true;
    this.endIfSettled();
  }

  /** Nobody waits for answers any more. */
  release(): void {
    for (const { timer } of this.pending.values()) clearTimeout(timer);
    this.pending.clear();
  }

  /** Adds what a message brings to its append. @returns why it cannot be */
  private add(
    key: string,
    head: BatchHead,
    options: Reader | undefined,
    proposed: readonly Reader[],
    size: number,
  ): BatchError | undefined {
    const { access, limits } = this.context;
    let append = this.pending.get(key);
    if (!append) {
      if (!options) return batchErrors.badRequest('The first message of an append carries its options');
      const { stream, expected, waitMs } = readBatchOptions(options);
      append = { ...head, stream, expected, waitMs, streamName: '', events: [], bytes: 0, held: 0 };
      this.pending.set(key, append);
      if (waitMs <= 0) return batchErrors.timedOut();
      append.streamName = readStreamName(new Reader(stream));
      if (!access.allows(this.principal, 'write', append.streamName)) return batchErrors.accessDenied();
    }
    append.held += size;
    this.held += size;
    if (this.pending.size > MAX_PENDING || this.held > MAX_PENDING_BYTES) {
      return batchErrors.failed(new RpcError(status.RESOURCE_EXHAUSTED, 'Too much is begun and not finished on this call'));
    }
    for (const message of proposed) {
      const event = readProposedEvent(message);
      if (event.type.length === 0) return batchErrors.badRequest('An event has a type');
      append.bytes += event.data.length;
      if (append.bytes > limits.appendBytes) return batchErrors.tooLarge(limits.appendBytes);
      append.events.push(event);
    }
    return undefined;
  }

  /** Takes an append off those that are begun. */
  private finish(key: string): Pending | undefined {
    const append = this.pending.get(key);
    if (!append) return undefined;
    clearTimeout(append.timer);
    this.pending.delete(key);
    this.held -= append.held;
    return append;
  }

  /** Remembers to pass over what is still to come of an append. */
  private drop(key: string): void {
    this.dropped.add(key);
    if (this.dropped.size <= MAX_PENDING) return;
    const [oldest] = this.dropped;
    this.dropped.delete(oldest as string);
  }

  /** There is more to come of an append, in time. */
  private awaitMore(key: string): void {
    const append = this.pending.get(key);
    if (!append) return;
    const expire = () => {
      this.drop(key);
      this.answer(key, batchRefusedResponse(append, batchErrors.timedOut()));
    };
    append.timer ??= setTimeout(expire, Math.min(append.waitMs, MAX_WAIT_MS)).unref();
  }

  private async write(key: string): Promise<void> {
    const append = this.finish(key);
    if (!append) return;
    this.writes++;
    const { writing } = this.context;
    try {
      const written = writing.append(append.streamName, append.expected, append.events);
      if (writing.isFull) void this.wait();
      this.answer(key, this.responseTo(append, await written));
    } catch (error) {
      this.answer(key, batchRefusedResponse(append, batchErrors.failed(asRpcError(error, this.context.onFault))));
    } finally {
      this.writes--;
      this.endIfSettled();
    }
  }

  private responseTo(append: Pending, result: WriteResult): Buffer {
    if (result.kind === 'written') return batchAppendedResponse(append, result);
    if (result.kind === 'stream-deleted') return batchRefusedResponse(append, batchErrors.streamDeleted(append.stream ?? Buffer.alloc(0)));
    return batchRefusedResponse(append, batchErrors.wrongExpectedVersion(append.expected, result.current));
  }

  /** Takes no more until what was taken is written: memory has its limits. */
  private async wait(): Promise<void> {
    this.call.pause();
    await this.context.writing.room();
    this.call.resume();
  }

  private answer(key: string, response: Buffer): void {
    this.finish(key);
    if (this.call.isOver) return;
    this.call.out.send(response);
    this.call.out.flushSoon();
    this.endIfSettled();
  }

  private endIfSettled(): void {
    if (this.hasEnded && this.pending.size === 0 && this.writes === 0) this.call.end();
  }
}

/** `Streams.BatchAppend`: many appends on one long call, their messages interleaved, each told apart by its correlation id. */
export const batchAppend =
  (context: NodeContext): Method =>
  (call, principal) =>
    new Promise((resolve, reject) => {
      const batch = new Batch(context, call, principal);
      call.onClose(() => {
        batch.release();
        resolve();
      });
      call.receive(
        (message) => batch.take(message),
        () => batch.end(),
        reject,
      );
    });
