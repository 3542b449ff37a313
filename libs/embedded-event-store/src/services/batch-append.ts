import type { handleBidiStreamingCall } from '@grpc/grpc-js';
import { createRequire } from 'node:module';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import { RpcError } from '../errors.js';
import type { ExpectedRevision } from '../log/append-decision.js';
import type { ProposedEvent } from '../log/record.js';
import type { Writing, WriteResult } from '../log/writing.js';
import type { Access } from '../security/access.js';
import { shared, status as statusPb, streams } from '../wire/messages.js';
import { assertWritable } from './append.js';
import { MAX_APPEND_BYTES, proposedEventOf, streamNameOf } from './proposed.js';

const require = createRequire(import.meta.url);
const clientRequire = createRequire(require.resolve('@eventstore/db-client'));
const { Any } = clientRequire('google-protobuf/google/protobuf/any_pb.js') as typeof import('google-protobuf/google/protobuf/any_pb.js');
const { Empty } = clientRequire(
  'google-protobuf/google/protobuf/empty_pb.js',
) as typeof import('google-protobuf/google/protobuf/empty_pb.js');

/** gRPC's codes as google.rpc.Status writes them. */
const CODES = { invalidArgument: 3, deadlineExceeded: 4, permissionDenied: 7, failedPrecondition: 9, unknown: 2 } as const;

/** How long an append may wait for its last message where the client names no deadline of its own. */
const MAX_WAIT_MS = 60_000;

/** One append under way: its messages come in pieces, between those of others. */
type Pending = {
  readonly correlationId: sharedPb.UUID;
  readonly options: streamsPb.BatchAppendReq.Options;
  readonly streamName: string;
  readonly expected: ExpectedRevision;
  readonly events: ProposedEvent[];
  bytes: number;
  timer?: NodeJS.Timeout;
};

type Detail = Readonly<{ code: number; message: string; type: string; value?: { serializeBinary(): Uint8Array } }>;

const error = ({ code, message, type, value }: Detail) => {
  const any = new Any();
  any.setTypeUrl(`type.googleapis.com/${type}`);
  any.setValue(value?.serializeBinary() ?? new Uint8Array());
  const status = new statusPb.Status();
  status.setCode(code);
  status.setMessage(message);
  status.setDetails(any);
  return status;
};

const wrongExpectedVersion = (expected: ExpectedRevision, current: bigint) => {
  const wrong = new shared.WrongExpectedVersion();
  if (current < 0n) wrong.setCurrentNoStream(new Empty() as never);
  else wrong.setCurrentStreamRevision(current.toString());
  if (expected === 'any') wrong.setExpectedAny(new Empty() as never);
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(new Empty() as never);
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new Empty() as never);
  else wrong.setExpectedStreamPosition(expected.toString());
  return error({
    code: CODES.failedPrecondition,
    message: 'WrongExpectedVersion',
    type: 'event_store.client.WrongExpectedVersion',
    value: wrong,
  });
};

const streamDeleted = (identifier: sharedPb.StreamIdentifier | undefined) => {
  const deleted = new shared.StreamDeleted();
  deleted.setStreamIdentifier(identifier);
  return error({ code: CODES.failedPrecondition, message: 'StreamDeleted', type: 'event_store.client.StreamDeleted', value: deleted });
};

const tooLarge = () => {
  const exceeded = new shared.MaximumAppendSizeExceeded();
  exceeded.setMaxappendsize(MAX_APPEND_BYTES);
  return error({
    code: CODES.invalidArgument,
    message: 'MaximumAppendSizeExceeded',
    type: 'event_store.client.MaximumAppendSizeExceeded',
    value: exceeded,
  });
};

const badRequest = (message: string) => {
  const bad = new shared.BadRequest();
  bad.setMessage(message);
  return error({ code: CODES.invalidArgument, message, type: 'event_store.client.BadRequest', value: bad });
};

const timedOut = () => error({ code: CODES.deadlineExceeded, message: 'Timeout', type: 'event_store.client.Timeout' });
const denied = () => error({ code: CODES.permissionDenied, message: 'AccessDenied', type: 'event_store.client.AccessDenied' });
const unknown = () => error({ code: CODES.unknown, message: 'Unknown', type: 'event_store.client.Unknown' });

const success = ({ revision, position }: Extract<WriteResult, { kind: 'written' }>) => {
  const done = new streams.BatchAppendResp.Success();
  if (revision < 0n) done.setNoStream(new Empty() as never);
  else done.setCurrentRevision(revision.toString());
  if (position === undefined) done.setNoPosition(new Empty() as never);
  else {
    const at = new shared.AllStreamPosition();
    at.setCommitPosition(position.toString());
    at.setPreparePosition(position.toString());
    done.setPosition(at);
  }
  return done;
};

const expectedOf = (options: streamsPb.BatchAppendReq.Options): ExpectedRevision => {
  if (options.hasStreamPosition()) return BigInt(options.getStreamPosition());
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
};

