import type { handleClientStreamingCall, handleUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { accessDenied, handlerFailed, maximumAppendSizeExceeded, RpcError, streamDeleted, wrongExpectedVersion } from '../errors.js';
import type { ExpectedRevision } from '../log/append-decision.js';
import { isMetastream } from '../log/event-log.js';
import type { ProposedEvent } from '../log/record.js';
import type { Writing, WriteResult } from '../log/writing.js';
import type { Access } from '../security/access.js';
import { shared, streams } from '../wire/messages.js';
import { expectedNumber, expectedOf, MAX_APPEND_BYTES, proposedEventOf, streamNameOf } from './proposed.js';

const appended = ({ revision, position }: Extract<WriteResult, { kind: 'written' }>): streamsPb.AppendResp => {
  const success = new streams.AppendResp.Success();
  if (revision < 0n) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(revision.toString());
  if (position === undefined) success.setNoPosition(new shared.Empty());
  else {
    const at = new streams.AppendResp.Position();
    at.setCommitPosition(position.toString());
    at.setPreparePosition(position.toString());
    success.setPosition(at);
  }
  const response = new streams.AppendResp();
  response.setSuccess(success);
  return response;
};

/** A lost revision is an answer of the classic append, not an error: the client decides whether to raise it. */
const refused = (expected: ExpectedRevision, current: bigint): streamsPb.AppendResp => {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (current < 0n) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(current.toString());
  if (expected === 'any') wrong.setExpectedAny(new shared.Empty());
  else if (expected === 'no_stream') wrong.setExpectedNoStream(new shared.Empty());
  else if (expected === 'stream_exists') wrong.setExpectedStreamExists(new shared.Empty());
  else wrong.setExpectedRevision(expected.toString());
  const response = new streams.AppendResp();
  response.setWrongExpectedVersion(wrong);
  return response;
};

/** `$all` is not a stream, and nobody writes to it. */
export const assertWritable = (streamName: string): void => {
  if (streamName === '$all') throw accessDenied();
};

/** `Streams.Append`: options first, then one message an event; the size is checked while they come. */
export const append =
  (writing: Writing, access: Access): handleClientStreamingCall<streamsPb.AppendReq, streamsPb.AppendResp> =>
  (call, respond) => {
    let stream: Readonly<{ name: string; expected: ExpectedRevision }> | undefined;
    const events: ProposedEvent[] = [];
    let bytes = 0;
    let settled = false;

    const settle: sendUnaryData<streamsPb.AppendResp> = (error, response) => {
      if (settled) return;
      settled = true;
      respond(error, response);
      call.resume();
    };
    const fail = (error: unknown) => settle(error instanceof RpcError ? error : handlerFailed());

    const take = (request: streamsPb.AppendReq) => {
      const options = request.getOptions();
      if (options) {
        access.authorize(call.metadata);
        const name = streamNameOf(options);
        assertWritable(name);
        stream = { name, expected: expectedOf(options) };
        return;
      }
      const message = request.getProposedMessage();
      if (!message) return;
      const event = proposedEventOf(message);
      if (event.type === '') throw handlerFailed();
      bytes += event.data.length;
      if (bytes > MAX_APPEND_BYTES) throw maximumAppendSizeExceeded(MAX_APPEND_BYTES);
      events.push(event);
    };

    call.on('data', (request: streamsPb.AppendReq) => {
      if (settled) return;
      try {
        take(request);
      } catch (error) {
        fail(error);
      }
    });
    call.on('error', fail);
    call.on('end', () => {
      if (settled) return;
      if (!stream) return fail(handlerFailed());
      const { name, expected } = stream;
      writing.append(name, expected, events).then((result) => {
        if (result.kind === 'stream-deleted') fail(streamDeleted(name));
        else settle(null, result.kind === 'written' ? appended(result) : refused(expected, result.current));
      }, fail);
    });
  };

type DeleteKind = 'delete' | 'tombstone';

/** What both kinds of deletion share: options in, a position out, a lost revision as an error. */
const deletion = async (
  kind: DeleteKind,
  options: streamsPb.DeleteReq.Options | streamsPb.TombstoneReq.Options | undefined,
  writing: Writing,
): Promise<bigint | undefined> => {
  const name = streamNameOf(options);
  assertWritable(name);
  if (isMetastream(name)) throw accessDenied();
  const expected = expectedOf(options as NonNullable<typeof options>);
  const result = await (kind === 'delete' ? writing.delete(name, expected) : writing.tombstone(name, expected));
  if (result.kind === 'stream-deleted') throw streamDeleted(name);
  if (result.kind === 'wrong-expected-version') throw wrongExpectedVersion(name, expectedNumber(expected), result.current);
  return result.position;
};

const answered = <Response>(respond: sendUnaryData<Response>, answer: Promise<Response>) =>
  answer.then(
    (response) => respond(null, response),
    (error: unknown) => respond(error instanceof RpcError ? error : handlerFailed()),
  );

export const deleteStream =
  (writing: Writing, access: Access): handleUnaryCall<streamsPb.DeleteReq, streamsPb.DeleteResp> =>
  (call, respond) =>
    void answered(
      respond,
      (async () => {
        access.authorize(call.metadata);
        const position = await deletion('delete', call.request.getOptions(), writing);
        const response = new streams.DeleteResp();
        const at = new streams.DeleteResp.Position();
        at.setCommitPosition(String(position));
        at.setPreparePosition(String(position));
        response.setPosition(at);
        return response;
      })(),
    );

export const tombstoneStream =
  (writing: Writing, access: Access): handleUnaryCall<streamsPb.TombstoneReq, streamsPb.TombstoneResp> =>
  (call, respond) =>
    void answered(
      respond,
      (async () => {
        access.authorize(call.metadata);
        const position = await deletion('tombstone', call.request.getOptions(), writing);
        const response = new streams.TombstoneResp();
        const at = new streams.TombstoneResp.Position();
        at.setCommitPosition(String(position));
        at.setPreparePosition(String(position));
        response.setPosition(at);
        return response;
      })(),
    );