const waitMs = (options: streamsPb.BatchAppendReq.Options): number => {
  const deadline = options.getDeadline();
  return deadline ? deadline.getSeconds() * 1_000 + deadline.getNanos() / 1e6 - Date.now() : MAX_WAIT_MS;
};

/**
 * `Streams.BatchAppend`: many appends on one long call, their messages interleaved, each told apart by its correlation id. Each is answered
 * exactly once, in the order they come to be settled: a second answer would end the client.
 */
export const batchAppend =
  (writing: Writing, access: Access): handleBidiStreamingCall<streamsPb.BatchAppendReq, streamsPb.BatchAppendResp> =>
  (call) => {
    const pending = new Map<string, Pending>();
    /** Settled before their last message came: what follows of them is dropped. */
    const settled = new Set<string>();
    let ended = false;

    const answer = (
      key: string,
      correlationId: sharedPb.UUID,
      options: streamsPb.BatchAppendReq.Options | undefined,
      fill: (response: streamsPb.BatchAppendResp) => void,
    ) => {
      clearTimeout(pending.get(key)?.timer);
      pending.delete(key);
      if (call.cancelled || call.destroyed) return;
      const response = new streams.BatchAppendResp();
      response.setCorrelationId(correlationId);
      response.setStreamIdentifier(options?.getStreamIdentifier());
      if (options?.hasStreamPosition()) response.setStreamPosition(options.getStreamPosition());
      else if (options?.hasNoStream()) response.setNoStream(new Empty() as never);
      else if (options?.hasStreamExists()) response.setStreamExists(new Empty() as never);
      else response.setAny(new Empty() as never);
      fill(response);
      call.write(response);
      if (ended && pending.size === 0) call.end();
    };

    const refuse = (key: string, request: streamsPb.BatchAppendReq, status: ReturnType<typeof error>) => {
      const options = request.getOptions() ?? pending.get(key)?.options;
      if (!request.getIsFinal()) settled.add(key);
      answer(key, request.getCorrelationId() as sharedPb.UUID, options, (response) => response.setError(status));
    };

    const begin = (key: string, request: streamsPb.BatchAppendReq, options: streamsPb.BatchAppendReq.Options): Pending => {
      access.authorize(call.metadata);
      const streamName = streamNameOf(options);
      assertWritable(streamName);
      const append: Pending = {
        correlationId: request.getCorrelationId() as sharedPb.UUID,
        options,
        streamName,
        expected: expectedOf(options),
        events: [],
        bytes: 0,
      };
      pending.set(key, append);
      return append;
    };

    const finish = async (key: string, append: Pending) => {
      clearTimeout(append.timer);
      const { correlationId, options, streamName, expected, events } = append;
      try {
        const result = await writing.append(streamName, expected, events);
        answer(key, correlationId, options, (response) => {
          if (result.kind === 'written') response.setSuccess(success(result));
          else if (result.kind === 'stream-deleted') response.setError(streamDeleted(options.getStreamIdentifier()));
          else response.setError(wrongExpectedVersion(expected, result.current));
        });
      } catch {
        answer(key, correlationId, options, (response) => response.setError(unknown()));
      }
    };

    const take = (request: streamsPb.BatchAppendReq) => {
      const key = Buffer.from(request.getCorrelationId()?.serializeBinary() ?? []).toString('latin1');
      if (settled.has(key)) {
        if (request.getIsFinal()) settled.delete(key);
        return;
      }
      const options = request.getOptions();
      try {
        const append = pending.get(key) ?? (options && begin(key, request, options));
        if (!append) return refuse(key, request, badRequest('The first message of an append carries its options'));
        const wait = options ? waitMs(options) : undefined;
        if (wait !== undefined && wait <= 0) return refuse(key, request, timedOut());
        for (const message of request.getProposedMessagesList()) {
          const event = proposedEventOf(message);
          if (event.type === '') return refuse(key, request, badRequest('An event has a type'));
          append.bytes += event.data.length;
          append.events.push(event);
        }
        if (append.bytes > MAX_APPEND_BYTES) return refuse(key, request, tooLarge());
        if (request.getIsFinal()) return void finish(key, append);
        if (wait !== undefined) append.timer = setTimeout(() => refuse(key, request, timedOut()), Math.min(wait, MAX_WAIT_MS)).unref();
      } catch (fault) {
        if (!(fault instanceof RpcError)) throw fault;
        const exception = fault.metadata.get('exception')[0];
        if (fault.code === 16) return void call.emit('error', fault);
        refuse(key, request, exception === 'access-denied' ? denied() : badRequest(fault.message));
      }
    };

    call.on('data', take);
    call.on('end', () => {
      ended = true;
      if (pending.size === 0) call.end();
    });
    const release = () => {
      for (const { timer } of pending.values()) clearTimeout(timer);
      pending.clear();
    };
    call.on('cancelled', release);
    call.on('close', release);
  };
